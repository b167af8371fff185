import Foundation

/// The hints that the sources hold, as templates: `…` stands for what a hint fills in.
enum HintSources {
  /// Each text that the library or the command may print behind `hint: `.
  static func templates() throws -> Set<String> {
    let errors = "Sources/TokenVault/Errors"
    var texts = try texts(
      of: "public var hint: String?", in: "\(errors)/TokenVaultError+Hints.swift")
    for path in try swiftFiles() {
      let source = try read(path)
      for match in source.matches(of: /(?:hint|remedy)(?::|\s=)\s*/) {
        texts += literal(at: source[match.range.upperBound...]).map { [$0] } ?? []
      }
    }
    return Set(texts)
  }

  /// What else stands behind `hint:` in the command: a hint of another error, which is passed on. All others are texts.
  static func passedOn() throws -> Set<String> {
    let sources = try swiftFiles().filter { $0.hasPrefix("Sources/TokenVaultCLI/") }
    return Set(
      try sources.flatMap { path in
        let source = try read(path)
        return source.matches(of: /hint:\s*([A-Za-z][A-Za-z.?]*)/).map { String($0.output.1) }
      })
  }

  static func read(_ path: String) throws -> String {
    try String(contentsOf: CommandRunner.packageRoot.appending(path: path), encoding: .utf8)
  }

  private static func swiftFiles() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(
      atPath: CommandRunner.packageRoot.appending(path: "Sources").path
    )
    .filter { $0.hasSuffix(".swift") }.map { "Sources/\($0)" }
  }

  /// The texts in the body of a property, without those that it only looks for.
  private static func texts(of property: String, in path: String) throws -> [String] {
    let source = try read(path)
    guard let start = source.range(of: property),
      let end = source[start.upperBound...].range(of: "\n  }\n")
    else { return [] }
    var rest = source[start.upperBound..<end.lowerBound]
    rest = String(rest).replacing(/contains\("[^"]*"\)/, with: "")[...]
    var found: [String] = []
    while let quote = rest.firstIndex(of: "\"") {
      guard let (text, end) = joined(at: rest[quote...]) else { break }
      found.append(text)
      rest = rest[end...]
    }
    return found
  }

  private static func literal(at source: Substring) -> String? { joined(at: source)?.text }

  /// A text that begins here, with those that `+` joins to it.
  private static func joined(at source: Substring) -> (text: String, end: String.Index)? {
    guard let match = source.prefixMatch(of: /"(?:[^"\\]|\\.)*"(?:\s*\+\s*"(?:[^"\\]|\\.)*")*/)
    else { return nil }
    let text = String(String(match.output).replacing(/"\s*\+\s*"/, with: "").dropFirst().dropLast())
    let template = text.replacing(/\\\((?:[^()]|\([^()]*\))*\)/, with: "…")
    return (template, match.range.upperBound)
  }
}
