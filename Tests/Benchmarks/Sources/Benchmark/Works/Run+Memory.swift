import CBenchmark
import FoundationEssentials
import TokenVault

extension Run {
  /// Opens a vault, finds two users and counts all; reports this process's memory.
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
    try report("open, find two, count all", [memory("VmHWM:")], unit: "bytes")
    try report("the same, afterwards", [memory("VmRSS:")], unit: "bytes")
    // The vault stays open until here.
    withExtendedLifetime(vault) {}
    let text = RecordFormat.json.encode((1...size).map { TestRecord(number: $0).token })
    try report("the records' text", [Double(text.count)], unit: "bytes")
  }

  /// A line of the kernel's status of this process, such as "VmRSS:     1234 kB", in bytes.
  private func memory(_ name: String) throws -> Double {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
    return (Double(line.filter { $0.isASCII && $0.isNumber }) ?? 0) * 1024
  }
}
