/// A step of a rotation.
public enum RotationStep: Sendable, Equatable {
  /// The records are sealed again, and written: a file of this many bytes.
  case sealing(bytes: Int)
  /// The new vault is opened with the new key, before anything depends on it.
  case verifying
  /// It is put in the old one's place.
  case replacing
}
