public import ArgumentParser
public import TokenVault

extension RecordFormat: ExpressibleByArgument {}

extension ExchangeFormat: ExpressibleByArgument {
  private static let zohoCSVName = "zoho-csv"

  public init?(argument: String) {
    if argument == Self.zohoCSVName {
      self = .zohoCSV
    } else if let format = RecordFormat(rawValue: argument) {
      self = .records(format)
    } else {
      return nil
    }
  }

  public static var allValueStrings: [String] { RecordFormat.allValueStrings + [zohoCSVName] }

  public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  public var defaultValueDescription: String {
    switch self {
    case .records(let format): format.rawValue
    case .zohoCSV: Self.zohoCSVName
    }
  }
}
