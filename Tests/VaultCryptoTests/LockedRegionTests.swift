import Foundation
import Testing

@testable import VaultCrypto

@Suite struct LockedRegionTests {
  @Test(.enabled(if: !AddressSanitizer.isRunning, "it makes mlock do nothing"))
  func aKeyIsInLockedMemoryThatIsInNoCoreDump() throws {
    let key = try SymmetricKey.random()
    let flags = try MappingFlags(around: key.bytes.address)
    #expect(flags.isLocked && flags.isNotDumped)
  }

  @Test(.enabled(if: !AddressSanitizer.isRunning, "it makes mlock do nothing"))
  func aForkedChildLocksItsKeysAgain() async {
    await #expect(processExitsWith: .success) {
      let key = try SymmetricKey.random()
      let bytes = key.withSpan { $0.array }
      let child = fork()
      if child == 0 {
        let isLocked = try MappingFlags(around: key.bytes.address).isLocked
        _exit(isLocked && key.withSpan { $0.array } == bytes ? 0 : 1)
      }
      var status: Int32 = -1
      try unsafe #require(waitpid(child, &status, 0) == child)
      #expect(status == 0)
    }
  }

  @Test func whereNothingMayBeLockedKeysAreMadeAllTheSame() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 0, rlim_max: 0)  // Of RLIMIT_MEMLOCK, which is 8.
      try unsafe #require(setrlimit(__rlimit_resource_t(8), &limit) == 0)
      // The superuser is under no limit.
      if geteuid() == 0 { try #require(setuid(65534) == 0) }
      let keys = try (0..<200).map { _ in try SymmetricKey.random() }
      #expect(Set(keys.map { $0.withSpan { $0.array } }).count == 200)
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      #expect(status.contains(/VmLck:\s+0 kB/))
    }
  }

  @Test func manyKeysShareFewPagesAndNoneShareMemory() async {
    await #expect(processExitsWith: .success) {
      var keys = try (0..<1000).map { try SecretBytes(repeating: UInt8(truncatingIfNeeded: $0)) }
      #expect(Set(keys.map { $0.address / 4096 }).count <= 1000 / 32 + 2)
      for (number, key) in keys.enumerated() {
        let expected = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32)
        #expect(key.withSpan { $0.array } == expected)
      }
      let addresses = Set(keys.map(\.address))
      keys = []
      let others = try (0..<1000).map { _ in try SymmetricKey.random() }
      #expect(addresses.isSuperset(of: others.map(\.bytes.address)), "memory is used again")
    }
  }

  @Test func aKeyThatIsLetGoIsOverwritten() async {
    await #expect(processExitsWith: .success) {
      var key: SecretBytes? = try SecretBytes(repeating: 7)
      let address = try #require(key?.address)
      let memory = try unsafe #require(UnsafePointer<UInt8>(bitPattern: address))
      let before = unsafe Array(UnsafeBufferPointer(start: memory, count: 32))
      key = nil
      let after = unsafe Array(UnsafeBufferPointer(start: memory, count: 32))
      #expect(before == [UInt8](repeating: 7, count: 32))
      #expect(after == [UInt8](repeating: 0, count: 32))
    }
  }

  @Test func threadsNeverGetTheSameSlot() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in UInt8(1)...8 {
        group.addTask {
          for _ in 0..<500 {
            let keys = try (0..<20).map { _ in try SecretBytes(repeating: thread) }
            for key in keys {
              try #require(key.withSpan { $0.array } == [UInt8](repeating: thread, count: 32))
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

extension SecretBytes {
  fileprivate convenience init(repeating byte: UInt8) throws(CryptoError) {
    try self.init(copying: [UInt8](repeating: byte, count: 32).span)
  }

  fileprivate var address: Int {
    withSpan { span in unsafe span.withUnsafeBytes { Int(bitPattern: $0.baseAddress) } }
  }
}

/// What the kernel says of the memory around an address (proc_pid_smaps(5)).
private struct MappingFlags {
  let isLocked: Bool
  let isNotDumped: Bool

  init(around address: Int) throws {
    // Such a file has no size: it is read to its end.
    let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
    let maps = try String(decoding: file.readToEnd() ?? Data(), as: UTF8.self)
    var isHere = false
    for line in maps.split(separator: "\n") {
      let ends = line.prefix { $0 != " " }.split(separator: "-").map { Int($0, radix: 16) }
      if ends.count == 2, let start = ends[0], let end = ends[1] {
        isHere = (start..<end).contains(address)
      } else if isHere, line.hasPrefix("VmFlags:") {
        let flags = line.split(separator: " ")
        (isLocked, isNotDumped) = (flags.contains("lo"), flags.contains("dd"))
        return
      }
    }
    throw CryptoError.outOfMemory(bytes: 0)
  }
}
