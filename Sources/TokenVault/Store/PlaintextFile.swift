internal import VaultCrypto

/// A file of records that anyone who can read it can use.
package enum PlaintextFile {
  /// Writes records to a file that is not there yet, mode 0600, durable when this returns.
  package static func create(
    _ path: String, _ tokens: [OAuthToken], as format: ExchangeFormat
  ) throws(TokenVaultError) {
    var bytes = format.encode(tokens)
    defer { bytes.cleanse() }
    let files = PrivateFile(disk: LinuxDisk())
    do throws(FileError) {
      try files.create(path, bytes.span)
      try files.synchronizeDirectory(PrivateFile.directory(of: path))
    } catch {
      throw TokenVaultError(error)
    }
  }
}
