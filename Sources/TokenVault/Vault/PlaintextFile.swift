internal import VaultCrypto

/// A file of records in plaintext.
package enum PlaintextFile {
  private static let pieceCount = 1024

  /// Writes records to a new file, mode 0600, durable when this returns. The file gets its name when it is whole, so that a
  /// kill leaves all of it or nothing.
  ///
  /// - Throws: ``TokenVaultError/alreadyExists(path:)``, and what the system says.
  package static func create(
    _ path: String, _ tokens: [OAuthToken], as format: ExchangeFormat,
    on disk: any Disk = LinuxDisk(), onProgress: (@Sendable (VaultProgress) -> Void)? = nil
  ) throws(TokenVaultError) {
    // Before all of it is written in vain.
    if try TokenVaultError.wrap(file: disk.isThere(path)) { throw .alreadyExists(path: path) }
    try TokenVaultError.wrap(
      file: PrivateFile(disk: disk).createWhole(path) { (file) throws(FileError) in
        try forEachPiece(of: tokens, as: format, onProgress: onProgress) {
          (piece) throws(FileError) in
          try file.write(piece)
        }
      })
  }

  /// Lends the text of records in pieces, so that it is never in memory as a whole; cleanses each.
  package static func forEachPiece<Failure: Error>(
    of tokens: [OAuthToken], as format: ExchangeFormat,
    onProgress: (@Sendable (VaultProgress) -> Void)? = nil,
    _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    guard case .records(let format) = format else {
      return try lend(format.encode(tokens), to: body)
    }
    let encoder = RecordEncoder(format, attributesOf: tokens, isExport: true)
    try lend(encoder.header, to: body)
    for start in stride(from: 0, to: tokens.count, by: pieceCount) {
      let end = min(start + pieceCount, tokens.count)
      try lend(encoder.rows(tokens[start..<end]), to: body)
      onProgress?(VaultProgress(.writing, done: Int64(end), of: Int64(tokens.count)))
    }
  }

  private static func lend<Failure: Error>(
    _ text: consuming [UInt8], to body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    defer { text.cleanse() }
    try body(text.span)
  }
}
