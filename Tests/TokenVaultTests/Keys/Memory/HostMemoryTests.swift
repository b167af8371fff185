import Foundation
import Synchronization
import Testing

@testable import TokenVault

@Suite struct HostMemoryTests {
  let directory: TemporaryDirectory
  let store: StoreID

  init() throws {
    directory = try TemporaryDirectory()
    store = try .random()
  }

  private func memory(
    _ path: String = "vault", _ disk: any Disk = LinuxDisk(),
    warn: @escaping HostMemory.Warning = { _, _ in }
  ) throws -> HostMemory {
    let location = try VaultLocation(resolving: directory.file(path), disk: LinuxDisk())
    return HostMemory(of: location, directory.locations(), disk, warn: warn)
  }

  private func generation(_ number: UInt64, _ tag: UInt8 = 7) -> SeenGeneration {
    SeenGeneration(number, tag: [UInt8](repeating: tag, count: 24))
  }

  private var record: String { "state/tokenvault/vaults/\(store.text).seen" }
  private var slotFile: String { "state/tokenvault/vaults/\(store.text).slots" }

  private func setMode(_ mode: Int, of name: String) throws {
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: directory.file(name))
  }

  private func mode(of name: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: directory.file(name))
    return attributes[.posixPermissions] as? Int
  }

  // MARK: Generations

  @Test func itRemembersTheHighestAndGoesDownOnlyWhenTold() throws {
    let (first, second) = (try memory(), try memory("elsewhere/vault"))
    #expect(try first.seen(store) == nil)
    first.remember(generation(7), of: store)
    #expect(try second.seen(store) == generation(7), "wherever the vault lies")
    second.remember(generation(9, 9), of: store)
    first.remember(generation(8), of: store)
    #expect(try first.seen(store) == generation(9, 9), "an older writer never lowers it")
    first.remember(generation(9, 1), of: store)
    #expect(try first.seen(store) == generation(9, 9))
    first.reset(to: generation(3), of: store)
    #expect(try second.seen(store) == generation(3))
    #expect(try first.seen(.random()) == nil)
  }

  @Test func aRecordThatAnotherProcessWritesWhileThisOneMakesItStays() throws {
    let other = try memory()
    let (higher, store) = (generation(7), store)
    let isFirst = Mutex(true)
    let disk = CuttingDisk { call in
      guard call == "memory lock", isFirst.withLock({ exchange(&$0, with: false) }) else {
        return nil
      }
      other.remember(higher, of: store)
      return EACCES
    }
    try memory("vault", disk).remember(generation(5), of: store)
    #expect(try memory().seen(store) == higher)
  }

  @Test func aRecordIs64BytesWrittenInPlaceWithoutAFlush() throws {
    let disk = CuttingDisk()
    let memory = try memory("vault", disk)
    memory.remember(generation(1), of: store)
    let (inode, before) = (try status(record)?.inode, disk.calls.count)
    memory.remember(generation(1_000_000_000_000_000), of: store)
    #expect(try status(record)?.inode == inode)
    #expect(try directory.bytes(record).count == 64)
    #expect(
      Array(disk.calls[before...]) == [
        "memory lock", "memory statx", "memory pread", "memory pwrite",
      ])
  }

  private func status(_ name: String) throws -> FileStatus? {
    try LinuxDisk().status(of: directory.file(name))
  }

  @Test func whatIsHalfWrittenOrAnotherStoresCountsAsNone() throws {
    let memory = try memory()
    memory.remember(generation(0x0909_0909_0909), of: store)
    let old = try directory.bytes(record)
    memory.reset(to: generation(0x1010_1010_1010, 3), of: store)
    let new = try directory.bytes(record)
    for cut in 0...new.count {
      try directory.write(Array(new[..<cut] + old[cut...]), to: record)
      let read = try memory.seen(store)
      #expect(read == nil || read?.number == 0x0909_0909_0909 || read?.number == 0x1010_1010_1010)
      try directory.write(Array(new[..<cut]), to: record)
      #expect(try memory.seen(store)?.number == (cut == new.count ? 0x1010_1010_1010 : nil))
    }
    let other = try StoreID.random()
    try directory.write(new, to: "state/tokenvault/vaults/\(other.text).seen")
    #expect(try memory.seen(other) == nil)
    try directory.write([], to: record)
    memory.remember(generation(4), of: store)
    #expect(try memory.seen(store) == generation(4))
  }

  @Test func manyWritersAtOnceLeaveTheHighest() throws {
    let count = 8
    let memories = try (0..<count).map { _ in try memory() }
    DispatchQueue.concurrentPerform(iterations: count) { index in
      for step in 0..<200 {
        memories[index].remember(
          generation(UInt64(step * count + index + 1), UInt8(index + 1)), of: store)
      }
    }
    #expect(try memory().seen(store) == generation(UInt64(200 * count), UInt8(count)))
  }

  @Test func aRecordThatIsRemovedIsMadeAgain() throws {
    let memory = try memory()
    memory.remember(generation(5), of: store)
    try FileManager.default.removeItem(atPath: directory.file("state"))
    #expect(try memory.seen(store) == nil)
    #expect(!memory.isRemembering(store))
    memory.remember(generation(6), of: store)
    #expect(try self.memory().seen(store) == generation(6))
    #expect(memory.isRemembering(store))
  }

  @Test(arguments: [0o644, 0o666])
  func aNumberThatOthersCouldReachIsALowerBoundAndItsModeIsMended(_ mode: Int) throws {
    try memory().remember(generation(9), of: store)
    try setMode(mode, of: record)
    let inode = try status(record)?.inode
    let mended = Mutex<[VaultWarning]>([])
    let memory = try memory { path, othersCouldWrite in
      let warning = VaultWarning.unsafeMemory(path: path, othersCouldWrite: othersCouldWrite)
      mended.withLock { $0.append(warning) }
    }
    #expect(try memory.seen(store) == SeenGeneration(9, tag: nil))
    #expect(try self.mode(of: record) == 0o600)
    #expect(try status(record)?.inode != inode, "writes to the old one are in vain")
    #expect(
      mended.withLock { $0 } == [
        .unsafeMemory(path: directory.file(record), othersCouldWrite: mode == 0o666)
      ])
    memory.remember(generation(9), of: store)
    #expect(try memory.seen(store) == generation(9))
  }

  @Test func whereNoStateDirectoryCanBeWrittenNothingIsRememberedAndThatIsNoError() throws {
    try directory.write([], to: "state")
    let memory = try memory()
    memory.remember(generation(1), of: store)
    memory.rememberPath(of: store)
    #expect(try memory.seen(store) == nil)
    #expect(try memory.slots(store) == nil)
    #expect(try memory.storeAtPath() == nil)
    #expect(!memory.isRemembering(store))
  }

  // MARK: Paths

  @Test func aPathIsRememberedAsItWasNamedAndNotWhereItsLinkLeads() throws {
    let link = directory.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "one")
    try memory("link").rememberPath(of: store)
    #expect(try memory("one").storeAtPath() == nil)
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "two")
    #expect(try memory("link").storeAtPath() == store)
    #expect(try memory("./link").storeAtPath() == store, "in another spelling")
    #expect(try memory(".//././link").storeAtPath() == store)
  }

  @Test func aStoreAndSlotsThatOthersCouldWriteCountAsNone() throws {
    for (mode, isKept) in [(0o644, true), (0o620, false), (0o602, false)] {
      let memory = try memory()
      memory.rememberPath(of: store)
      let slots = SlotMemory(states: [
        .init(dataKeyID: try .random(), check: [UInt8](repeating: 1, count: 16), slots: [])
      ])
      memory.remember(slots, of: store)
      let path =
        "state/tokenvault/paths/"
        + (try #require(
          FileManager.default.contentsOfDirectory(atPath: directory.file("state/tokenvault/paths"))
            .first))
      for name in [path, slotFile] { try setMode(mode, of: name) }
      for _ in 1...2 {
        #expect(try memory.storeAtPath() == (isKept ? store : nil), "mode \(mode)")
        #expect(try memory.slots(store) == (isKept ? slots : nil), "mode \(mode)")
      }
      if isKept { #expect(try self.mode(of: path) == 0o600) }
    }
  }
}
