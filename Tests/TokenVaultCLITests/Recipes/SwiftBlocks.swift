import Foundation

/// The blocks of Swift in the documentation, as a program of a reader has them.
enum SwiftBlocks {
  /// A block: where it is, and its code.
  struct Block: Sendable {
    let name: String
    let code: String

    /// The modules that it imports.
    var imports: Set<String> {
      Set(code.matches(of: /(?m)^import (\w+)/).map { String($0.output.1) })
    }

    /// Whether it imports what only packages of their own build: `Tests/Traits` and `Tests/AsyncHTTPClient`.
    var isOfAnotherPackage: Bool {
      !imports.isDisjoint(with: ["AsyncHTTPClient", "Configuration", "Logging"])
    }

    /// Its lines but the imports, as the body of a function at file level.
    var body: String {
      code.split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("import ") }.map { $0.isEmpty ? "" : "  \($0)" }
        .joined(separator: "\n").trimmingCharacters(in: .newlines)
    }

    /// The block as the body of a function, so that all can be compiled together.
    func function(_ number: Int) -> String {
      let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
      let (head, body) = (
        lines.filter { $0.hasPrefix("import ") }, lines.filter { !$0.hasPrefix("import ") }
      )
      return """
        import TokenVault
        \(head.joined(separator: "\n"))
        func block\(number)(vault: Vault) async throws {
        #sourceLocation(file: "\(name)", line: 1)
        \(body.joined(separator: "\n"))
        #sourceLocation()
        }
        """
    }
  }

  /// What the blocks leave to their reader.
  static let given = """
    import TokenVault
    struct Login { let accessToken = "", refreshToken = "" }
    struct Request { func setHeader(_ name: String, _ value: String) {} }
    let (answer, request) = (Login(), Request())
    let token = OAuthToken()
    """

  /// All blocks but the lines of a package manifest.
  static func all() throws -> [Block] {
    let root = CommandRunner.packageRoot
    let catalogs = try ["TokenVault", "TokenVaultHTTP"].flatMap { module in
      let catalog = "Sources/\(module)/\(module).docc"
      return try FileManager.default.contentsOfDirectory(atPath: root.appending(path: catalog).path)
        .filter { $0.hasSuffix(".md") }.sorted().map { "\(catalog)/\($0)" }
    }
    return try (["README.md"] + catalogs).flatMap { path in
      try HintSources.read(path).matches(of: /(?m)^```swift\n((?s).*?)\n```$/).enumerated().map {
        Block(name: "\(path), block \($0 + 1)", code: String($1.output.1))
      }
    }.filter { !$0.code.hasPrefix(".package(") }
  }
}
