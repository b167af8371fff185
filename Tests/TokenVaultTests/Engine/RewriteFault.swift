/// What fails besides the flush, if that fails.
enum RewriteFault: CaseIterable, Sendable {
  /// Nothing: the file is written anew.
  case succeeds
  /// The new file's own flush.
  case isNotFlushed
  /// Every call from the flush on.
  case fails

  /// Whether a call fails that comes behind the flush.
  func refuses(_ call: String) -> Bool {
    switch self {
    case .succeeds: false
    case .isNotFlushed: call == "fsync"
    case .fails: true
    }
  }
}
