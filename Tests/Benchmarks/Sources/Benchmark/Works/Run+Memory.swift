import FoundationEssentials
import TokenVault

extension Run {
  /// Opens a vault and uses all of it: finds many users, and saves one.
  func openVault() throws {
    let storage = try vault().openWarm()
    for number in 1...1000 { try storage.find(user: TestRecord.user(number % size + 1)) }
    var random = SeededGenerator(seed: .random(in: 0...Int.max))
    try storage.save(.random(of: size, &random))
  }

  /// Writes the records as text, for an import.
  func writeText() throws {
    let records = (1...size).map { TestRecord(number: $0).token }
    try Data(RecordFormat.json.encode(records)).write(to: URL(filePath: "all.json"))
  }
}
