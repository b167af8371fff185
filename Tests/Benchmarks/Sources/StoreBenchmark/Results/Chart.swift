import FoundationEssentials

/// The cost of a save against the number of tokens, both on logarithmic axes, as an SVG without dependencies.
struct Chart {
  private let results: Results
  private let curves: [ChartCurve]
  private let across: LogScale
  private let up: LogScale

  private static let (width, height) = (800.0, 420.0)
  private static let (left, right, top, bottom) = (72.0, 240.0, 48.0, 52.0)

  init(results: Results) throws {
    self.results = results
    curves = ChartCurve.all(of: results)
    let values = curves.flatMap { $0.points.map(\.microseconds) }
    guard let least = values.min(), let most = values.max() else {
      throw SuiteError("there are no saves in these results")
    }
    let tokens = Double(results.smallest)...Double(max(results.largest, results.smallest * 10))
    across = LogScale(values: tokens, start: Self.left, end: Self.width - Self.right)
    up = LogScale(
      values: LogScale.wholeDecades(least, most), start: Self.height - Self.bottom,
      end: Self.top)
  }

  func write(_ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

  private var text: String {
    let title = "Saving one token, durably: time against the number of tokens in the store"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" \
      role="img" aria-label="\(title)">
      \(ChartCurve.style)
      <text class="title" x="\(Self.left)" y="24">\(title)</text>
      \((grid + curves.map(drawn) + labels).joined(separator: "\n"))
      </svg>

      """
  }

  // MARK: Axes

  private var grid: [String] {
    let (end, foot) = (Self.width - Self.right, Self.height - Self.bottom)
    let rows = up.decades.map { value in
      let y = number(up.place(value))
      return """
        <path class="grid" d="M\(Self.left) \(y)H\(end)"/>\
        <text x="\(Self.left - 8)" y="\(y)" dy=".32em" text-anchor="end">\(time(value))</text>
        """
    }
    let columns = results.sizes.map { size in
      """
      <text x="\(number(across.place(Double(size))))" y="\(foot + 18)" text-anchor="middle">\
      \(FigureText.grouped(size))</text>
      """
    }
    return rows + columns + [
      "<path class=\"axis\" d=\"M\(Self.left) \(foot)H\(end)\"/>",
      "<text x=\"\((Self.left + end) / 2)\" y=\"\(foot + 40)\" text-anchor=\"middle\">tokens</text>",
    ]
  }

  private func time(_ microseconds: Double) -> String {
    switch microseconds {
    case 1_000_000...: "\(Int(microseconds / 1_000_000)) s"
    case 1000...: "\(Int(microseconds / 1000)) ms"
    default: "\(Int(microseconds)) µs"
    }
  }

  // MARK: Curves

  private func drawn(_ curve: ChartCurve) -> String {
    let places = curve.points.map { point in
      (number(across.place(Double(point.tokens))), number(up.place(point.microseconds)))
    }
    let path = places.map { "\($0) \($1)" }.joined(separator: "L")
    let dots = places.map { "<circle cx=\"\($0)\" cy=\"\($1)\" r=\"3\"/>" }.joined()
    return "<g class=\"\(curve.style)\"><path d=\"M\(path)\"/>\(dots)</g>"
  }

  /// At the lines' ends, moved apart where they would lie upon each other.
  private var labels: [String] {
    let space = 17.0
    let ends = curves.compactMap { curve in
      curve.points.last.map { (curve: curve, y: up.place($0.microseconds), point: $0) }
    }.sorted { $0.y < $1.y }
    var places = ends.map(\.y)
    for index in places.indices.dropFirst() {
      places[index] = max(places[index], places[index - 1] + space)
    }
    // What has slipped below the axis goes up again, and takes the others along.
    var floor = Self.height - Self.bottom + 8
    for index in places.indices.reversed() {
      places[index] = min(places[index], floor)
      floor = places[index] - space
    }
    return zip(ends, places).map { end, y in
      let x = across.place(Double(end.point.tokens)) + 10
      let figure = FigureText.text(end.point.microseconds, .microseconds)
      return """
        <text class="\(end.curve.style)" x="\(number(x))" y="\(number(y))" dy=".32em">\
        \(end.curve.contender), \(figure)</text>
        """
    }
  }

  /// A tenth of a unit is finer than any screen.
  private func number(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
