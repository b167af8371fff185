internal import Glibc

/// A value that belongs to the process that made it.
///
/// A forked child inherits its parent's memory, open file descriptions and locks among that. It must neither use nor
/// release what the parent holds: in the child the inherited value is dropped, and another one is made.
struct ProcessOwned<Value> {
  private var owner = getpid()
  private var stored: Value
  private let make: @Sendable () -> Value

  init(_ make: @escaping @Sendable () -> Value) { (stored, self.make) = (make(), make) }

  /// Whether this process made the value.
  var isOurs: Bool { owner == getpid() }

  /// The value of this process.
  var value: Value {
    mutating get {
      renewAfterFork()
      return stored
    }
    _modify {
      renewAfterFork()
      yield &stored
    }
  }

  private mutating func renewAfterFork() {
    if !isOurs { (stored, owner) = (make(), getpid()) }
  }
}

extension ProcessOwned: Sendable where Value: Sendable {}
