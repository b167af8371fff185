import Foundation
import Testing

@testable import TokenVault

/// Errors of this process or machine while a key is read, which say nothing of the key.
@Suite struct KeyReadingFailureTests {
  let directory: TemporaryDirectory
  static let machine = [EMFILE, ENFILE, ENOMEM, EIO, EAGAIN, ENOSPC]

  init() throws {
    directory = try TemporaryDirectory()
    let vault = try Vault.create(directory.configuration())
    try vault.save(token(#"{"user_name":"a","access_token":"1"}"#))
  }

  private func open(_ disk: any Disk, _ source: KeySource? = nil) throws -> Vault {
    var configuration = directory.configuration(on: disk)
    if let source { configuration.key = source }
    return try Vault(configuration)
  }

  @Test(arguments: machine)
  func atEveryCallTheyComeOutAsTheyAreAndNotAsAKeyThatIsMissing(_ reason: Int32) throws {
    let probe = CuttingDisk()
    _ = try open(probe)
    #expect(probe.calls.contains("open readingThroughLinks"))
    for call in 1...probe.calls.count {
      do {
        _ = try open(CuttingDisk(cutAt: call, .fail(errno: reason)))
      } catch TokenVaultError.keyUnavailable(_, let attempts, _) {
        Issue.record("\(probe.calls[call - 1]): \(attempts)")
      } catch {}
    }
    let disk = CuttingDisk { $0 == "open readingThroughLinks" ? reason : nil }
    let error = #expect(throws: TokenVaultError.self) { try open(disk) }
    guard case .system(call: "open", _, errno: reason, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [ENOENT, EACCES, EPERM, ENOTDIR, ELOOP, EISDIR, ENXIO, ENAMETOOLONG])
  func whatIsWrongWithTheKeysPlaceIsStillAKeyThatCannotBeHad(_ reason: Int32) throws {
    let disk = CuttingDisk { $0 == "open readingThroughLinks" ? reason : nil }
    let error = #expect(throws: TokenVaultError.self) { try open(disk) }
    guard case .keyUnavailable = error else {
      if case .notAFile = error { return }
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: machine)
  func aDescriptorThatCannotBeReadIsNoWrongKey(_ reason: Int32) throws {
    let disk = CuttingDisk { $0 == "read" ? reason : nil }
    for source in [KeySource.descriptor(0), .passphraseDescriptor(0), .recoveryCodeDescriptor(0)] {
      let error = #expect(throws: TokenVaultError.self) { try open(disk, source) }
      if case .keyUnavailable = error { Issue.record("\(source): \(String(describing: error))") }
    }
  }
}
