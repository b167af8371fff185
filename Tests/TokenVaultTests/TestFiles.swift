import Foundation

@testable import TokenVault

/// A directory that is removed when nobody holds it any more.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "tokenvault-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A path in the directory.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// A vault and a key in the directory.
  ///
  /// With time to wait for its lock: where another test starts a process, that has a copy of every open
  /// file, and so of the lock, until it runs its program.
  func configuration(_ name: String = "tokens.vault") -> VaultConfiguration {
    var configuration = VaultConfiguration(
      path: file(name), key: .file(file("\(name).key")), lockTimeout: .seconds(60))
    // Nor is the pool of tasks ours alone: a call waits for it while other tests block its threads.
    configuration.refreshTimeout = .seconds(36_000)
    // Not the home directory of whoever runs the tests.
    configuration.locations = locations()
    return configuration
  }

  /// The same on this disk.
  func configuration(on disk: any Disk) -> VaultConfiguration {
    var configuration = configuration()
    configuration.disk = disk
    return configuration
  }

  /// An environment whose state directory is `state` in this one, with these variables besides.
  func locations(_ variables: [String: String] = [:]) -> StandardLocations {
    let state = file("state")
    return StandardLocations { name in
      variables[name] ?? (name == "XDG_STATE_HOME" ? state : nil)
    }
  }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: file(name))))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file(name))
  }

  /// All but what is remembered of generations.
  var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter {
        !$0.hasSuffix(".generation") && $0 != "state"
      }
    }
  }

  /// Forgets the generations and slots that were seen here, and what is noted beside the keys.
  func forgetGenerations() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: path)
    where name.hasSuffix(".generation") {
      try FileManager.default.removeItem(atPath: file(name))
    }
    try? FileManager.default.removeItem(atPath: file("state/tokenvault/vaults"))
  }
}

extension VaultConfiguration {
  /// The vault and the key of a ``TemporaryDirectory``, for a process that has only its path. It remembers nothing.
  init(in directory: String) {
    self.init(
      path: "\(directory)/tokens.vault", key: .file("\(directory)/tokens.vault.key"),
      lockTimeout: .seconds(60))
    locations = StandardLocations { _ in nil }
  }
}

/// Whether every case is tried of what takes long, and not some of them.
let isFullTest = ProcessInfo.processInfo.environment["TOKENVAULT_TEST_FULL"] == "1"

/// The checkout's root.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

func fixture(_ name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: packageRoot.appending(path: "Fixtures/\(name)")))
}

/// A record as JSON says it.
func token(_ json: String) throws -> OAuthToken {
  try RecordFormat.json.decode(Array(json.utf8).span, now: moment(0))[0]
}

/// Runs code that uses the synchronous forms, in a closure that is async although nothing in it waits.
func synchronously<Result>(_ body: () throws -> Result) rethrows -> Result { try body() }

func moment(_ milliseconds: Int64) -> Timestamp {
  guard let moment = Timestamp(millisecondsSince1970: milliseconds) else {
    preconditionFailure("beyond the year 9999")
  }
  return moment
}

extension [UInt8] {
  var text: String { String(decoding: self, as: UTF8.self) }
}
