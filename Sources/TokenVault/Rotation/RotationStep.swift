/// A step of a rotation.
public enum RotationStep: Sendable, Equatable {
  /// Seals the records again and writes them: a file of this many bytes.
  case sealing(bytes: Int)
  /// Opens the new vault with the new key, before anything depends on it.
  case verifying
  /// Replaces the old vault.
  case replacing
}
