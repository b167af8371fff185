import FoundationEssentials

/// Figures as they are printed: three digits that count, thousands apart.
enum FigureText {
  static func text(_ value: Double, _ unit: Row.Unit) -> String {
    switch unit {
    case .microseconds where value >= 1_000_000: "\(digits(value / 1_000_000)) s"
    case .microseconds where value >= 1000: "\(digits(value / 1000)) ms"
    case .microseconds: "\(digits(value)) µs"
    case .savesPerSecond: "\(grouped(Int(value)))/s"
    case .bytes: "\(digits(value / 1_000_000)) MB"
    }
  }

  static func ratio(_ value: Double) -> String { "\(digits(value)) x" }

  /// Three digits that count, or all before the point.
  static func digits(_ value: Double) -> String {
    if value >= 99.95 { return grouped(Int(value.rounded())) }
    let scale: Double = value >= 9.995 ? 10 : 100
    let whole = Int((value * scale).rounded())
    let fraction = String(whole % Int(scale) + Int(scale)).dropFirst()
    return "\(whole / Int(scale)).\(fraction)"
  }

  static func grouped(_ value: Int) -> String {
    let text = String(value)
    var result = ""
    for (index, digit) in text.enumerated() {
      if index > 0, (text.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }
}
