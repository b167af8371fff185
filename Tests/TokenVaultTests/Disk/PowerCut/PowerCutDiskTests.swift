import Testing

@testable import TokenVault

/// That a power cut on this disk takes away what nobody has synchronized.
@Suite struct PowerCutDiskTests {
  private static let nothing = PowerCut(data: .none, names: .none, seed: 0)
  private let directory: TemporaryDirectory
  private let disk: PowerCutDisk

  init() throws {
    directory = try TemporaryDirectory()
    try directory.write([1], to: "old")
    disk = try PowerCutDisk(directory)
  }

  private func synchronizeDirectory() throws {
    try PrivateFile(disk: disk).synchronizeDirectory(directory.path)
  }

  /// What the cut at the end leaves: the bytes by the file's name.
  private func left(_ cut: PowerCut) throws -> [String: [UInt8]] {
    let moment = try #require(disk.end().last)
    return Dictionary(
      uniqueKeysWithValues: moment.image.tree(after: cut).files.flatMap { file in
        file.names.map { (String($0.dropFirst(directory.path.count + 1)), file.bytes) }
      })
  }

  @Test func aNameSurvivesBySynchronizingItsDirectoryAndContentBySynchronizingTheFile() throws {
    let file = try PrivateFile(disk: disk).create(directory.file("new"), [1, 2].span)
    #expect(try left(Self.nothing) == ["old": [1]])
    withExtendedLifetime(file) {}
  }

  @Test func aFileThatWasRenamedBeforeItWasSynchronizedIsEmpty() throws {
    let file = try OpenFile(disk, directory.file("new"), .creating)
    try disk.write(file.descriptor, [1, 2].span)
    try disk.rename(directory.file("new"), to: directory.file("old"))
    try synchronizeDirectory()
    #expect(try left(Self.nothing) == ["old": []])
  }

  @Test func whatWasSynchronizedSurvivesAndWhatWasRemovedIsGone() throws {
    let file = try PrivateFile(disk: disk).create(directory.file("new"), [1, 2].span)
    try disk.remove(directory.file("old"))
    try synchronizeDirectory()
    try disk.write(file.descriptor, [3].span)
    #expect(try left(Self.nothing) == ["new": [1, 2]])
  }

  @Test func whereADirectoryIsNotOnTheDiskWhatIsInItIsNotEither() throws {
    try disk.makeDirectory(directory.file("a"))
    try PrivateFile(disk: disk).create(directory.file("a/new"), [1].span)
    try PrivateFile(disk: disk).synchronizeDirectory(directory.file("a"))
    #expect(try left(Self.nothing) == ["old": [1]])
  }

  @Test func anySectorsOfAnAppendMaySurviveAndTheOthersAreZeros() {
    var log = SectorLog(durable: [UInt8](repeating: 1, count: 1000))
    log.write([UInt8](repeating: 2, count: 600), at: 1000)
    var generator = SeededGenerator(state: 1)
    var seen: Set<[Int]> = []
    for _ in 0..<200 {
      let bytes = log.bytes(after: .some, &generator)
      if bytes.count == 1000 { continue }
      #expect(bytes.count == 1600 && bytes.prefix(1000).allSatisfy { $0 == 1 })
      let sectors = [1000..<1024, 1024..<1536, 1536..<1600].map { Set(bytes[$0]) }
      #expect(sectors.allSatisfy { $0.count == 1 })
      seen.insert(sectors.map { Int($0.first ?? 9) })
    }
    #expect(seen.count == 8, "every subset of three sectors")
    log.synchronize()
    #expect(log.bytes(after: .none, &generator) == log.current)
  }

  @Test func whatAFailedFlushHasDroppedIsOnTheDiskByNoLaterFlush() {
    var log = SectorLog()
    var generator = SeededGenerator(state: 1)
    log.write([1, 2], at: 0)
    log.failToSynchronize()
    log.synchronize()
    #expect(log.bytes(after: .none, &generator) == [0, 0])
    log.write([3], at: 1)
    log.synchronize()
    #expect(log.bytes(after: .none, &generator) == [1, 3])
  }
}
