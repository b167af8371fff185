internal import VaultCrypto

/// A vault whose header has been read, and whose records can be, from the version of the file that was opened.
struct VaultReader {
  let version: VaultFile.Version
  private let file: VaultFile
  private let parts: VaultContainer.Parts
  /// What was read with the header.
  private let start: [UInt8]

  var header: VaultHeader { parts.header }
  /// Whether the file has anything behind the snapshot.
  var hasTail: Bool { version.status.size > Int64(parts.snapshotEnd) }
  var path: String { file.location.path }

  /// Reads the header; of a vault that `mayBeDamaged`, also where a byte of it or the length behind it is wrong: all but
  /// `VaultSalvage` needs it to be right.
  init(_ file: VaultFile, mayBeDamaged: Bool = false) throws(TokenVaultError) {
    let start: [UInt8]
    do { (start, version) = try file.readStart(VaultContainer.startSize) } catch {
      throw TokenVaultError(error)
    }
    let size = version.status.size
    do throws(FormatError) {
      parts =
        mayBeDamaged
        ? try VaultContainer.parse(damaged: start.span, size: size)
        : try VaultContainer.parse(start.span, size: size)
    } catch {
      throw TokenVaultError(error, path: file.location.path)
    }
    (self.start, self.file) = (start, file)
  }

  /// The records, and where the next commit would begin; those of a large vault are only decoded where that is wanted.
  func records(
    with dataKey: DataKey, decoded: Bool
  ) throws(TokenVaultError) -> (records: StoredRecords, tail: LogPosition) {
    var records: StoredRecords
    if decoded || parts.snapshotSize <= VaultContainer.replaceLimit {
      records = StoredRecords(try snapshotTable(with: dataKey), as: header.format)
    } else {
      let text = try snapshot(with: dataKey)
      do throws(SnapshotFault) { records = try StoredRecords(text, as: header.format) } catch {
        throw .damaged(path: path, place: error.place)
      }
    }
    var tail = try tailWithoutCommits()
    var reader = LogReader(file, version, dataKey)
    try reader.read(&tail) { (text) throws(SnapshotFault) in try records.apply(entry: text) }
    return (records, tail)
  }

  /// All records, decoded; the generation with the commits.
  func table(
    with dataKey: DataKey
  ) throws(TokenVaultError) -> (table: TokenTable, generation: SeenGeneration) {
    let (records, tail) = try records(with: dataKey, decoded: true)
    let number = header.generation + tail.chain.count
    return (records.table, SeenGeneration(number, tag: tail.chain.lastSalt))
  }

  /// Which version the snapshot is.
  var snapshotGeneration: SeenGeneration {
    get throws(TokenVaultError) {
      SeenGeneration(header.generation, tag: try tailWithoutCommits().chain.lastSalt)
    }
  }

  /// The records of the snapshot, decoded as they are opened, so that their text is never in memory as a whole.
  private func snapshotTable(with dataKey: DataKey) throws(TokenVaultError) -> TokenTable {
    var reader = SnapshotReader(as: header.format)
    defer { reader.cleanse() }
    var fault: SnapshotFault?
    do throws(TokenVaultError) {
      try stream { (read, _) throws(FormatError) in
        try VaultContainer.open(parts, dataKey, read: read) { text in
          do throws(SnapshotFault) { try reader.add(text) } catch { fault = error }
          return fault == nil
        }
      }
    } catch {
      // Where it was stopped, the file has not ended.
      guard fault != nil else { throw error }
    }
    do throws(SnapshotFault) {
      if let fault { throw fault }
      return try reader.finish()
    } catch {
      throw .damaged(path: path, place: error.place)
    }
  }

  /// The records of the snapshot alone, what commits behind it are bound to, and where those begin; nil where the
  /// snapshot is damaged.
  func soundSnapshot(
    with dataKey: DataKey
  ) throws(TokenVaultError) -> (table: TokenTable, chain: LogChain, end: Int64)? {
    guard parts.isWhole else { return nil }
    do {
      let table = try snapshotTable(with: dataKey)
      let tail = try tailWithoutCommits()
      return (table, tail.chain, tail.start)
    } catch .damaged {
      return nil
    }
  }

