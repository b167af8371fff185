import Testing

@testable import TokenVault

/// Headers in which one byte is another.
@Suite struct HeaderMendingTests {
  private func header() throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    _ = try Vault.create(directory.configuration())
    let bytes = try directory.bytes("tokens.vault")
    return Array(bytes[..<(try VaultHeader.decode(bytes.span).size)])
  }

  private func decode(_ bytes: [UInt8]) throws -> [UInt8] {
    try VaultHeader.decode(damaged: bytes.span).bytes
  }

  @Test func everyByteOfAHeaderCanBeAnotherAndIsFound() throws {
    let header = try header()
    let places =
      isFullTest ? Array(header.indices) : Array(stride(from: 0, to: header.count, by: 149))
    for place in places + Array(header.count - 70..<header.count) {
      var changed = header
      changed[place] ^= 0x41
      let found = try decode(changed + [1, 2, 3])
      #expect(found == header, "byte \(place)")
    }
  }

  @Test func moreThanOneIsNotGuessed() throws {
    let header = try header()
    for (one, other) in [
      (0, 30), (40, 41), (20, header.count - 20), (header.count - 9, header.count - 5),
    ] {
      var changed = header
      changed[one] ^= 0x01
      changed[other] ^= 0x02
      #expect(throws: FormatError.self) { try decode(changed) }
    }
    #expect(throws: FormatError.self) { try decode([]) }
    #expect(throws: FormatError.self) {
      try decode([UInt8](repeating: 0x61, count: 10_000))
    }
  }
}
