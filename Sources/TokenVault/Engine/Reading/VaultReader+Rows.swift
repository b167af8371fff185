internal import VaultCrypto

// The rows of the snapshot, which are not decoded.
extension VaultReader {
  /// What is before the records.
  func contents(with dataKey: DataKey) throws(TokenVaultError) -> SnapshotContents {
    let chunks = try snapshot(with: dataKey)
    return try contents(of: chunks)
  }

  private func contents(of chunks: MessageChunks) throws(TokenVaultError) -> SnapshotContents {
    try chunks.openChunk(at: 0)
    return try TokenVaultError.wrap(at: path, contents: SnapshotContents(chunks.text.span))
  }

  /// The header row of CSV, which the caller cleanses.
  func headerRow(with dataKey: DataKey) throws(TokenVaultError) -> [UInt8] {
    let chunks = try snapshot(with: dataKey)
    let start = try contents(of: chunks).recordsStart
    return try chunks.row(at: start, as: .csv)
  }

  /// Lends the rows in parts: each a text of whole rows, in CSV behind the header row. Then verifies the index.
  func forEachPart(
    with dataKey: DataKey, _ body: (Span<UInt8>) throws(TokenVaultError) -> Void
  ) throws(TokenVaultError) {
    let chunks = try snapshot(with: dataKey)
    var start = try contents(of: chunks).recordsStart
    var parts = StoredRowParts(header.format)
    defer { parts.cleanse() }
    while try chunks.openNext() {
      parts.append(chunks.text.span.extracting(start...))
      start = 0
      guard let end = parts.partEnd() else { continue }
      try body(parts.text.span.extracting(..<end))
      parts.pass(to: end)
    }
    try body(parts.text.span)
    try verifyIndex(of: chunks, with: dataKey)
  }

  /// Lends the rows of a part, one after another.
  func forEachRow(
    of part: Span<UInt8>, _ body: (StoredRow) throws(TokenVaultError) -> Void
  ) throws(TokenVaultError) {
    let format = header.format
    var scanner = try TokenVaultError.wrap(
      at: path, contents: SnapshotFault.wrap(records: StoredRowScanner(format, part)))
    while var row = try TokenVaultError.wrap(
      at: path, contents: SnapshotFault.wrap(records: scanner.next(part)))
    {
      defer { row.cleanse() }
      try body(row)
    }
  }
}
