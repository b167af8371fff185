internal import VaultCrypto

// Following a compaction by another thread or process without decoding the records again.
extension VaultSession {
  /// This session in the new file of a compaction, if the file is one, made after a log entry that this session has read
  /// or can still read in the old file; nil if not.
  ///
  /// The new snapshot has the records as they were with that entry. The log behind it begins with the entries that came
  /// next in the old file, some of which this session may have.
  func following(
    _ opened: VaultAccess.Opened, _ access: VaultAccess, seen: SeenGeneration?
  ) throws(TokenVaultError) -> VaultSession? {
    let (image, dataKey) = (opened.image, opened.found.dataKey)
    // A small vault has no index, and is decoded as soon as it is read.
    guard records.isDecoded, image.parts.isLarge, let point = image.header.after,
      dataKey.id == found.dataKey.id, image.header.store == header.store,
      point.generation >= header.generation,
      !image.version.status.isSameFile(as: version.status)
    else { return nil }
    // The commitment authenticates the header, and with it the point; the index proves where the log begins.
    let snapshot = try image.snapshot(with: dataKey)
    _ = try image.index(of: snapshot, with: dataKey)
    guard let old = try caughtUp(to: point) else { return nil }
    var (records, known) = (old.records, old.generation - point.generation)
    old.uses.lift(from: &records)
    var (log, window) = (try image.logStart(with: dataKey), image.logWindow())
    if try window.pass(&log, to: known) { known = min(known, 1) }
    try window.read(&log, covered: image.header.entry(of: seen)) { (text) throws(SnapshotFault) in
      if known > 0 { known -= 1 } else { try records.apply(entry: text) }
    }
    return known > 0 ? nil : VaultSession(old, opened, access, records, log)
  }

  /// This session with the log entry of a compaction point, from the old file, which it holds open and to which no writer
  /// appends any more; nil if the point is not of this log.
  private func caughtUp(to point: CompactionPoint) throws(TokenVaultError) -> VaultSession? {
    var session = self
    if generation < point.generation {
      guard let status = access.file.status(of: version),
        (try? session.readAppended(to: version.grown(to: status), holdsLock: true)) == true,
        session.generation >= point.generation
      else { return nil }
    }
    return try session.tag(of: point.generation) == point.tag ? session : nil
  }

  /// The tag of the log entry that made a generation, from ``header``'s to that of this session.
  private func tag(of generation: UInt64) throws(TokenVaultError) -> [UInt8]? {
    if generation == self.generation { return log.chain.lastTag }
    var window = LogWindow(access.file, version, header)
    return try window.tag(ofEntry: generation - header.generation, upTo: log)
  }
}
