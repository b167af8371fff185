import ArgumentParser
import TokenVault

struct ImportFormat: ExpressibleByArgument {
  /// Nil for `auto`: the text tells.
  let format: ExchangeFormat?

  init?(argument: String) {
    format = ExchangeFormat(argument: argument)
    if format == nil, argument != "auto" { return nil }
  }

  static let auto = ImportFormat()
  private init() { format = nil }

  static var allValueStrings: [String] { ["auto"] + ExchangeFormat.allValueStrings }
  var defaultValueDescription: String { format?.defaultValueDescription ?? "auto" }
}
