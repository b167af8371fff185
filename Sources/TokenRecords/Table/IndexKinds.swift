/// The kinds of index that queries need.
package struct IndexKinds: Sendable {
  /// A bit for each ``RecordKey``.
  private var bits: UInt16 = 0

  /// None.
  package init() {}

  /// Inserts what a query needs.
  package mutating func insert(_ query: TokenQuery) {
    guard let field = query.key?.field, let key = RecordKey(field) else { return }
    insert(query.clientID == nil ? key : key.withClient ?? key)
  }

  private mutating func insert(_ key: RecordKey) { bits |= 1 << UInt16(key.index) }

  func contains(_ key: RecordKey) -> Bool { bits >> UInt16(key.index) & 1 == 1 }
}
