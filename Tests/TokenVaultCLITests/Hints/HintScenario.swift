import Foundation
import Testing

/// A situation in which a command prints a hint, and what following the hint comes to.
///
/// The shell lines have `tv`, which is the command with a vault and a key whose paths `$VAULT` and `$KEY` have blanks
/// and a quote in them. The vault holds the tokens 1 and 2; the default vault holds another, which no hint may touch.
struct HintScenario: Sendable, CustomTestStringConvertible {
  enum Following: Sendable {
    /// Runs the command that the hint has at its end, as it is printed; then the line again.
    case asPrinted
    /// Runs the line with this option, whose name the hint has.
    case option(String)
    /// Runs shell lines that do what the words say, in which `$HINT` is the hint; then the line again.
    case words(String)
  }

  /// The hint's template, as ``HintSources`` returns it.
  let hint: String
  /// Makes what the shell cannot, before there is a vault.
  var arrange: (@Sendable (CommandRunner) throws -> [String: String])?
  var before = ""
  let line: String
  let following: Following
  /// What must succeed at the end; nil for the line.
  var goal: String?
  /// The option that opens the vault then.
  var opening = #"--key-file "$KEY""#
  /// The ids of the tokens that the hint is there to delete.
  var deleted: Set<String> = []

  var testDescription: String { "\(line): \(hint)" }

  static let prelude = """
    VAULT="$HOME/it's a vault/tokens.vault"; KEY="$HOME/it's a vault/the key"
    tv() { tokenvault --vault "$VAULT" --key-file "$KEY" "$@"; }

    """

  static let setting = """
    mkdir -p "$HOME/it's a vault" && { [ -e "$VAULT" ] || tv init --quiet; } &&
    echo '{"user_name":"ann","access_token":"1"} {"user_name":"ben","access_token":"2"}' | tv save &&
    echo '{"user_name":"carl","access_token":"3"}' | tokenvault save --quiet
    """

  /// Whether the text is the hint, with something for each `…`, and perhaps options for the vault and the key.
  func isPrinted(as text: String) -> Bool {
    let words = hint.replacing("…", with: " … ").split(separator: " ").map(String.init)
    // Where `--key-file` names another key.
    var rest = text.replacing("--open-key-file", with: "--key-file")[...]
    for word in words where word != "…" {
      guard let range = rest.range(of: word) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }

  /// The command at the end of a hint.
  static func command(in hint: String) -> String {
    hint.ranges(of: /: (?=tokenvault |chmod |openssl |sudo )/).last.map {
      String(hint[$0.upperBound...])
    }
      ?? hint
  }
}
