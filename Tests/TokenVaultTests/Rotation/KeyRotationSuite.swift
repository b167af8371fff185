import Foundation

@testable import TokenVault
@testable import VaultCrypto

/// What becomes of the key of a rotation.
enum RotationWay: CaseIterable, Sendable { case inPlace, keepKey, newFile }

/// Tests of a vault of three records, whose keys are rotated.
protocol KeyRotationSuite {
  var directory: TemporaryDirectory { get }
}

extension KeyRotationSuite {
  var configuration: VaultConfiguration {
    var configuration = directory.configuration()
    configuration.passphraseCost = Scrypt.Cost(exponent: 15) ?? .standard
    return configuration
  }

  @discardableResult
  func makeVault(
    _ format: RecordFormat = .json, recovery: RecoveryCode? = nil
  ) throws -> Vault {
    let vault = try Vault.create(configuration, format: format, recovery: recovery)
    for user in ["a", "b", "c"] {
      try vault.save(token(#"{"user_name":"\#(user)","access_token":"1","note":"x\"\n,y"}"#))
    }
    return vault
  }

  /// A large vault with three records, and entries behind its snapshot: the last one has the third record.
  func makeLoggedVault() throws {
    let vault = try Vault.create(configuration)
    let long = String(repeating: "x", count: 35_000)
    try vault.save(["a", "b"].map { try smallToken($0, long) })
    for user in ["a", "c"] { try vault.save(smallToken(user)) }
  }

  func opening(_ source: KeySource) -> VaultConfiguration {
    var configuration = configuration
    configuration.key = source
    return configuration
  }

  /// The vault at this path, with the same key.
  func named(_ name: String) -> VaultConfiguration {
    var configuration = configuration
    configuration.path = directory.file(name)
    return configuration
  }

  func keepKey() -> RotationOptions {
    var rotation = RotationOptions()
    rotation.keepsKey = true
    return rotation
  }

  func rotation(_ way: RotationWay) -> RotationOptions {
    var rotation = RotationOptions()
    rotation.keepsKey = way == .keepKey
    if way == .newFile { rotation.newKeyFile = directory.file("new.key") }
    return rotation
  }

  /// The configurations one of which must open the vault after a rotation that came to no end.
  func openings(_ way: RotationWay) -> [VaultConfiguration] {
    way == .newFile
      ? [configuration, opening(.file(directory.file("new.key")))] : [configuration]
  }

  func restore(_ files: [String: [UInt8]]) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
      try FileManager.default.removeItem(atPath: directory.file(name))
    }
    for (name, bytes) in files {
      let parent = URL(filePath: directory.file(name)).deletingLastPathComponent().path
      try FileManager.default.createDirectory(
        atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try directory.write(bytes, to: name)
    }
  }

  func files() throws -> [String: [UInt8]] {
    try Dictionary(
      uniqueKeysWithValues: DiskTree(readingFrom: directory.path).files.map { file in
        (String(file.names[0].dropFirst(directory.path.count + 1)), file.bytes)
      })
  }

  func calls(_ way: RotationWay) throws -> [String] {
    let disk = CuttingDisk()
    var configuration = configuration
    configuration.disk = disk
    try Vault.rotate(configuration, rotation(way))
    return disk.calls
  }
}
