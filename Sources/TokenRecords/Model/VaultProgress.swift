/// How far a long operation on a vault has come.
public struct VaultProgress: Sendable, Equatable {
  /// What is being done.
  public enum Work: Sendable, Hashable {
    /// Reads the vault, another version of it, or the command's input; counted in bytes of the file.
    case reading
    /// Writes records; counted in records.
    case writing
  }

  /// What is being done now. An operation may begin another work, and the same one again.
  public let work: Work
  /// How much of it is done.
  public let done: Int64
  /// How much there is of it.
  public let total: Int64

  /// A state of a work.
  package init(_ work: Work, done: Int64, of total: Int64) {
    (self.work, self.done, self.total) = (work, done, total)
  }
}
