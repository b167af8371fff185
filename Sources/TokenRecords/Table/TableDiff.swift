/// The changes from one state of a table to a later one.
///
/// Each revision is a change, made lazily, so that many take no memory. The changes of one record come in order.
package struct TableDiff: IteratorProtocol {
  private let time: Timestamp
  private var records: [RecordChanges] = []
  private var place = 0

  /// No changes.
  package init() { time = Timestamp(unchecked: 0) }

  /// The changes seen at `time`. `policy` tells which records had ended, so that a save restarted their limits.
  package init(
    from old: CopyOnWriteBlocks<OAuthToken>, to new: CopyOnWriteBlocks<OAuthToken>,
    policy: RetentionPolicy, at time: Timestamp
  ) {
    self.time = time
    let (missing, rest) = compareInOrder(old, new, policy)
    let moved = Self.moved(missing, rest, old, new)
    let kept = Set(moved.values)
    for position in missing where !kept.contains(position) {
      records.append(RecordChanges(deleted: old[position]))
    }
    for position in rest {
      guard let before = moved[position] else {
        records.append(RecordChanges(inserted: new[position]))
        continue
      }
      if let changes = RecordChanges(from: old[before], to: new[position]) {
        records.append(changes)
      }
    }
  }

  /// The next change; nil at the end.
  package mutating func next() -> VaultChange? {
    while place < records.count {
      if let change = records[place].next(at: time) { return change }
      place += 1
    }
    // Reported records need no memory.
    (records, place) = ([], 0)
    return nil
  }

  /// Compares the records that kept their order, in one pass, because new ones come last. Returns the positions of old
  /// records without a counterpart, and those of the new ones.
  private mutating func compareInOrder(
    _ old: CopyOnWriteBlocks<OAuthToken>, _ new: CopyOnWriteBlocks<OAuthToken>,
    _ policy: RetentionPolicy
  ) -> (missing: [Int], rest: Range<Int>) {
    var missing: [Int] = []
    var (position, place) = (0, 0)
    while position < old.count {
      // In a large table, few blocks differ.
      let shared = old.sharedCount(from: position, with: new, from: place)
      if shared > 0 {
        (position, place) = (position + shared, place + shared)
        continue
      }
      defer { position += 1 }
      guard place < new.count, Self.hasSameID(old[position], new[place]),
        Self.isLater(new[place], than: old[position], policy)
      else {
        missing.append(position)
        continue
      }
      if let changes = RecordChanges(from: old[position], to: new[place]) {
        records.append(changes)
      }
      place += 1
    }
    return (missing, place..<new.count)
  }

  private static func hasSameID(_ left: borrowing OAuthToken, _ right: borrowing OAuthToken) -> Bool
  {
    left.has(.id) && left.hasSameText(.id, as: right)
  }

  /// Whether a record is a later revision of `old`, and not a new record with the same id.
  ///
  /// The time of the first save tells them apart. A save changes it in three cases only: it was missing, it was ahead
  /// of the clock, or a limit had ended the record. It is then the time of that save, or missing if that is unknown.
  private static func isLater(
    _ new: borrowing OAuthToken, than old: borrowing OAuthToken, _ policy: RetentionPolicy
  ) -> Bool {
    if new.history.firstSavedAt == old.history.firstSavedAt { return new.revision >= old.revision }
    guard new.revision > old.revision else { return false }
    guard let begun = new.history.firstSavedAt, let before = old.history.firstSavedAt else {
      return true
    }
    return begun < before || policy.ended(copy old, at: VaultTime(clock: begun)) != nil
  }

  /// The old position for each new one, for records that a restored snapshot has reordered.
  private static func moved(
    _ missing: [Int], _ rest: Range<Int>,
    _ old: CopyOnWriteBlocks<OAuthToken>, _ new: CopyOnWriteBlocks<OAuthToken>
  ) -> [Int: Int] {
    if missing.isEmpty || rest.isEmpty { return [:] }
    let positions = Dictionary(missing.map { (ExactText(old[$0].id ?? ""), $0) }) { first, _ in
      first
    }
    var moved: [Int: Int] = [:]
    for position in rest {
      guard let before = positions[ExactText(new[position].id ?? "")],
        new[position].history.firstSavedAt == old[before].history.firstSavedAt,
        new[position].revision >= old[before].revision
      else { continue }
      moved[position] = before
    }
    return moved
  }
}
