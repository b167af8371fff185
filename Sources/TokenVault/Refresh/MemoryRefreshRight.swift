internal import Synchronization

/// The right to refresh a record of a store in memory.
final class MemoryRefreshRight: RefreshRight {
  /// The records of a store that are being refreshed.
  final class Records: Sendable {
    fileprivate let ids = Mutex<Set<ExactText>>([])
  }

  private let id: ExactText
  private let records: Records

  /// Nil if another caller has the right.
  init?(_ id: String, of records: Records) {
    (self.id, self.records) = (ExactText(id), records)
    let id = self.id
    guard records.ids.withLock({ $0.insert(id).inserted }) else { return nil }
  }

  func isCurrent() throws(FileError) -> Bool { true }

  deinit {
    records.ids.withLock { _ = $0.remove(id) }
  }
}
