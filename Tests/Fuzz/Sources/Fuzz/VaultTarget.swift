@testable import TokenRecords
@testable import TokenVault

/// Changed bytes of whole vaults: small and large ones, with a log of several extents, in both formats.
struct VaultTarget {
  static let seeds: [[UInt8]] = (0..<4).flatMap { vault in
    [
      [vault], [vault, 2, 0, 0, 9, 0, 1, 7], [vault, 3, 4, 0, 13, 0xFF, 0xF0],
      // The chunks around one in the middle of the snapshot are damaged.
      [vault, 2, 7, 0, 0, 0, 0, 0xAA, 8, 7, 0, 0, 0, 0, 0xAB, 10],
    ] as [[UInt8]]
  }

  private let checks = RecordFormat.allCases.flatMap { format in
    [Self.large(format), SeedVault(SeedRecords.few, format)].map(ReadingCheck.init)
  }

  init() {
    for check in checks {
      FuzzedFile.write(check.vault.bytes)
      require(check.run(.all) != nil, "an unchanged vault is sound")
    }
  }

  /// Entries in some extents, all of which but the last are flushed.
  static func large(_ format: RecordFormat) -> SeedVault {
    var vault = SeedVault(SeedRecords.large, format)
    for number in 0..<14 {
      let size = number * 53 % 900
      vault.flush()
      if vault.needsExtent(size: size) { _ = vault.beginExtent() }
      _ = vault.append(changing: 43 + number % 5, size: size)
    }
    return vault
  }

  /// The first byte chooses a vault, the second one what is checked, and the others change the vault.
  func check(_ input: [UInt8]) {
    var choices = Choices(input)
    let check = choices.element(ofByte: checks)
    let way = choices.byte()
    var bytes = check.vault.bytes
    Edits.apply(&choices, to: &bytes, landmarks: check.vault.landmarks)
    FuzzedFile.write(bytes)
    let seen = way & 0x40 > 0 ? Self.seen(check.vault) : nil
    let log = check.run(ReadingCheck.Way(chosenBy: way), seen: seen, mends: way == 0xBF)
    guard let log, log.isLarge else { return }
    require(log.chain.count >= check.vault.flushed(in: bytes), "no flushed entry is passed over")
    if let seen, log.chain.count < check.vault.parts.header.entry(of: seen) {
      require(
        bytes.dropFirst(Int(log.end)).allSatisfy { $0 == 0 }, "no remembered entry is passed over")
    }
  }

  /// What a host remembers that has read all entries but the last.
  private static func seen(_ vault: SeedVault) -> SeenGeneration {
    let last = vault.parts.header.generation + vault.log.chain.count
    return SeenGeneration(last - 1, tag: vault.log.chain.version)
  }
}
