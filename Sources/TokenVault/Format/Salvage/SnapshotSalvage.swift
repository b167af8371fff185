package import VaultCrypto

/// Opens what is authentic of a damaged snapshot: each chunk by itself, wherever the snapshot ends.
///
/// The header must be what was written, since every chunk is bound to it; so must the salt, but for one byte, which the
/// commitment tells. The commitment itself, and the length before the snapshot, may be anything.
package struct SnapshotSalvage {
  private let file: [UInt8]
  private let start: Int
  private let chain: CommitChain
  private let dataKey: DataKey
  private let opener: ChunkSalvage

  /// What opens of the snapshot in a file of which `bytes` are all; nil where nothing does.
  package static func run(
    _ parts: VaultImage.Parts, _ bytes: [UInt8], _ dataKey: DataKey
  ) throws(CryptoError) -> SalvagedSnapshot? {
    let start = parts.snapshotStart
    guard bytes.count >= start + ChunkSalvage.prefixSize + ChunkSalvage.tagSize else { return nil }
    let salvage = try SnapshotSalvage(parts, bytes, dataKey)
    let size = VaultImage.claimedSize(parts, bytes)
    let end = try salvage.end(claimed: size.map { start + $0 })
    var snapshot = try salvage.open(to: end)
    if let size, end == bytes.count, !snapshot.hasEnd { snapshot.count(chunksOf: size) }
    return snapshot.sound.contains { !$0.isEmpty } ? snapshot : nil
  }

  private init(
    _ parts: VaultImage.Parts, _ bytes: [UInt8], _ dataKey: DataKey
  ) throws(CryptoError) {
    (file, start, self.dataKey) = (bytes, parts.snapshotStart, dataKey)
    let key = SealingKey(dataKey.secret, context: VaultImage.context(parts.headerBytes))
    let prefix = bytes.span.extracting(start..<start + ChunkSalvage.prefixSize)
    let salt =
      try ChunkSalvage.salt(committedIn: prefix, key)
      ?? prefix.extracting(0..<SealedMessage.saltSize).array
    opener = try ChunkSalvage(key, salt: salt)
    chain = CommitChain(store: parts.header.store, snapshotSalt: salt)
  }

  // MARK: Where it ends

  /// Where the snapshot ends, in bytes of the file: where its last chunk opens, the first commit begins, or the file
  /// ends.
  private func end(claimed: Int?) throws(CryptoError) -> Int {
    let claimed = claimed.flatMap { $0 <= file.count ? $0 : nil }
    if let claimed, try isEnd(claimed) { return claimed }
    // No commit is behind a snapshot that ends so early.
    if file.count <= VaultImage.replaceLimit { return file.count }
    var limit = file.count
    let body = file.span.extracting(start..<file.count)
    if case .found(let frame, let offset) = try chain.nextFrame(
      in: body, from: ChunkSalvage.prefixSize, dataKey)
    {
      limit = start + offset
      if frame.number == 1 { return limit }
    }
    if let end = try endByLastChunk(before: limit) { return end }
    return claimed.map { min($0, limit) } ?? limit
  }

  private func isEnd(_ end: Int) throws(CryptoError) -> Bool {
    if end == file.count { return true }
    let (full, last) = layout(to: end)
    if try isSound(full, size: last) { return true }
    let frame = file.span.extracting(end..<min(end + CommitFrame.size, file.count))
    guard case .found(let first, _) = try chain.nextFrame(in: frame, from: 0, dataKey) else {
      return false
    }
    return first.number == 1
  }

  /// Where a chunk shorter than the others opens behind the last that is as long.
  private func endByLastChunk(before limit: Int) throws(CryptoError) -> Int? {
    var index = layout(to: limit).full
    while index > 0, try !isSound(index - 1, size: ChunkSalvage.sealedSize) { index -= 1 }
    let place = place(of: index)
    for size in ChunkSalvage.tagSize..<ChunkSalvage.sealedSize where place + size <= limit {
      if try isSound(index, size: size) { return place + size }
    }
    return nil
  }

  // MARK: Chunks

  private func place(of index: Int) -> Int {
    start + ChunkSalvage.prefixSize + index * ChunkSalvage.sealedSize
  }

  /// How many full chunks there are before an end, and the bytes behind them.
  private func layout(to end: Int) -> (full: Int, last: Int) {
    let size = max(0, end - start - ChunkSalvage.prefixSize)
    return (size / ChunkSalvage.sealedSize, size % ChunkSalvage.sealedSize)
  }

  private func isSound(_ index: Int, size: Int) throws(CryptoError) -> Bool {
    let place = place(of: index)
    guard place + size <= file.count else { return false }
    return try opener.open(index, file.span.extracting(place..<place + size))
  }

  private func open(to end: Int) throws(CryptoError) -> SalvagedSnapshot {
    let (full, last) = layout(to: end)
    var snapshot = SalvagedSnapshot(
      textSize: full * ChunkSalvage.textSize + max(0, last - ChunkSalvage.tagSize), end: end, chain)
    snapshot.chunks = full + 1
    for index in 0...full {
      let place = place(of: index)
      let size = index < full ? ChunkSalvage.sealedSize : last
      let sealed = file.span.extracting(place..<place + size)
      let isOpen = try opener.open(index, sealed) { text in
        snapshot.take(text, at: index * ChunkSalvage.textSize)
      }
      if !isOpen { snapshot.lostChunks += 1 } else if index == full { snapshot.hasEnd = true }
    }
    return snapshot
  }
}
