import CBenchmark
import TokenVault

extension Run {
  /// Opens a vault, finds two users and counts all; keeps it open until its input ends, while the driver reads the
  /// process's memory. Then reports what the records' text would take.
  func openVault() throws {
    let vault = try Vault(VaultStorage.configuration(vault().path))
    for number in [1, size] {
      let query = TokenQuery(userName: TestRecord.user(number))
      guard try vault.findToken(matching: query) != nil else {
        throw BenchmarkError("no such user")
      }
    }
    _ = try vault.allTokens().count
    malloc_trim(0)
    try sayReady()
    _ = readLine()
    withExtendedLifetime(vault) {}
    let text = RecordFormat.json.encode((1...size).map { TestRecord(number: $0).token })
    try report("the records' text", [Double(text.count)], unit: "bytes")
  }
}
