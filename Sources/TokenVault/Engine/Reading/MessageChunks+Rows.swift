internal import VaultCrypto

// Single rows of a snapshot.
extension MessageChunks {
  /// The row that begins at an offset of the snapshot's text, with its line end; a part of it if that is missing or the
  /// row is too long to be one. Opens the chunks that have a part of it. The caller cleanses it.
  func row(
    at offset: Int, as format: RecordFormat
  ) throws(TokenVaultError) -> [UInt8] {
    var row: [UInt8] = []
    do throws(TokenVaultError) { try append(rowAt: offset, as: format, to: &row) } catch {
      row.cleanse()
      throw error
    }
    return row
  }

  private func append(
    rowAt offset: Int, as format: RecordFormat, to row: inout [UInt8]
  ) throws(TokenVaultError) {
    var (chunk, start) = offset.quotientAndRemainder(dividingBy: MessageLayout.chunkSize)
    while chunk <= layout.lastChunk, row.count <= RecordFormat.recordSizeLimit {
      try openChunk(at: chunk)
      let rest = text.span.extracting(min(start, text.count)...)
      // Mostly, a row is in one chunk.
      let used = row.isEmpty ? format.rowEnd(in: rest) ?? rest.count : rest.count
      row.makeRoom(for: used)
      row.append(contentsOf: rest.extracting(..<used))
      if let end = format.rowEnd(in: row.span) {
        for place in end..<row.count { row[place] = 0 }
        return row.removeLast(row.count - end)
      }
      (chunk, start) = (chunk + 1, 0)
    }
  }
}
