import Foundation
import Testing

extension CommandRunner {
  /// Runs a line of shell that must fail with this exit code and a sentence that has these words in it, perhaps
  /// with a hint behind it, and change nothing of the standard vault; gives what it said.
  @discardableResult
  func expectFailure(
    _ status: Int32, _ sentence: String, _ line: String, input: String = "",
    _ location: SourceLocation
  ) throws -> String {
    let before = try? bytes(standardVault)
    let result = try shell(line, input: input)
    #expect(
      result.status == status && result.signal == nil, "\(line): \(result)",
      sourceLocation: location)
    let errors = result.errors.split(separator: "\n").filter {
      !$0.hasPrefix("tokenvault: warning")
    }
    #expect(errors.first?.hasPrefix("tokenvault: ") == true, "\(result)", sourceLocation: location)
    #expect(errors.first?.contains(sentence) == true, "\(result)", sourceLocation: location)
    #expect(
      errors.dropFirst().allSatisfy { $0.hasPrefix("hint: ") || $0.hasPrefix("usage: ") },
      "\(result)",
      sourceLocation: location)
    #expect((try? bytes(standardVault)) == before, sourceLocation: location)
    let left = try FileManager.default.contentsOfDirectory(atPath: file("data/tokenvault"))
    #expect(!left.contains { $0.hasSuffix(".new") }, sourceLocation: location)
    return result.errors
  }
}
