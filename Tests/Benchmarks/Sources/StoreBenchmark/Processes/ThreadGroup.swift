import Glibc
import Synchronization

/// The same work in several threads at once.
final class ThreadGroup<Value: Sendable>: Sendable {
  private let results = Mutex<[Result<Value, any Error>]>([])

  private init() {}

  /// Runs the body once for each index up to `count`, and gives what came of it, in no order.
  static func run(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let group = ThreadGroup()
    let threads = try (0..<count).map { index in
      try SystemThread.start {
        let result = Result { try body(index) }
        group.results.withLock { $0.append(result) }
      }
    }
    for thread in threads { pthread_join(thread, nil) }
    return try group.results.withLock { $0 }.map { try $0.get() }
  }
}
