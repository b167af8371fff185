@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Headers: the one text of each, and that of a header with one wrong byte.
struct HeaderTarget {
  static var seeds: [[UInt8]] {
    RecordFormat.allCases.map { format in
      let header = Keys.header(format, after: format == .csv)
      let bytes = sound { try header.encode() }
      return Array(bytes.dropLast(69))
    }
  }

  /// The lines that the input is, behind them the right digest and bytes that may be lengths; then the input itself.
  func check(_ input: [UInt8]) {
    let digest = Hexadecimal.encode(sound { try Digest.sha256(input.span) })
    let header = input + Array("end \(digest)\n".utf8)
    check(file: header + input.suffix(16))
    // It takes as long as a hundred other checks.
    if input.count % 64 == 0 { checkMending(header, input) }
    check(file: input)
  }

  private func check(file: [UInt8]) {
    if let (header, size) = try? VaultHeader.decode(file.span) {
      let encoded = sound { try header.encode() }
      require(encoded == Array(file[..<size]), "a header has one text")
    }
    if let parts = try? VaultContainer.parse(file.span, size: Int64(file.count)) {
      require(parts.indexEnd <= file.count, "the parts are in the file")
      let again = try? VaultContainer.parse(damaged: file.span, size: Int64(file.count))
      require(again?.header == parts.header, "a repair reads a sound header as it is")
    }
    if file.count % 64 == 0 {
      _ = try? VaultContainer.parse(damaged: file.span, size: Int64(file.count))
    }
  }

  /// One wrong byte: a repair finds the header that it was.
  private func checkMending(_ header: [UInt8], _ input: [UInt8]) {
    guard let sound = try? VaultHeader.decode(header.span).header, let last = input.last,
      let place = input.indices.randomElement(salt: Int(last)), header.count < 4096
    else { return }
    var damaged = header
    damaged[place] = damaged[place] ^ last & 0x7F
    guard let mended = try? VaultContainer.parse(damaged: damaged.span, size: 1 << 20) else {
      return
    }
    require(mended.header == sound, "a mended header is the one that was damaged")
  }
}

extension Range<Int> {
  fileprivate func randomElement(salt: Int) -> Int? {
    isEmpty ? nil : lowerBound + salt * 7919 % count
  }
}
