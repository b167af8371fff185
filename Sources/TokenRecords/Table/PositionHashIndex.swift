/// Positions by hash: a hash table that leaves it to its user to compare what is there.
///
/// About eight bytes for each position. Copies share what neither has changed.
///
/// A link leads to a position: its lower bits are the position + 1, or 0 at an end. There are as many of them as it
/// takes to number the buckets, and they take the place of those that number the hash's own; its others are in the
/// link. So a link tells the hash but for what its bucket tells, and what has another is not looked at.
struct PositionHashIndex: Sendable {
  /// By bucket, the link to the first position of its chain.
  private var heads: CopyOnWriteBlocks<UInt32>
  /// By position, the link to the next one of the same chain.
  private var links: CopyOnWriteBlocks<UInt32>
  /// The bits that number buckets and positions.
  private var mask: UInt32

  /// Enters positions from 0 on by their hashes; nil is in no chain. There is room for `capacity` positions.
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

  /// For more buckets than there are positions, so that a position + 1 is the number of one.
  private static func mask(for count: Int) -> UInt32 {
    var buckets = 16
    while buckets <= count { buckets *= 2 }
    return UInt32(buckets - 1)
  }

  /// The first position with this hash; the last one to come in. Others may have the same hash by accident.
  func first(of hash: Int) -> Int? { position(of: hash, from: heads[bucket(hash)]) }

  /// The position with this hash after another one that has it.
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

  /// Enters the position after the last.
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

  /// Takes a position out of its hash's chain.
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

  /// Makes more buckets. The hashes are known from buckets and links.
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
