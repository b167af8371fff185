internal import VaultCrypto

/// Opens what is authentic of a damaged snapshot, each chunk by itself, wherever the snapshot ends; in no more memory than
/// the text takes that opens, however long the file is.
///
/// The header must be what was written, since every chunk is bound to it; so must the salt, but for one byte, which the
/// commitment tells. The commitment itself, and the length before the snapshot, may be anything. If more of the salt is
/// changed, nothing of the snapshot opens, and the commits behind it are looked for without it.
struct SnapshotSalvage {
  private let file: VaultFile
  private let version: VaultFile.Version
  private let parts: VaultContainer.Parts
  private let chain: LogChain
  private let opener: ChunkSalvage
  private var window: LogWindow
  /// Whether the salt is seen to be right: by the commitment, a chunk that opens, or the tag of a commit's frame.
  private var isSaltKnown: Bool

  private var size: Int64 { version.status.size }
  private var start: Int64 { Int64(parts.snapshotStart) }
  private var bodyStart: Int64 { start + Int64(ChunkSalvage.prefixSize) }

  /// For a vault of which `start` is what was read with the header; nil if the file ends within the snapshot's first
  /// bytes.
  init?(
    _ parts: VaultContainer.Parts, _ file: VaultFile, _ version: VaultFile.Version,
    _ dataKey: DataKey
  ) throws(TokenVaultError) {
    (self.parts, self.file, self.version) = (parts, file, version)
    window = LogWindow(file, version, dataKey)
    let start = Int64(parts.snapshotStart)
    let key = SealingKey(dataKey.secret, context: VaultContainer.context(parts.headerBytes))
    guard let prefix = try file.bytes(version, ChunkSalvage.prefixSize, at: start),
      version.status.size >= start + Int64(ChunkSalvage.prefixSize + ChunkSalvage.tagSize)
    else { return nil }
    do throws(CryptoError) {
      let committed = try ChunkSalvage.salt(committedIn: prefix.span, key)
      let salt = committed ?? Array(prefix[..<SealedMessage.saltSize])
      isSaltKnown = committed != nil
      opener = try ChunkSalvage(key, salt: salt)
      chain = LogChain(store: parts.header.store, snapshotSalt: salt)
    } catch {
      throw TokenVaultError(error)
    }
  }

  /// What opens, and where the commits begin.
  mutating func run() throws(TokenVaultError) -> SalvagedSnapshot {
    let claimed = try claimedSize()
    let end = try end(claimed: claimed.map { start + Int64($0) })
    var snapshot = try open(to: end)
    if let claimed, end == size, !snapshot.hasEnd { snapshot.count(chunksOf: claimed) }
    snapshot.isSaltKnown = isSaltKnown
    if !isSaltKnown, size > Int64(VaultContainer.replaceLimit),
      let first = try window.nextSealed(chain, from: bodyStart)
    {
      // What the length says may be right: then the salt of the commit that begins there opens the next one.
      snapshot.end = min(end, first.offset)
    }
    return snapshot
  }

  private func claimedSize() throws(TokenVaultError) -> Int? {
    let length = try file.bytes(
      version, VaultContainer.lengthSize, at: start - Int64(VaultContainer.lengthSize))
    return length.flatMap { VaultContainer.claimedSize($0.span) }
  }

  // MARK: Where it ends

  /// Where the snapshot ends, in bytes of the file: where its last chunk opens, the first commit begins, or the file
  /// ends.
  private mutating func end(claimed: Int64?) throws(TokenVaultError) -> Int64 {
    let claimed = claimed.flatMap { $0 <= size ? $0 : nil }
    if let claimed, try isEnd(claimed) { return claimed }
    // No commit is behind a snapshot that ends so early.
    if size <= Int64(VaultContainer.replaceLimit) { return size }
    var limit = size
    if let (frame, offset) = try window.nextFrame(chain, from: bodyStart) {
      (limit, isSaltKnown) = (offset, true)
      if frame.number == 1 { return limit }
    }
    if let end = try endByLastChunk(before: limit) { return end }
    return claimed.map { min($0, limit) } ?? limit
  }

  private mutating func isEnd(_ end: Int64) throws(TokenVaultError) -> Bool {
    if end == size { return true }
    let (full, last) = layout(to: end)
    if try isSound(full, size: last) { return true }
    guard try window.hasNextFrame(chain, at: end) else { return false }
    isSaltKnown = true
    return true
  }

  /// Where a chunk shorter than the others opens behind the last that is as long.
  private mutating func endByLastChunk(before limit: Int64) throws(TokenVaultError) -> Int64? {
    var index = layout(to: limit).full
    while index > 0, try !isSound(index - 1, size: ChunkSalvage.sealedSize) { index -= 1 }
    let place = place(of: index)
    for size in ChunkSalvage.tagSize..<ChunkSalvage.sealedSize where place + Int64(size) <= limit {
      if try isSound(index, size: size) { return place + Int64(size) }
    }
    return nil
  }

  // MARK: Chunks

  private func place(of index: Int) -> Int64 {
    bodyStart + Int64(index) * Int64(ChunkSalvage.sealedSize)
  }

  /// How many full chunks there are before an end, and the bytes behind them.
  private func layout(to end: Int64) -> (full: Int, last: Int) {
    let (full, last) = Int(max(0, end - bodyStart))
      .quotientAndRemainder(dividingBy: ChunkSalvage.sealedSize)
    return (full, last)
  }

  /// Whether a chunk is authentic; lends its text if it is.
  private mutating func isSound(
    _ index: Int, size: Int, _ body: (Span<UInt8>) -> Void = { _ in }
  ) throws(TokenVaultError) -> Bool {
    guard let sealed = try file.bytes(version, size, at: place(of: index)) else { return false }
    let isSound: Bool
    do { isSound = try opener.open(index, sealed.span, body) } catch {
      throw TokenVaultError(error)
    }
    isSaltKnown = isSaltKnown || isSound
    return isSound
  }

  private mutating func open(to end: Int64) throws(TokenVaultError) -> SalvagedSnapshot {
    let (full, last) = layout(to: end)
    var snapshot = SalvagedSnapshot(full: full, last: last, end: end, chain)
    func size(_ index: Int) -> Int { index < full ? ChunkSalvage.sealedSize : last }
    var runs: [Range<Int>] = []
    for index in 0...full where try isSound(index, size: size(index)) {
      let start = runs.last?.upperBound == index ? runs.removeLast().lowerBound : index
      runs.append(start..<index + 1)
    }
    snapshot.lostChunks = full + 1 - runs.reduce(0) { $0 + $1.count }
    snapshot.hasEnd = runs.last?.upperBound == full + 1
    // Once more, now that it is known how much memory each run takes.
    for run in runs {
      try snapshot.take(run) { (text) throws(TokenVaultError) in
        for index in run {
          _ = try isSound(index, size: size(index)) { text.append(contentsOf: $0) }
        }
      }
    }
    return snapshot
  }
}
