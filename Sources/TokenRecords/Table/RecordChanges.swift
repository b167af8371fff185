/// The changes of one record between two states, one at a time.
struct RecordChanges {
  private let id: String
  private let userName: String?
  /// The revision to report next, and the newest; all are reported if `next` is above `newest`.
  private var next: Int
  private let newest: Int
  /// The fields that differ between the states, reported with the newest revision.
  private let fields: [String]
  /// The change to report after all revisions.
  private var end: VaultChange.Kind?

  /// The changes of a record that is in both states; nil if there are none.
  init?(from old: OAuthToken, to new: OAuthToken) {
    let isRejected = Self.isRejection(new, after: old)
    guard new.revision != old.revision || isRejected else { return nil }
    self.init(new, next: old.revision + 1, before: old, end: isRejected ? .refreshRejected : nil)
  }

  init(inserted new: OAuthToken) {
    let isRejected = Self.isRejection(new, after: nil)
    self.init(new, next: 1, before: nil, end: isRejected ? .refreshRejected : nil)
  }

  init(deleted old: OAuthToken) {
    self.init(old, next: old.revision + 1, before: old, end: .deleted)
  }

  private init(_ token: OAuthToken, next: Int, before: OAuthToken?, end: VaultChange.Kind?) {
    (id, userName) = (token.id ?? "", token.userName)
    (self.next, newest, self.end) = (next, token.revision, end)
    fields = next <= newest ? token.names(ofFieldsChangedSince: before) : []
  }

  private static func isRejection(_ new: OAuthToken, after old: OAuthToken?) -> Bool {
    guard let refresh = new.history.refresh, refresh.isRejected else { return false }
    return refresh != old?.history.refresh
  }

  /// The next change; nil if all are reported.
  mutating func next(at time: Timestamp) -> VaultChange? {
    if next <= newest {
      defer { next += 1 }
      return change(
        next == 1 ? .inserted : .updated, next, time, fields: next == newest ? fields : nil)
    }
    defer { end = nil }
    return end.map { change($0, newest, time, fields: nil) }
  }

  private func change(
    _ kind: VaultChange.Kind, _ revision: Int, _ time: Timestamp, fields: [String]?
  ) -> VaultChange {
    VaultChange(
      time: time, id: id, userName: userName, revision: revision, kind: kind, fields: fields)
  }
}

extension OAuthToken {
  /// The names of the fields that differ from an earlier version, or of all present ones without one; never the id.
  fileprivate func names(ofFieldsChangedSince old: OAuthToken?) -> [String] {
    let before = old ?? OAuthToken()
    let known = TokenField.allCases.filter { $0 != .id && !hasSameText($0, as: before) }
    let others = attributes.filter { $0.value != old?.attributes[$0.name] }
    let removed = old?.attributes.filter { attributes[$0.name] == nil } ?? []
    return known.map(\.name) + others.map(\.name) + removed.map(\.name)
  }
}
