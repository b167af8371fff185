internal import VaultCrypto

/// A vault whose header was read, and whose records can be, from the version of the file that was opened.
///
/// A class, because all that reads the vault shares it.
final class VaultReader: Sendable {
  let version: VaultFile.Version
  let file: VaultFile
  let parts: VaultContainer.Parts
  /// The file's first bytes, which were read with the header.
  private let start: FileWindow

  var header: VaultHeader { parts.header }
  var path: String { file.location.path }

  /// Reads the header.
  ///
  /// - Parameter mayBeDamaged: Whether one byte of the header, and the lengths behind it, may be wrong. ``VaultSalvage``
  ///   alone can read such a vault.
  init(_ file: VaultFile, mayBeDamaged: Bool = false) throws(TokenVaultError) {
    var (bytes, version) = try TokenVaultError.wrap(file: file.readStart(Self.usualStart))
    let size = version.status.size
    if !mayBeDamaged, let parts = try? VaultContainer.parse(bytes.span, size: size) {
      self.parts = parts
    } else {
      // A longer header, or damage: what is wrong shows in all of it.
      (bytes, version) = try TokenVaultError.wrap(file: file.readStart(VaultContainer.startSize))
      parts = try Self.parse(bytes, size: version.status.size, mayBeDamaged, file.location.path)
    }
    (self.file, self.version) = (file, version)
    start = FileWindow(file, version, start: bytes)
  }

  /// Bytes that mostly have the header and the snapshot's first chunk.
  private static let usualStart = 20_480

  private static func parse(
    _ bytes: [UInt8], size: Int64, _ mayBeDamaged: Bool, _ path: String
  ) throws(TokenVaultError) -> VaultContainer.Parts {
    try TokenVaultError.wrap(
      at: path,
      format: mayBeDamaged
        ? VaultContainer.parse(damaged: bytes.span, size: size)
        : VaultContainer.parse(bytes.span, size: size))
  }

  // MARK: Records

  /// How much of a large vault is read; a small one is always decoded and verified.
  enum Extent {
    /// Only what is before the records.
    case start
    /// All records, decoded.
    case records
    /// All records, decoded, and the index, which must have exactly their keys.
    case recordsAndIndex
  }

  /// The records, and where the next log entry would begin.
  ///
  /// - Parameter seen: The generation that this host has seen.
  func records(
    with dataKey: DataKey, _ extent: Extent, seen: SeenGeneration?
  ) throws(TokenVaultError) -> (records: StoredRecords, position: LogPosition) {
    if extent == .start, parts.isLarge { return try undecoded(with: dataKey, seen: seen) }
    let isChecked = extent == .recordsAndIndex
    let table = try snapshotTable(with: dataKey, verifyingIndex: isChecked)
    var records = StoredRecords(table, as: header.format)
    let position = try log(with: dataKey, seen: seen, verifyingSummaries: isChecked) {
      (text) throws(SnapshotFault) in try records.apply(entry: text)
    }
    return (records, position)
  }

  /// All records, decoded, and where the next log entry would begin.
  func table(
    with dataKey: DataKey, seen: SeenGeneration? = nil
  ) throws(TokenVaultError) -> (table: TokenTable, log: LogPosition) {
    let (records, log) = try records(with: dataKey, .records, seen: seen)
    return (records.table, log)
  }

  /// Reads the log, and lends the text of each entry.
  ///
  /// - Parameter verifyingSummaries: Whether the summaries must have exactly the entries and their keys.
  func log(
    with dataKey: DataKey, seen: SeenGeneration?, verifyingSummaries: Bool = false,
    _ body: (Span<UInt8>) throws(SnapshotFault) -> Void = { _ in }
  ) throws(TokenVaultError) -> LogPosition {
    var position = try logStart(with: dataKey)
    var window = logWindow()
    if verifyingSummaries {
      let hash = try indexHash(snapshotSalt: position.chain.snapshotSalt, with: dataKey)
      window.summaryCheck = SummaryCheck(hash, as: header.format)
    }
    try window.read(&position, covered: header.entry(of: seen), body)
    return position
  }

