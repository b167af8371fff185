/// A hash table with chaining from hashes to positions; the caller compares what is at a position.
///
/// About eight bytes for each position. Copies share what neither has changed.
///
/// A link holds the position + 1 in its lower bits, or 0 at the end of a chain, and the upper bits of the hash in the
/// others. The lower bits number the buckets too, so link and bucket together have 32 bits of the hash, and a link with
/// another hash is skipped without a look at the record.
struct PositionHashIndex: Sendable {
  /// For each bucket, the link to the first position of its chain.
  private var heads: CopyOnWriteBlocks<UInt32>
  /// For each position, the link to the next one of its chain.
  private var links: CopyOnWriteBlocks<UInt32>
  /// The bits that number buckets and positions.
  private var mask: UInt32

  /// Inserts positions from 0 on by their hashes, except nil, with buckets for at least `capacity` positions.
  init(_ hashes: some Collection<Int?> = EmptyCollection(), capacity: Int = 0) {
    let mask = Self.mask(for: max(hashes.count, capacity))
    var heads = [UInt32](repeating: 0, count: Int(mask) + 1)
    var links: [UInt32] = []
    links.reserveCapacity(hashes.count)
    for hash in hashes {
      let bits = UInt32(truncatingIfNeeded: hash ?? 0)
      links.append(hash == nil ? 0 : heads[Int(bits & mask)])
      if hash != nil { heads[Int(bits & mask)] = bits & ~mask | UInt32(links.count) }
    }
    (self.heads, self.links) = (CopyOnWriteBlocks(heads), CopyOnWriteBlocks(links))
    self.mask = mask
  }

  /// More buckets than positions, so that a position + 1 fits in the bits of the mask.
  private static func mask(for count: Int) -> UInt32 {
    var buckets = 16
    while buckets <= count { buckets *= 2 }
    return UInt32(buckets - 1)
  }

  /// The first position with this hash, which is the last one inserted. Different keys may share a hash.
  func first(of hash: Int) -> Int? { position(of: hash, from: heads[bucket(hash)]) }

  func next(after position: Int, of hash: Int) -> Int? {
    self.position(of: hash, from: links[position])
  }

  private func position(of hash: Int, from link: UInt32) -> Int? {
    var link = link
    while link & mask != 0 {
      let position = Int(link & mask) - 1
      if (link ^ UInt32(truncatingIfNeeded: hash)) & ~mask == 0 { return position }
      link = links[position]
    }
    return nil
  }

  private func bucket(_ hash: Int) -> Int { Int(UInt32(truncatingIfNeeded: hash) & mask) }

  /// Appends a position, and inserts it unless its hash is nil.
  mutating func append(_ hash: Int?) {
    links.append(0)
    if links.count > mask { grow() }
    if let hash { insert(links.count - 1, hash) }
  }

  /// Enters a position that is in no chain.
  mutating func insert(_ position: Int, _ hash: Int) {
    let bucket = bucket(hash)
    links[position] = heads[bucket]
    heads[bucket] = UInt32(truncatingIfNeeded: hash) & ~mask | UInt32(position + 1)
  }

  /// Removes a position from the chain of its hash.
  mutating func remove(_ position: Int, _ hash: Int) {
    let (bucket, number) = (bucket(hash), UInt32(position + 1))
    var link = heads[bucket]
    var before: Int?
    while link & mask != number, link & mask != 0 {
      before = Int(link & mask) - 1
      link = links[Int(link & mask) - 1]
    }
    if let before { links[before] = links[position] } else { heads[bucket] = links[position] }
    links[position] = 0
  }

  /// Rebuilds the index with more buckets, from the hashes in buckets and links.
  private mutating func grow() {
    var hashes = [Int?](repeating: nil, count: links.count)
    for (bucket, head) in heads.enumerated() {
      var link = head
      while link & mask != 0 {
        let position = Int(link & mask) - 1
        hashes[position] = Int(link & ~mask) | bucket
        link = links[position]
      }
    }
    self = PositionHashIndex(hashes)
  }
}
