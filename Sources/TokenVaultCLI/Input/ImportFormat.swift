import ArgumentParser
import TokenImporters
import TokenVault

/// What `--from` names: a format of records, or the program that wrote the file.
enum ImportFormat: ExpressibleByArgument {
  /// The file tells.
  case auto
  case format(ExchangeFormat)
  case program(ForeignStore)

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let format = ExchangeFormat(argument: argument) {
      self = .format(format)
    } else if let program = ForeignStore(rawValue: argument) {
      self = .program(program)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] {
    ["auto"] + ExchangeFormat.allValueStrings + ForeignStore.allCases.map(\.rawValue)
  }

  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  var defaultValueDescription: String {
    switch self {
    case .auto: "auto"
    case .format(let format): format.defaultValueDescription
    case .program(let program): program.rawValue
    }
  }

  /// The format of records that is named.
  var exchange: ExchangeFormat? { if case .format(let format) = self { format } else { nil } }
}
