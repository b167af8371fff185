import Foundation
import Testing

@testable import TokenVault

@Suite struct KeyFileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A sandbox may hide `/proc`, through which an unnamed file gets its name, or close it: EACCES, or ENOTDIR where
  /// something else is there.
  @Test(arguments: [ENOENT, EACCES, EPERM, ENOTDIR])
  func aKeyIsMadeWhereProcIsHiddenOrClosed(_ reason: Int32) throws {
    let disk = CuttingDisk { $0 == "linkat" ? reason : nil }
    let file = try KeyFile(path: directory.file("key"), disk: disk)
    let key = try file.create()
    #expect(try KeyFile(path: directory.file("key"), disk: LinuxDisk()).read().id == key.id)
    #expect(try directory.names == ["key"])
  }
}
