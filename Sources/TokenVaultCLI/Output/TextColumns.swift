/// Rows of text in columns as wide as their widest cell.
enum TextColumns {
  /// A line for each row, two blanks between its cells; the last cell is not padded.
  static func lines(_ rows: [[String]]) -> [String] {
    let rows = rows.map { $0.map(DisplayText.oneLine) }
    var widths: [Int] = []
    for (column, cell) in rows.flatMap({ $0.enumerated() }) {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], DisplayText.width(cell))
    }
    return rows.map { row in
      let padded = zip(row, widths).dropLast().map { DisplayText.padded($0, to: $1) }
      return (padded + row.suffix(1)).joined(separator: "  ")
    }
  }
}
