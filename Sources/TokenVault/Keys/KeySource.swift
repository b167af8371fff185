/// Where the key that opens a vault is kept.
public enum KeySource: Sendable, Equatable {
  /// In the default place: `$XDG_STATE_HOME/tokenvault/keys/<store id>.key`, with
  /// `~/.local/state` where the variable is not set.
  case standard
  /// In this file: 32 random bytes, for its owner alone.
  case file(String)
}
