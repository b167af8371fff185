/// A copy-on-write array in blocks: a copy shares each block with the original until one of them changes it.
///
/// A change of one element copies one block, its group of blocks and the list of groups; an `Array` would copy all
/// elements. So readers keep the old elements while a writer changes a few of many.
package struct CopyOnWriteBlocks<Element> {
  /// The number of elements of a full block: few records, since a copy retains what each refers to, and a few kilobytes
  /// of integers.
  @inlinable static var blockSize: Int { MemoryLayout<Element>.stride > 8 ? 32 : 1024 }
  @usableFromInline static var groupSize: Int { 64 * blockSize }

  /// Groups of 64 blocks. All blocks but the last are full and none is empty; so are the groups.
  @usableFromInline var groups: [[[Element]]] = []
  /// The number of elements.
  package private(set) var count = 0

  /// No elements.
  @inlinable package init() {}

  /// The elements of an array, which is the one block if it is not longer.
  @inlinable package init(_ elements: [Element]) {
    if elements.count > Self.blockSize {
      self.init(elements[...])
    } else {
      self.init()
      if !elements.isEmpty { append(block: elements) }
    }
  }

  /// The elements of a sequence.
  @inlinable package init(_ elements: some Sequence<Element>) {
    var block: [Element] = []
    block.reserveCapacity(Swift.min(Self.blockSize, elements.underestimatedCount))
    for element in elements {
      block.append(element)
      guard block.count == Self.blockSize else { continue }
      append(block: block)
      block = []
      block.reserveCapacity(Self.blockSize)
    }
    if !block.isEmpty { append(block: block) }
  }

  /// The elements, block by block.
  @inlinable package var blocks: FlattenSequence<[[[Element]]]> { groups.joined() }

  mutating func append(_ element: Element) {
    let (group, block) = (count / Self.groupSize, count % Self.groupSize / Self.blockSize)
    guard count % Self.blockSize > 0 else { return append(block: [element]) }
    // The first block grows on demand, because many arrays are small.
    if count > Self.blockSize { groups[group][block].reserveCapacity(Self.blockSize) }
    groups[group][block].append(element)
    count += 1
  }

  /// Puts a block behind full ones.
  private mutating func append(block: [Element]) {
    if count % Self.groupSize == 0 { groups.append([]) }
    groups[groups.count - 1].append(block)
    count += block.count
  }

  /// Removes the elements at these positions. Blocks before the first of them stay shared.
  mutating func removeAll(at isDoomed: (Int) -> Bool) {
    guard let first = indices.first(where: isDoomed) else { return }
    var result = CopyOnWriteBlocks()
    for block in blocks.prefix(first / Self.blockSize) { result.append(block: block) }
    for position in result.count..<count where !isDoomed(position) {
      result.append(self[position])
    }
    self = result
  }
}

extension CopyOnWriteBlocks: RandomAccessCollection {
  @inlinable package var startIndex: Int { 0 }
  @inlinable package var endIndex: Int { count }

  /// The element at a position; changed in place if no copy shares its block.
  @inlinable package subscript(position: Int) -> Element {
    _read {
      let group = position / Self.groupSize
      let block = position % Self.groupSize / Self.blockSize
      yield groups[group][block][position % Self.blockSize]
    }
    _modify {
      let group = position / Self.groupSize
      let block = position % Self.groupSize / Self.blockSize
      yield &groups[group][block][position % Self.blockSize]
    }
  }

  /// Iterates over the elements block by block.
  package struct Iterator: IteratorProtocol {
    @usableFromInline var blocks: FlattenSequence<[[[Element]]]>.Iterator
    @usableFromInline var block: IndexingIterator<[Element]>

    @inlinable package mutating func next() -> Element? {
      if let element = block.next() { return element }
      guard let following = blocks.next() else { return nil }
      block = following.makeIterator()
      return block.next()
    }
  }

  @inlinable package func makeIterator() -> Iterator {
    Iterator(blocks: blocks.makeIterator(), block: [].makeIterator())
  }
}

extension CopyOnWriteBlocks {
  /// The number of elements from `position` on that are shared with those of `other` from `place` on, because both
  /// start the same block or group there; 0 if they do not.
  func sharedCount(from position: Int, with other: CopyOnWriteBlocks, from place: Int) -> Int {
    guard position < count, place < other.count else { return 0 }
    let (groupSize, blockSize) = (Self.groupSize, Self.blockSize)
    let (mine, others) = (groups[position / groupSize], other.groups[place / groupSize])
    if position % groupSize == 0, place % groupSize == 0, Self.isSame(mine, others) {
      return Swift.min(groupSize, count - position)
    }
    let (block, otherBlock) = (position % groupSize / blockSize, place % groupSize / blockSize)
    guard position % blockSize == 0, place % blockSize == 0,
      Self.isSame(mine[block], others[otherBlock])
    else { return 0 }
    return mine[block].count
  }

  /// The elements of the blocks that an earlier state does not share: at least those that were changed or appended.
  func elements(since old: CopyOnWriteBlocks) -> [Element] {
    var (elements, position) = ([Element](), 0)
    while position < count {
      let shared = sharedCount(from: position, with: old, from: position)
      if shared == 0 { elements.append(self[position]) }
      position += Swift.max(shared, 1)
    }
    return elements
  }

  /// Whether two arrays share their storage.
  private static func isSame<Part>(_ left: [Part], _ right: [Part]) -> Bool {
    unsafe left.withUnsafeBufferPointer { left in
      unsafe right.withUnsafeBufferPointer { unsafe $0.baseAddress == left.baseAddress }
    }
  }
}

extension CopyOnWriteBlocks: ExpressibleByArrayLiteral {
  @inlinable package init(arrayLiteral elements: Element...) { self.init(elements) }
}

extension CopyOnWriteBlocks: Equatable where Element: Equatable {
  /// Equal in all elements.
  package static func == (left: CopyOnWriteBlocks, right: CopyOnWriteBlocks) -> Bool {
    left.count == right.count && left.elementsEqual(right)
  }
}

extension CopyOnWriteBlocks: Sendable where Element: Sendable {}
