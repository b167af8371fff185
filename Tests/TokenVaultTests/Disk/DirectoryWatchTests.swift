import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// Watches of one process, which share one inotify instance; each test has a process of its own.
@Suite struct DirectoryWatchTests {
  /// Directories below this one with these names, and in each the files of these names.
  static func watches(
    below path: String, directories: Int, files: Int
  ) throws -> [(path: String, watch: DirectoryWatch)] {
    try (0..<directories).flatMap { directory in
      let place = "\(path)/\(directory)"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
      return try (0..<files).map { file in
        let path = "\(place)/\(file)"
        return (path, try DirectoryWatch(VaultFile(path: path, disk: LinuxDisk())))
      }
    }
  }

  static func touch(_ path: String) throws { try Data([1]).write(to: URL(filePath: path)) }

  /// How many descriptors of this process are of a kind.
  static func descriptors(_ kind: String) throws -> Int {
    let directory = "/proc/self/fd"
    return try FileManager.default.contentsOfDirectory(atPath: directory).filter { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "\(directory)/\(name)")
      return target?.contains(kind) == true
    }.count
  }

  static func require(_ condition: Bool, line: Int = #line) {
    if condition { return }
    print("line \(line)")
    exit(EXIT_FAILURE)
  }

  @Test func hundredsOfWatchesShareOneInstanceWhichGoesWithTheLast() async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      var watches = try DirectoryWatchTests.watches(below: path, directories: 3, files: 100)
      let count = { try DirectoryWatchTests.descriptors("inotify") }
      DirectoryWatchTests.require(try count() == 1)
      DirectoryWatchTests.require(try DirectoryWatchTests.descriptors("eventfd") <= 2)
      for (path, watch) in watches.shuffled() {
        try DirectoryWatchTests.touch(path)
        DirectoryWatchTests.require(try watch.wait() == .touched)
      }
      // A directory is watched as long as one file in it is.
      let last = watches[250]
      watches = []
      try DirectoryWatchTests.touch(last.path)
      DirectoryWatchTests.require(try last.watch.wait() == .touched)
      DirectoryWatchTests.require(try count() == 1)
      last.watch.cancel()
      DirectoryWatchTests.require(try last.watch.wait() == .cancelled)
      DirectoryWatchTests.require(try last.watch.wait() == .cancelled)
    }
  }

  @Test func theEndOfTheLastWatchClosesTheInstanceAndTheNextOneMakesAnother() async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      for round in 0..<3 {
        let place = "\(path)/round-\(round)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        var watches = try DirectoryWatchTests.watches(below: place, directories: 2, files: 2)
        try DirectoryWatchTests.touch(watches[0].path)
        DirectoryWatchTests.require(try watches[0].watch.wait() == .touched)
        watches = []
        DirectoryWatchTests.require(try DirectoryWatchTests.descriptors("inotify") == 0)
      }
    }
  }

  /// Whoever leads is cancelled, over and over; those that are left are told what concerns them.
  @Test func threadsThatWaitAreToldWhatConcernsThemWhoeverGoes() async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      let watches = try DirectoryWatchTests.watches(below: path, directories: 2, files: 12)
      let told = (0..<watches.count).map { _ in DispatchSemaphore(value: 0) }
      let outcomes = Mutex([Int: [DirectoryWatch.Outcome]]())
      for (index, entry) in watches.enumerated() {
        let (watch, semaphore) = (entry.watch, told[index])
        Thread.detachNewThread {
          while true {
            guard let outcome = try? watch.wait() else { exit(EXIT_FAILURE) }
            outcomes.withLock { $0[index, default: []].append(outcome) }
            semaphore.signal()
            if outcome == .cancelled { return }
          }
        }
      }
      for index in watches.indices.shuffled() {
        for other in watches.indices.shuffled().prefix(5) where other != index {
          if outcomes.withLock({ $0[other]?.last == .cancelled }) { continue }
          try DirectoryWatchTests.touch(watches[other].path)
          told[other].wait()
        }
        watches[index].watch.cancel()
        while outcomes.withLock({ $0[index]?.last != .cancelled }) { told[index].wait() }
      }
    }
  }

  @Test func aChildOfAForkTakesNoEventOfItsParent() async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      let file = try VaultFile(path: "\(path)/file", disk: LinuxDisk())
      let watch = try DirectoryWatch(file)
      let child = fork()
      if child == 0 { _exit(DirectoryWatchTests.child(of: watch, file) ? 0 : 1) }
      var status: Int32 = 0
      unsafe waitpid(child, &status, 0)
      DirectoryWatchTests.require(status == 0)
      // What the child has written, and what comes after its end.
      DirectoryWatchTests.require(try watch.wait() == .touched)
      try DirectoryWatchTests.touch(file.location.path)
      DirectoryWatchTests.require(try watch.wait() == .touched)
      DirectoryWatchTests.require(try DirectoryWatchTests.descriptors("inotify") == 1)
    }
  }

  /// Goes on in a child; false where it is not as it should be.
  private static func child(of inherited: DirectoryWatch, _ file: VaultFile) -> Bool {
    do {
      guard try inherited.wait() == .lost else { return false }
      inherited.cancel()
      let own = try DirectoryWatch(file)
      try touch(file.location.path)
      return try own.wait() == .touched
    } catch {
      return false
    }
  }
}
