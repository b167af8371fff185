internal import VaultCrypto

/// The records of a snapshot with those of the log behind it, as a stream: a compaction whose memory is that of the log.
///
/// The rows that the log has not changed are copied byte for byte, and only their keys are read, for the new index. What
/// the log has overwritten is not in the new snapshot.
struct SnapshotMerge {
  private let reader: VaultReader
  private let dataKey: DataKey
  private var overlay: LogOverlay

  private var format: RecordFormat { reader.header.format }

  /// - Parameter log: The newest records of the log, with the next id and the limits of the vault.
  init(of reader: VaultReader, with dataKey: DataKey, log: TokenTable) {
    (self.reader, self.dataKey, overlay) = (reader, dataKey, LogOverlay(log))
  }

  /// Verifies snapshot and index, and counts the records.
  mutating func count() throws(TokenVaultError) -> Int {
    try reader.forEachPart(with: dataKey) { (part) throws(TokenVaultError) in
      try reader.forEachRow(of: part) { (row) throws(TokenVaultError) in
        _ = try newer(than: row, in: part)
      }
    }
    return try checkedCount()
  }

  /// Writes the text of the new snapshot.
  ///
  /// - Returns: The number of records.
  mutating func write(to writer: inout SnapshotWriter) throws(TokenVaultError) -> Int {
    let (encoder, copiesRows) = try encoder()
    try writer.append(SnapshotContents.preamble(of: overlay.table))
    try writer.append(encoder.header)
    try reader.forEachPart(with: dataKey) { (part) throws(TokenVaultError) in
      if copiesRows {
        try copy(part, encoder, to: &writer)
      } else {
        try writer.append(records(of: part)[...], encoder)
      }
    }
    for block in CopyOnWriteBlocks(overlay.newTokens).blocks {
      try writer.append(block[...], encoder)
    }
    return try checkedCount()
  }

  /// The number of records, if this build accepts so many.
  private func checkedCount() throws(TokenVaultError) -> Int {
    guard overlay.count <= RecordFormat.recordCountLimit else { throw .tooManyRecords }
    return overlay.count
  }

  /// What encodes the records of the log, and whether rows can be copied beside them: in CSV, only if the log has no
  /// unknown field without a column.
  private func encoder() throws(TokenVaultError) -> (RecordEncoder, copiesRows: Bool) {
    guard format == .csv else { return (RecordEncoder(.json, AttributeNames()), true) }
    var row = try reader.headerRow(with: dataKey)
    defer { row.cleanse() }
    var names = try TokenVaultError.wrap(
      at: reader.path, contents: SnapshotFault.wrap(records: AttributeNames(headerRow: row.span)))
    for token in overlay.table.tokens { names.insert(token.attributes) }
    let encoder = RecordEncoder(.csv, names)
    return encoder.header == row ? (encoder, true) : (try encoderOfAll(), false)
  }

  /// What encodes all records, after a pass that reads the names of their unknown fields.
  private func encoderOfAll() throws(TokenVaultError) -> RecordEncoder {
    var (names, merge) = (AttributeNames(), self)
    try reader.forEachPart(with: dataKey) { (part) throws(TokenVaultError) in
      for token in try merge.records(of: part) { names.insert(token.attributes) }
    }
    for token in merge.overlay.newTokens { names.insert(token.attributes) }
    return RecordEncoder(.csv, names)
  }

  /// Copies the rows of a part that the log has not changed, and encodes the others.
  private mutating func copy(
    _ part: Span<UInt8>, _ encoder: RecordEncoder, to writer: inout SnapshotWriter
  ) throws(TokenVaultError) {
    // Where the rows begin that are not copied yet.
    var start: Int?
    try reader.forEachRow(of: part) { (row) throws(TokenVaultError) in
      let first = start ?? row.place.lowerBound
      start = first
      guard let newer = try newer(than: row, in: part) else {
        return try writer.index(row, in: part, after: row.place.lowerBound - first)
      }
      try writer.append(part.extracting(first..<row.place.lowerBound))
      try writer.append([newer], encoder)
      start = row.place.upperBound
    }
    if let start { try writer.append(part.extracting(start...)) }
  }

  /// The records of a part, decoded, each as it is now.
  private mutating func records(of part: Span<UInt8>) throws(TokenVaultError) -> [OAuthToken] {
    let format = format
    var tokens = try TokenVaultError.wrap(
      at: reader.path, contents: SnapshotFault.wrap(records: format.decode(stored: part)))
    var place = 0
    try reader.forEachRow(of: part) { (row) throws(TokenVaultError) in
      if let newer = try newer(than: row, in: part) { tokens[place] = newer }
      place += 1
    }
    return tokens
  }

  private mutating func newer(
    than row: StoredRow, in part: Span<UInt8>
  ) throws(TokenVaultError) -> OAuthToken? {
    try TokenVaultError.wrap(at: reader.path, contents: overlay.newer(than: row, in: part))
  }
}
