@testable import TokenRecords
@testable import TokenVault

/// Logs that writers have written until the power failed: each acknowledged entry is there, in order, and nothing but an
/// attack or a broken disk asks for a repair.
struct LogTarget {
  static let seeds: [[UInt8]] = [
    [0, 0, 1, 5, 0, 2, 9, 4, 0, 3, 7, 0, 4, 8, 6, 1, 2, 3, 4, 5],
    [1] + manyEntries + [6, 255, 170, 1, 2, 3],
  ]
  private static var manyEntries: [UInt8] {
    (0..<60).flatMap { number -> [UInt8] in [number % 3 == 0 ? 4 : 0, number, 200] }
  }

  private let vaults: [SeedVault]

  init() {
    let long = (1...5).map { SeedRecords.record($0, "u\($0)", more: 13_500) }
    vaults = RecordFormat.allCases.map { SeedVault(long, $0) }
  }

  func check(_ input: [UInt8]) {
    var choices = Choices(input)
    var run = LogRun(choices.element(ofByte: vaults))
    for _ in 0..<64 where !choices.isEmpty {
      guard run.step(&choices) else { return }
    }
    _ = run.cutPower(&choices)
  }
}

/// One log, what is on the disk of it, and what was acknowledged.
private struct LogRun {
  private static let sectorSize = 512
  private var vault: SeedVault
  private var durable: [UInt8]
  /// The versions of sectors that a power cut may leave, since the last flush.
  private var pending: [Int: [[UInt8]]] = [:]
  /// The number of entries whose writers have returned.
  private var acknowledged: UInt64 = 0
  /// Whether the last extent is not flushed.
  private var isExtentPending: Bool { durable.count < vault.bytes.count }
  /// What the host remembers of them, if it does.
  private var remembered: SeenGeneration?

  init(_ vault: SeedVault) { (self.vault, durable) = (vault, vault.bytes) }

  /// One action.
  ///
  /// - Returns: False if the next writer would replace the file.
  mutating func step(_ choices: inout Choices) -> Bool {
    switch choices.byte() % 8 {
    case 0...3:
      // No entry is written in an extent that is not flushed.
      if isExtentPending { flush(remembers: false, knows: true) }
      append(&choices)
    case 4: flush(remembers: false, knows: true)
    case 5: flush(remembers: true, knows: true)
    // Another process flushes, and this one does not hear of it.
    case 6: flush(remembers: choices.byte() % 2 == 0, knows: false)
    default: return cutPower(&choices)
    }
    return true
  }

  private mutating func append(_ choices: inout Choices) {
    let (record, size) = (Int(choices.byte()), 5 * Int(choices.byte()))
    if vault.needsExtent(size: size) {
      flush(remembers: false, knows: true)
      note(vault.beginExtent())
      // The power may fail before the extent is there.
      if choices.byte() % 4 > 0 { flush(remembers: false, knows: true) } else { return }
    }
    note(vault.append(changing: record, size: size))
  }

  private mutating func note(_ write: SeedVault.Write) {
    let end = write.offset + write.bytes.count
    for sector in write.offset / Self.sectorSize...(end - 1) / Self.sectorSize {
      pending[sector, default: []].append(Self.sector(sector, of: vault.bytes))
    }
  }

  private mutating func flush(remembers: Bool, knows: Bool) {
    (durable, pending, acknowledged) = (vault.bytes, [:], vault.log.chain.count)
    if knows { vault.flush() }
    if remembers { remembered = vault.parts.header.generation(at: vault.log) }
  }

  /// Leaves any of the versions of each sector, and reads what is left.
  mutating func cutPower(_ choices: inout Choices) -> Bool {
    var bytes = durable
    bytes += [UInt8](repeating: 0, count: max(0, vault.bytes.count - durable.count))
    for (sector, versions) in pending.sorted(by: { $0.key < $1.key }) {
      let choice = Int(choices.byte()) % (versions.count + 1)
      if choice > 0 { Self.put(versions[choice - 1], at: sector, in: &bytes) }
    }
    // The size that the file had at the last flush, or has now.
    if choices.byte() % 2 == 0 {
      bytes.removeLast(bytes.count - max(durable.count, Self.used(bytes)))
    }
    FuzzedFile.write(bytes)
    let way = ReadingCheck.Way(chosenBy: choices.byte())
    guard let log = ReadingCheck(vault).run(way, seen: remembered) else {
      require(false, "a power cut asks for no repair")
      return false
    }
    require(log.chain.count >= acknowledged, "an acknowledged entry is there")
    return goOn(log, bytes)
  }

  /// Another process appends, if what it has read says that it may.
  private mutating func goOn(_ log: LogPosition, _ bytes: [UInt8]) -> Bool {
    guard log.isClean else { return false }
    require(
      bytes.dropFirst(Int(log.end)).allSatisfy { $0 == 0 }, "only zeros are behind a clean log")
    (durable, pending) = (bytes, [:])
    vault.goOn(at: log, bytes)
    return true
  }

  private static func used(_ bytes: [UInt8]) -> Int { (bytes.lastIndex { $0 != 0 } ?? -1) + 1 }

  private static func sector(_ sector: Int, of bytes: [UInt8]) -> [UInt8] {
    let piece = bytes.dropFirst(sector * sectorSize).prefix(sectorSize)
    return piece + [UInt8](repeating: 0, count: sectorSize - piece.count)
  }

  private static func put(_ content: [UInt8], at sector: Int, in bytes: inout [UInt8]) {
    let start = sector * sectorSize
    for (index, byte) in zip(start..<bytes.count, content) { bytes[index] = byte }
  }
}
