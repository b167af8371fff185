import TokenVault

extension Run {
  /// A rotation of all keys of a vault with a log, against reading and replacing as many bytes.
  func rotations() throws {
    let store = try vault()
    func addLog() throws { try store.save(min(isQuick ? 100 : 1000, logLength)) }
    try addLog()
    let size = try SystemCall.size(store.path)
    let floor = TimedPiece("read + \(ReplaceFloor.name)", settle: SystemCall.syncDisk) {
      try ReplaceFloor.replace("replaced", by: SystemCall.read(store.path, size: size))
    }
    let rotation = TimedPiece("rotate", settle: addLog, run: rotate)
    try measure([floor, rotation], rounds: 15)
  }

  func rotate() throws { try Vault.rotate(VaultStorage.configuration(vault().path)) }
}
