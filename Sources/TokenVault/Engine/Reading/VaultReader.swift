internal import VaultCrypto

/// A vault whose header was read, and whose records can be, from the version of the file that was opened.
struct VaultReader {
  let version: VaultFile.Version
  private let file: VaultFile
  private let parts: VaultContainer.Parts
  /// The file's first bytes, which were read with the header.
  private let start: FileWindow

  var header: VaultHeader { parts.header }
  /// Whether the file has anything behind the snapshot.
  var hasLog: Bool { version.status.size > Int64(parts.snapshotEnd) }
  var path: String { file.location.path }

  /// Reads the header.
  ///
  /// - Parameter mayBeDamaged: Whether one byte of the header, and the length behind it, may be wrong. ``VaultSalvage``
  ///   alone can read such a vault.
  init(_ file: VaultFile, mayBeDamaged: Bool = false) throws(TokenVaultError) {
    let (bytes, version) = try TokenVaultError.wrap(
      file: file.readStart(VaultContainer.startSize))
    let size = version.status.size
    parts = try TokenVaultError.wrap(
      at: file.location.path,
      format: mayBeDamaged
        ? VaultContainer.parse(damaged: bytes.span, size: size)
        : VaultContainer.parse(bytes.span, size: size))
    (self.file, self.version) = (file, version)
    start = FileWindow(file, version, start: bytes)
  }

  // MARK: Records

  /// The records, and where the next log entry would begin.
  ///
  /// - Parameter decoded: Whether to decode the records of a large vault, too.
  func records(
    with dataKey: DataKey, decoded: Bool
  ) throws(TokenVaultError) -> (records: StoredRecords, position: LogPosition) {
    var records: StoredRecords
    if decoded || !VaultContainer.isLarge(snapshotEnd: parts.snapshotEnd) {
      records = StoredRecords(try snapshotTable(with: dataKey), as: header.format)
    } else {
      var chunks = try chunks(with: dataKey)
      let text = try chunks.wholeText()
      records = try TokenVaultError.wrap(
        at: path, contents: StoredRecords(text, as: header.format))
    }
    var position = try logStart()
    var log = logWindow(with: dataKey)
    try log.read(&position) { (text) throws(SnapshotFault) in try records.apply(entry: text) }
    return (records, position)
  }

  /// All records, decoded, and the generation with the log.
  func table(
    with dataKey: DataKey
  ) throws(TokenVaultError) -> (table: TokenTable, generation: SeenGeneration) {
    let (records, position) = try records(with: dataKey, decoded: true)
    let number = header.generation + position.chain.count
    return (records.table, SeenGeneration(number, tag: position.chain.lastSalt))
  }

  /// The records of the snapshot, decoded chunk by chunk, so that their text is never in memory as a whole.
  private func snapshotTable(with dataKey: DataKey) throws(TokenVaultError) -> TokenTable {
    var chunks = try chunks(with: dataKey)
    var reader = SnapshotReader(as: header.format)
    defer { reader.cleanse() }
    while try chunks.openNext() {
      try TokenVaultError.wrap(at: path, contents: reader.add(chunks.text.span))
    }
    return try TokenVaultError.wrap(at: path, contents: reader.finish())
  }

  // MARK: The snapshot

  func chunks(with dataKey: DataKey) throws(TokenVaultError) -> SnapshotChunks {
    try SnapshotChunks(parts, start, dataKey)
  }

  var snapshotGeneration: SeenGeneration {
    get throws(TokenVaultError) {
      SeenGeneration(header.generation, tag: try logStart().chain.lastSalt)
    }
  }

  /// Opens all chunks of the snapshot, and throws if one is not authentic.
  func verify(with dataKey: DataKey) throws(TokenVaultError) {
    var chunks = try chunks(with: dataKey)
    while try chunks.openNext() {}
  }

  /// Verifies the snapshot, and counts its records.
  func countRecords(with dataKey: DataKey) throws(TokenVaultError) -> Int {
    var chunks = try chunks(with: dataKey)
    var lines = LineCount(format: header.format)
    while try chunks.openNext() { lines.add(chunks.text.span) }
    return SnapshotContents.recordCount(lines)
  }

  /// The empty log behind the snapshot.
  private func logStart() throws(TokenVaultError) -> LogPosition {
    var window = start
    let count = min(MessageLayout.saltSize, parts.snapshotSize)
    let salt = try window.knownRange(count, at: Int64(parts.snapshotStart), ahead: false)
    return LogPosition(
      LogChain(store: header.store, snapshotSalt: Array(window.bytes[salt])),
      snapshotSize: parts.snapshotSize, end: Int64(parts.snapshotEnd))
  }

  // MARK: Damage

  /// The records of the snapshot alone, and the empty log behind it; nil if the snapshot is damaged.
  func soundSnapshot(
    with dataKey: DataKey
  ) throws(TokenVaultError) -> (table: TokenTable, log: LogPosition)? {
    guard parts.isWhole else { return nil }
    do {
      return (try snapshotTable(with: dataKey), try logStart())
    } catch .damaged {
      return nil
    }
  }

  /// The chunks that open of a damaged snapshot; nil if the file ends within its first bytes.
  func salvagedSnapshot(with dataKey: DataKey) throws(TokenVaultError) -> SalvagedSnapshot? {
    var salvage = try SnapshotSalvage(parts, file, version, dataKey)
    return try salvage?.run()
  }

  func logWindow(with dataKey: DataKey) -> LogWindow { LogWindow(file, version, dataKey) }
}
