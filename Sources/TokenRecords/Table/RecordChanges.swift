/// The changes of one record between two looks at it, given one at a time.
struct RecordChanges {
  private let id: String
  private let userName: String?
  /// The revision to tell next, and the newest; none is left where it is above that.
  private var next: Int
  private let newest: Int
  /// What differs between the two looks; told with the newest revision.
  private let fields: [String]
  /// What is told after all revisions.
  private var end: VaultChange.Kind?

  /// A record that was there before; nil where nothing about it has changed.
  init?(from old: OAuthToken, to new: OAuthToken) {
    let isRejected = Self.isRejection(new, after: old)
    guard new.revision != old.revision || isRejected else { return nil }
    self.init(new, next: old.revision + 1, before: old, end: isRejected ? .refreshRejected : nil)
  }

  /// A record that was not there before.
  init(inserted new: OAuthToken) {
    let isRejected = Self.isRejection(new, after: nil)
    self.init(new, next: 1, before: nil, end: isRejected ? .refreshRejected : nil)
  }

  /// A record that is gone.
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

  /// The next change, or nil when all are told.
  mutating func take(at time: Timestamp) -> VaultChange? {
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
  /// The names of the fields whose texts are not those of an earlier version; all that are present where there
  /// is none. Without the id, which never changes.
  fileprivate func names(ofFieldsChangedSince old: OAuthToken?) -> [String] {
    let before = old ?? OAuthToken()
    let known = TokenField.allCases.filter { $0 != .id && !hasSameText($0, as: before) }
    let others = attributes.filter { $0.value != old?.attributes[$0.name] }
    let removed = old?.attributes.filter { attributes[$0.name] == nil } ?? []
    return known.map(\.name) + others.map(\.name) + removed.map(\.name)
  }
}
