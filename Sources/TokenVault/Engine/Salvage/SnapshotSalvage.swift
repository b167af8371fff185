internal import VaultCrypto

/// Opens the authentic chunks of a damaged snapshot, each by itself, and finds where the snapshot ends. Takes no more
/// memory than the text that opens, however long the file is.
///
/// The header must be sound, since every chunk is bound to it. The key commitment restores one byte of the salt, the head of
/// the log all of it. The commitment itself, and the lengths before the snapshot, may be anything.
struct SnapshotSalvage {
  private let parts: VaultContainer.Parts
  private let size: Int64
  private let chain: LogChain
  private let reader: OpeningReader
  private var window: FileWindow
  private var index: IndexSalvage
  /// Where the log begins, by its head; nil if there is none.
  private let logStart: Int64?

  private var start: Int64 { Int64(parts.snapshotStart) }

  /// Begins with the snapshot's salt and commitment; nil if the file ends before its first chunk.
  init?(
    _ parts: VaultContainer.Parts, _ file: VaultFile, _ version: VaultFile.Version,
    _ dataKey: DataKey
  ) throws(TokenVaultError) {
    (self.parts, size) = (parts, version.status.size)
    var window = FileWindow(file, version)
    let least = MessageLayout.size(sealing: 0)
    guard let range = try window.range(least, at: Int64(parts.snapshotStart)) else { return nil }
    let prefix = window.bytes[range]
    var log = LogWindow(file, version, parts.header)
    let head = try log.firstHead(from: Int64(parts.snapshotStart))
    logStart = head?.start
    let key = parts.snapshotKey(dataKey)
    let committed = try TokenVaultError.wrap(crypto: key.salt(committedIn: prefix.span))
    let salt = committed ?? head?.snapshotSalt ?? Array(prefix.prefix(MessageLayout.saltSize))
    reader = try TokenVaultError.wrap(crypto: OpeningReader(key, salt: salt))
    chain = LogChain(parts.header.store, snapshotSalt: salt, dataKey)
    index = IndexSalvage(
      FileWindow(file, version), parts.header.store, snapshotSalt: salt, dataKey)
    self.window = window
  }

  /// Opens all chunks that are authentic, and finds where the log begins.
  mutating func run() throws(TokenVaultError) -> SalvagedSnapshot {
    let claimed = try claimedSize(at: start - Int64(VaultContainer.Lengths.size))
    let end = try end(claimed: claimed.map { start + Int64($0) })
    var snapshot = try open(to: end)
    if let claimed, end == size, !snapshot.hasEnd { snapshot.count(chunksOf: claimed) }
    let indexSize = try claimedSize(at: start - Int64(VaultContainer.Lengths.size / 2)) ?? 0
    snapshot.logStart = logStart ?? LogArea.start(behind: end + Int64(indexSize))
    return snapshot
  }

  /// One of the lengths before the snapshot, at an offset of the file; nil if no message is so long.
  private mutating func claimedSize(at offset: Int64) throws(TokenVaultError) -> Int? {
    guard let length = try window.range(VaultContainer.Lengths.size / 2, at: offset) else {
      return nil
    }
    return window.bytes.span.messageSize(at: length.lowerBound)
  }

  // MARK: Where it ends

  /// Where the snapshot ends, in bytes of the file: where its last chunk opens, the log begins, or the file ends.
  private mutating func end(claimed: Int64?) throws(TokenVaultError) -> Int64 {
    let claimed = claimed.flatMap { $0 <= size ? $0 : nil }
    if let claimed, try isEnd(claimed) { return claimed }
    if !VaultContainer.isLarge(snapshotEnd: size) { return size }
    let limit = logStart ?? size
    if let end = try endByLastChunk(before: limit) { return end }
    return claimed.map { min($0, limit) } ?? limit
  }

  private mutating func isEnd(_ end: Int64) throws(TokenVaultError) -> Bool {
    if end == size { return true }
    let (full, last) = layout(to: end)
    if try opens(full, size: last) { return true }
    return try index.begins(at: end)
  }

  /// The end of a shorter chunk that opens behind the last full one, or where the index begins there.
  private mutating func endByLastChunk(before limit: Int64) throws(TokenVaultError) -> Int64? {
    var number = layout(to: limit).full
    // Backwards, so reading ahead would read most of the file many times.
    while number > 0, try !opens(number - 1, size: MessageLayout.sealedChunkSize, ahead: false) {
      number -= 1
    }
    let place = place(of: number)
    for size in MessageLayout.tagSize..<MessageLayout.sealedChunkSize
    where place + Int64(size) <= limit {
      if try opens(number, size: size) { return place + Int64(size) }
    }
    for end in place..<min(limit, place + Int64(MessageLayout.sealedChunkSize))
    where try index.begins(at: end) { return end }
    return nil
  }

  // MARK: Chunks

  private func place(of index: Int) -> Int64 {
    start + Int64(MessageLayout.offset(ofChunk: index))
  }

  /// The number of full chunks before an end, and the bytes behind them.
  private func layout(to end: Int64) -> (full: Int, last: Int) {
    let (full, last) = Int(max(0, end - place(of: 0)))
      .quotientAndRemainder(dividingBy: MessageLayout.sealedChunkSize)
    return (full, last)
  }

  /// Opens a chunk of `size` sealed bytes; false if it is not authentic.
  private mutating func opens(
    _ index: Int, size: Int, ahead: Bool = true
  ) throws(TokenVaultError) -> Bool {
    guard let sealed = try window.range(size, at: place(of: index), ahead: ahead) else {
      return false
    }
    return try TokenVaultError.wrap(
      crypto: reader.opens(index, window.bytes.span.extracting(sealed)))
  }

  private mutating func open(to end: Int64) throws(TokenVaultError) -> SalvagedSnapshot {
    let (full, last) = layout(to: end)
    var snapshot = SalvagedSnapshot(full: full, last: last, logStart: end, chain)
    func size(_ index: Int) -> Int { index < full ? MessageLayout.sealedChunkSize : last }
    var runs: [Range<Int>] = []
    for index in 0...full where try opens(index, size: size(index)) {
      let start = runs.last?.upperBound == index ? runs.removeLast().lowerBound : index
      runs.append(start..<index + 1)
    }
    snapshot.lostChunks = full + 1 - runs.reduce(0) { $0 + $1.count }
    snapshot.hasEnd = runs.last?.upperBound == full + 1
    // A second pass, now that the memory that each run takes is known.
    for run in runs {
      var part = SalvagedSnapshot.Part(run)
      for index in run where try opens(index, size: size(index)) { part.append(reader.text) }
      snapshot.append(part)
    }
    return snapshot
  }
}
