internal import VaultCrypto

extension VaultSession {
  /// Opens the vault with another key from now on, which must open what is there.
  mutating func change(to access: VaultAccess) throws(TokenVaultError) {
    let session = try Self.load(access)
    guard session.header.store == header.store else {
      throw .otherVault(path: path, seen: header.store.text, found: session.header.store.text)
    }
    become(session)
  }

  /// Whether the file has the last log entry where it was or, if there is none, begins with the header and the snapshot
  /// that were read.
  func isAsItWasRead(_ window: inout LogWindow) throws(TokenVaultError) -> Bool {
    if log.tagOffset != nil { return try window.hasLastEntry(log) }
    let start = try TokenVaultError.wrap(
      crypto: VaultContainer.start(header, log.chain, log.lengths))
    return has(start, at: 0)
  }

  private func has(_ expected: [UInt8], at offset: Int64) -> Bool {
    var bytes = [UInt8](repeating: 0, count: expected.count)
    return (try? access.file.read(version, at: offset, &bytes)) == true && bytes == expected
  }
}