  /// The records of the snapshot, decoded chunk by chunk, so that their text is never in memory as a whole. All chunks of
  /// the index are opened, too.
  ///
  /// - Parameters:
  ///   - verifyingIndex: Whether the index must have exactly the keys of the records.
  ///   - onChunk: Called at each chunk of the snapshot; an error ends the work.
  func snapshotTable(
    with dataKey: DataKey, verifyingIndex: Bool = false,
    onChunk: () throws(TokenVaultError) -> Void = {}
  ) throws(TokenVaultError) -> TokenTable {
    let (table, chunks, keys) = try decodedSnapshot(
      with: dataKey, findingKeys: verifyingIndex, onChunk: onChunk)
    try verifyIndex(of: chunks, with: dataKey, keys)
    return table
  }

  /// The records of the snapshot; with `findingKeys`, also what its index must have.
  func decodedSnapshot(
    with dataKey: DataKey, findingKeys: Bool, onChunk: () throws(TokenVaultError) -> Void = {}
  ) throws(TokenVaultError) -> (TokenTable, MessageChunks, IndexText?) {
    let chunks = try snapshot(with: dataKey)
    var reader = SnapshotReader(as: header.format)
    defer { reader.cleanse() }
    var builder = parts.isLarge && findingKeys ? try indexBuilder(of: chunks, with: dataKey) : nil
    while try chunks.openNext() {
      try onChunk()
      try TokenVaultError.wrap(
        at: path, contents: reader.add(chunks.text.span) { builder?.add($0, at: $1) })
    }
    let table = try TokenVaultError.wrap(
      at: path, contents: reader.finish { builder?.add($0, at: $1) })
    return (table, chunks, builder?.finish(textSize: chunks.layout.plaintextSize))
  }

  private func indexBuilder(
    of snapshot: MessageChunks, with dataKey: DataKey
  ) throws(TokenVaultError) -> IndexBuilder {
    IndexBuilder(try indexHash(snapshotSalt: snapshot.salt, with: dataKey))
  }

  /// The hashes of keys in the index and in the log's summaries.
  func indexHash(
    snapshotSalt salt: [UInt8], with dataKey: DataKey
  ) throws(TokenVaultError) -> IndexHash {
    try TokenVaultError.wrap(crypto: IndexHash(dataKey, header.store, snapshotSalt: salt))
  }

  // MARK: Snapshot and index

  /// The chunks of the snapshot, whose key commitment proves the header.
  ///
  /// - Parameter known: What opens it, if it was opened before.
  func snapshot(
    with dataKey: DataKey, known: OpeningKey? = nil
  ) throws(TokenVaultError) -> MessageChunks {
    try MessageChunks(snapshotOf: parts, start, dataKey, known: known)
  }

  /// The index of a large vault.
  ///
  /// - Parameter known: What was found out when it was opened before.
  func index(
    of snapshot: MessageChunks, with dataKey: DataKey, known: SnapshotIndex.Known? = nil
  ) throws(TokenVaultError) -> SnapshotIndex {
    try SnapshotIndex(of: snapshot, parts, dataKey, known: known)
  }

  func snapshotGeneration(with dataKey: DataKey) throws(TokenVaultError) -> SeenGeneration {
    header.generation(at: try logStart(with: dataKey))
  }

  /// Opens all chunks of the snapshot and the index, and throws if one is not authentic.
  func verify(with dataKey: DataKey) throws(TokenVaultError) {
    let chunks = try snapshot(with: dataKey)
    while try chunks.openNext() {}
    try verifyIndex(of: chunks, with: dataKey)
  }

  /// - Parameter expected: What the index must have, if that is to be checked, too.
  func verifyIndex(
    of snapshot: MessageChunks, with dataKey: DataKey, _ expected: IndexText? = nil
  ) throws(TokenVaultError) {
    guard parts.isLarge else { return }
    let index = try index(of: snapshot, with: dataKey)
    try index.verify(expected)
  }

  /// The empty log, where the lengths say that it begins.
  func logStart(with dataKey: DataKey) throws(TokenVaultError) -> LogPosition {
    var window = start
    let count = min(MessageLayout.saltSize, parts.lengths.snapshot)
    let salt = try window.knownRange(count, at: Int64(parts.snapshotStart), ahead: false)
    let chain = LogChain(header.store, snapshotSalt: Array(window.bytes[salt]), dataKey)
    return LogPosition(chain, parts.lengths, end: Int64(parts.indexEnd), header)
  }

  func logWindow(aheadSize: Int = LogWindow.aheadSize) -> LogWindow {
    LogWindow(file, version, header, aheadSize: aheadSize)
  }
}
