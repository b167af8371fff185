/// Columns of text, each as wide as its widest.
struct TextTable {
  private var rows: [[String]]

  init(_ headings: [String]) { rows = [headings] }

  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).enumerated().map { index, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        // Names on the left, figures on the right.
        return index == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  /// The rows of one work.
  static func of(_ rows: [Row]) -> String {
    var table = TextTable(["", "tokens", "runs", "median", "p99", "longest", "ratio"])
    for row in rows {
      func text(_ value: Double?) -> String { value.map { FigureText.text($0, row.unit) } ?? "" }
      table.add([
        row.contender, FigureText.grouped(row.tokens), FigureText.grouped(row.samples),
        text(row.median), text(row.p99), text(row.longest),
        row.ratio.map(FigureText.ratio) ?? "",
      ])
    }
    let other = rows.lazy.compactMap(\.ratioTo).first
    return table.text + (other.map { "\nratio: to \($0)" } ?? "")
  }
}
