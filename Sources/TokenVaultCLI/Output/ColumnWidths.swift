/// Fits the columns of a table into the width of a terminal, so that no line wraps.
enum ColumnWidths {
  struct Column {
    /// The cells of its widest text; 0 leaves the column out.
    var natural: Int
    /// The cells below which it is cut only if nothing else is left to cut.
    let least: Int
    /// When it is left out: the lowest number first; nil for a column that stays.
    var rank: Int?
    /// Whether it is left out as soon as others would lack room for usual texts.
    var isExtra = false
  }

  /// The blanks between two columns.
  static let gap = 2
  /// The cells of a usual text.
  private static let usual = 32

  /// The width of each column; nil for one that is left out.
  static func fit(_ columns: [Column], in width: Int) -> [Int?] {
    var widths: [Int?] = columns.map { $0.natural == 0 ? nil : min($0.natural, max(width, 1)) }
    func isTooWide(_ need: (Int, Int) -> Int) -> Bool { sum(widths, need) > width }
    for index in columns.indices where columns[index].isExtra {
      if isTooWide({ min($1, usual) }) { widths[index] = nil }
    }
    let leaving = columns.indices.filter { columns[$0].rank != nil }
      .sorted { columns[$0].rank ?? 0 < columns[$1].rank ?? 0 }
    for index in leaving where isTooWide({ min($1, columns[$0].least) }) { widths[index] = nil }
    shrink(&widths, to: width) { columns[$0].least }
    shrink(&widths, to: width) { _ in 1 }
    return widths
  }

  /// Takes cells from the widest column, one by one, so that one long text does not take the room of all others.
  private static func shrink(_ widths: inout [Int?], to limit: Int, _ least: (Int) -> Int) {
    while sum(widths, { $1 }) > limit {
      let cuttable = widths.indices.filter { widths[$0] ?? 0 > least($0) }
      guard let widest = cuttable.max(by: { widths[$0] ?? 0 < widths[$1] ?? 0 }) else { return }
      widths[widest] = widths[widest].map { $0 - 1 }
    }
  }

  private static func sum(_ widths: [Int?], _ need: (Int, Int) -> Int) -> Int {
    let shown = widths.enumerated().compactMap { index, width in width.map { need(index, $0) } }
    return shown.reduce(gap * max(0, shown.count - 1), +)
  }
}
