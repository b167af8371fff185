/// A value that belongs to the process that made it.
///
/// A forked child inherits its parent's memory, open file descriptions and locks. It must neither use nor release what
/// the parent holds, so it drops the inherited value and makes its own.
struct ProcessOwned<Value> {
  /// What a fork makes of a value.
  enum Kind: Sendable {
    /// The child makes its own.
    case memory
    /// The parent makes a new one, too: the child would share every lock that the parent takes later through the same
    /// open file description, and keep it if the parent is killed.
    case descriptor
  }

  private let kind: Kind
  private let make: @Sendable () -> Value
  private var stored: Value
  private var origin: ForkHistory

  init(_ kind: Kind = .memory, _ make: @escaping @Sendable () -> Value) {
    (self.kind, self.make, stored, origin) = (kind, make, make(), ForkHistory.now)
  }

  /// Stores a value that was made when the process had this history.
  mutating func store(_ value: Value, madeAt history: ForkHistory) {
    (stored, origin) = (value, history)
  }

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
    let now = ForkHistory.now
    if now.process == origin.process, kind == .memory || now.forks == origin.forks { return }
    (stored, origin) = (make(), now)
  }
}

extension ProcessOwned: Sendable where Value: Sendable {}
