public import ArgumentParser
public import TokenVault

extension RecordFormat: ExpressibleByArgument {}

extension ExchangeFormat: ExpressibleByArgument {
  public init?(argument: String) {
    if argument == "zoho-csv" {
      self = .zohoCSV
    } else if let format = RecordFormat(rawValue: argument) {
      self = .records(format)
    } else {
      return nil
    }
  }

  public static var allValueStrings: [String] { RecordFormat.allValueStrings + ["zoho-csv"] }

  public var defaultValueDescription: String {
    if case .records(let format) = self { format.rawValue } else { "zoho-csv" }
  }
}
