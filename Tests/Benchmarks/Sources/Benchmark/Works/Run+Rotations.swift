import Glibc
import TokenVault

extension Run {
  /// A rotation of all keys, against reading and replacing the same number of bytes.
  func rotations() throws {
    let path = try vault().path
    try VaultStorage.compact(path)
    let size = try SystemCall.size(path)
    let floor = TimedPiece("read + \(ReplaceFloor.name)") {
      try ReplaceFloor.replace("replaced", by: SystemCall.read(path, size: size))
    }
    try measure([floor, TimedPiece("rotate", run: rotate)], rounds: 15)
    try report("the file", [Double(size)], unit: "bytes")
  }

  func rotate() throws { try Vault.rotate(VaultStorage.configuration(vault().path)) }
}
