internal import Synchronization

/// The right to refresh a record of a store in memory.
final class MemoryRefreshRight: RefreshRight {
  /// The records of a store that are being refreshed.
  final class Records: Sendable {
    fileprivate let ids = Mutex<Set<ExactText>>([])
  }

  private let id: ExactText
  private let records: Records

  /// Takes the right; nil if another caller has it.
  static func attempt(_ id: String, of records: Records) -> MemoryRefreshRight? {
    let id = ExactText(id)
    // Before there is an object, whose end releases the right.
    guard records.ids.withLock({ $0.insert(id).inserted }) else { return nil }
    return MemoryRefreshRight(id, records)
  }

  private init(_ id: ExactText, _ records: Records) { (self.id, self.records) = (id, records) }

  func isCurrent() throws(FileError) -> Bool { true }

  deinit {
    records.ids.withLock { _ = $0.remove(id) }
  }
}
