/// The changes of a table since the last commit.
package struct TableChanges: Sendable, Equatable {
  /// The positions of changed and appended records, in the order of their first change; none if a rewrite is required.
  package private(set) var positions: [Int] = []
  /// Whether a list of changed records does not suffice: records were deleted, or limits changed.
  package private(set) var isRewrite = false
  private var known = PositionSet()

  init() {}

  package var isEmpty: Bool { positions.isEmpty && !isRewrite }

  mutating func insert(_ position: Int) {
    if !isRewrite, known.insert(position) { positions.append(position) }
  }

  mutating func requireRewrite() {
    // Positions may have shifted.
    self = TableChanges()
    isRewrite = true
  }
}
