import Foundation
import Testing

@testable import TokenVault

/// Files of plain text, which get their name when they are whole.
@Suite struct PlaintextFileTests {
  private static let tokens = (1...3000).compactMap { try? smallToken("\($0)") }

  private func export(_ directory: TemporaryDirectory, _ disk: any Disk) throws {
    try PlaintextFile.create(
      directory.file("export.json"), Self.tokens, as: .records(.json), on: disk)
  }

  private func count(_ directory: TemporaryDirectory) throws -> Int {
    try directory.bytes("export.json").count { $0 == 10 }
  }

  /// Disks with and without files that have no name.
  @Test(arguments: [true, false])
  func aKillAtAnyCallLeavesTheWholeFileOrNoneUnderItsName(_ unnamed: Bool) throws {
    let refused: Set<String> = unnamed ? [] : ["open creatingUnnamed"]
    let probe = CuttingDisk(refusing: refused, EOPNOTSUPP)
    try export(TemporaryDirectory(), probe)
    #expect(probe.calls.count { $0 == "write" } == 4, "in pieces")
    for call in 1...probe.calls.count {
      let directory = try TemporaryDirectory()
      let disk = CuttingDisk(cutAt: call, refusing: refused, EOPNOTSUPP)
      #expect(throws: TokenVaultError.self) { try export(directory, disk) }
      let names = try directory.names
      let place: Comment = "killed before call \(call), \(probe.calls[call - 1])"
      if names.contains("export.json") {
        #expect(try count(directory) == 3000, place)
      } else {
        #expect(names.isEmpty || !unnamed && names.count == 1, place)
        try export(directory, LinuxDisk())
      }
    }
  }

  @Test(arguments: [true, false])
  func anErrorAtAnyCallLeavesNothing(_ unnamed: Bool) throws {
    let refused: Set<String> = unnamed ? [] : ["open creatingUnnamed"]
    let probe = CuttingDisk(refusing: refused, EOPNOTSUPP)
    try export(TemporaryDirectory(), probe)
    for call in 1...probe.calls.count {
      for errno in [ENOSPC, EIO, EACCES] {
        let directory = try TemporaryDirectory()
        // A sandbox that closes /proc: then the file is made under a second name.
        if probe.calls[call - 1] == "linkat", errno == EACCES { continue }
        let disk = CuttingDisk(cutAt: call, .fail(errno: errno), refusing: refused, EOPNOTSUPP)
        #expect(throws: TokenVaultError.self) { try export(directory, disk) }
        #expect(try directory.names.isEmpty, "error \(errno) at call \(call)")
      }
    }
  }

  @Test(arguments: [true, false])
  func whatIsThereIsNeverReplacedAlsoWhereItComesMeanwhile(_ unnamed: Bool) throws {
    let directory = try TemporaryDirectory()
    let last = unnamed ? "linkat" : "link"
    let disk = CuttingDisk { call in
      if call == "open creatingUnnamed", !unnamed { return EOPNOTSUPP }
      if call == last { try? directory.write([1], to: "export.json") }
      return nil
    }
    #expect(throws: TokenVaultError.alreadyExists(path: directory.file("export.json"))) {
      try export(directory, disk)
    }
    #expect(try directory.names == ["export.json"])
    #expect(try directory.bytes("export.json") == [1])
  }

  @Test func aPowerCutAtAnyCallLeavesTheWholeFileOrNoneAndTheWholeOneOnceItIsMade() throws {
    let directory = try TemporaryDirectory()
    let sweep = try PowerCutSweep(directory)
    try export(directory, sweep.disk)
    sweep.disk.promise("exported")
    for left in sweep.cuts() {
      left.afterRestoring {
        if left.promised.isEmpty, try directory.names.isEmpty { return }
        #expect(try count(directory) == 3000, left.place)
      }
    }
  }
}