  /// What can be opened of a damaged snapshot; nil if the file ends within its first bytes.
  func salvagedSnapshot(with dataKey: DataKey) throws(TokenVaultError) -> SalvagedSnapshot? {
    var salvage = try SnapshotSalvage(parts, file, version, dataKey)
    return try salvage?.run()
  }

  /// What reads commits of this version.
  func commits(with dataKey: DataKey) -> LogWindow { LogWindow(file, version, dataKey) }

  /// Where the commits begin.
  private func tailWithoutCommits() throws(TokenVaultError) -> LogPosition {
    let count = min(SealedMessage.saltSize, parts.snapshotSize)
    guard let salt = try file.bytes(version, count, at: Int64(parts.snapshotStart)) else {
      throw TokenVaultError(FileError.cut(path))
    }
    return LogPosition(
      LogChain(store: header.store, snapshotSalt: salt), snapshotSize: parts.snapshotSize,
      end: Int64(parts.snapshotEnd))
  }

  /// The snapshot's text.
  private func snapshot(with dataKey: DataKey) throws(TokenVaultError) -> SecretBytes {
    var text: SecretBytes?
    try stream { (read, failure) throws(FormatError) in
      text = try VaultContainer.open(
        parts, dataKey, read: read,
        readEnd: { end in
          do throws(FileError) {
            return try file.read(version, at: Int64(parts.snapshotEnd - end.count), &end)
          } catch {
            failure = error
            return false
          }
        })
      return text != nil
    }
    guard let text else { throw TokenVaultError(FileError.cut(path)) }
    return text
  }

  /// Seals the records of the snapshot again for another header and data key, puts the new vault out in pieces, and
  /// counts them. For a vault without commits.
  func reseal(
    from old: DataKey, to header: VaultHeader, _ new: DataKey,
    output: (Span<UInt8>) throws(FileError) -> Void
  ) throws(TokenVaultError) -> Int {
    var lines = LineCount(format: header.format)
    try stream { (read, failure) throws(FormatError) in
      try VaultContainer.reseal(
        parts, from: old, to: header, new, read: read, records: { lines.add($0) },
        output: { piece in
          do throws(FileError) { try output(piece) } catch { failure = error }
          return failure == nil
        })
    }
    return SnapshotContents.recordCount(lines)
  }

  /// Opens all records of the snapshot, for nothing but to see that they open.
  func verify(with dataKey: DataKey) throws(TokenVaultError) {
    try stream { (read, _) throws(FormatError) in
      try VaultContainer.open(parts, dataKey, read: read) { _ in true }
    }
  }

  /// Lends what reads the snapshot piece by piece, and a place for what went wrong with a file; the body says
  /// whether it came to its end.
  private func stream(
    _ body: ((inout [UInt8]) -> Bool, inout FileError?) throws(FormatError) -> Bool
  ) throws(TokenVaultError) {
    var position = parts.snapshotStart
    var readFailure: FileError?
    var failure: FileError?
    func read(_ bytes: inout [UInt8]) -> Bool {
      let known = max(0, min(bytes.count, start.count - position))
      if known > 0 { bytes.replaceSubrange(0..<known, with: start[position..<position + known]) }
      defer { position += bytes.count }
      do throws(FileError) {
        return try file.read(version, at: Int64(position), &bytes, from: known)
      } catch {
        readFailure = error
      }
      return false
    }
    let isWhole: Bool
    do { isWhole = try body(read, &failure) } catch { throw TokenVaultError(error, path: path) }
    if let failure = failure ?? readFailure { throw TokenVaultError(failure) }
    guard isWhole else { throw TokenVaultError(FileError.cut(path)) }
  }
}
