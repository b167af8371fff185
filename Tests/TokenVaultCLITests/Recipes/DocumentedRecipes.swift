import Foundation

/// What the documentation tells its reader to run.
enum DocumentedRecipes {
  /// Every block of shell or of a systemd unit, every indented line with the command, and every command in a sentence.
  static func all() throws -> Set<String> {
    var recipes: Set<String> = []
    for path in try pages() {
      let text = try HintSources.read(path)
      for block in text.matches(of: /(?m)^```(?:sh|ini)\n((?s).*?)\n```$/) {
        recipes.insert(String(block.output.1))
      }
      // Not the header of a file, which begins so too.
      for line in text.matches(of: /(?m)^    ((?:tokenvault|t=\$\(tokenvault) [a-z].*)$/) {
        recipes.insert(String(line.output.1))
      }
      for line in text.matches(of: /`((?:tokenvault|systemctl) [^`<]+)`/) {
        recipes.insert(String(line.output.1))
      }
    }
    return recipes
  }

  private static func pages() throws -> [String] {
    let catalog = "Sources/TokenVault/TokenVault.docc"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: CommandRunner.packageRoot.appending(path: catalog).path)
    return ["README.md"] + names.filter { $0.hasSuffix(".md") }.map { "\(catalog)/\($0)" }
  }
}
