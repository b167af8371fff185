/// What has changed in a table since it was last stored.
package struct TableChanges: Sendable, Equatable {
  /// Where the records are that were changed or appended, each once, in the order of their first change; none where
  /// all is to be written anew.
  package private(set) var positions: [Int] = []
  /// Whether a list of changed records cannot tell it: records were deleted, or the limits are others.
  package private(set) var isRewrite = false
  private var known = PositionSet()

  /// No changes.
  init() {}

  var isEmpty: Bool { positions.isEmpty && !isRewrite }

  /// Notes that the record there was changed or appended.
  mutating func note(_ position: Int) {
    if !isRewrite, known.insert(position) { positions.append(position) }
  }

  /// Notes that all is to be written anew.
  mutating func requireRewrite() {
    // Positions are no longer what they were.
    self = TableChanges()
    isRewrite = true
  }
}
