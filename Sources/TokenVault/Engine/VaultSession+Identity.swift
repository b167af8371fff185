internal import VaultCrypto

extension VaultSession {
  /// Whether the file begins with the header and the snapshot that were read, and has the last log entry where it was.
  func isAsItWasRead() throws(TokenVaultError) -> Bool {
    let start = try TokenVaultError.wrap(
      crypto: VaultContainer.start(header, log.chain, log.lengths))
    // Its salt, which is bound to that of the one before, and so on.
    let place = log.last + Int64(LogFrame.size)
    return has(start, at: 0) && (log.last == log.end || has(log.chain.lastSalt, at: place))
  }

  private func has(_ expected: [UInt8], at offset: Int64) -> Bool {
    var bytes = [UInt8](repeating: 0, count: expected.count)
    return (try? access.file.read(version, at: offset, &bytes)) == true && bytes == expected
  }
}
