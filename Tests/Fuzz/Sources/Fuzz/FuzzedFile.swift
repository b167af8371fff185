import Glibc

@testable import TokenRecords
@testable import TokenVault

/// The vault's file in the working directory.
enum FuzzedFile {
  static let name = "fuzzed-vault"
  static let vault = sound { try VaultFile(path: name, disk: LinuxDisk()) }
  /// Where seeds are made.
  static let seed = sound { try VaultFile(path: "seed-vault", disk: LinuxDisk()) }
  private static let descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)

  static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let offset = off_t(bytes.count - rest.count)
      let count = rest.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, offset) }
      require(count > 0, "the file can be written")
      rest = rest.dropFirst(count)
    }
    require(ftruncate(descriptor, off_t(bytes.count)) == 0, "the file can be cut")
  }

  static func readSeed() throws -> [UInt8] { try seed.readStart(.max).bytes }
}
