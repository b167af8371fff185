import Dispatch
import Synchronization

/// The same work in several threads at once.
final class ThreadGroup<Value: Sendable>: Sendable {
  private let results = Mutex<[Result<Value, any Error>]>([])

  private init() {}

  /// Runs the body once for each index up to `count`, and returns the results in no order.
  ///
  /// Each has a queue of its own, and so a thread, however many of them block.
  static func run(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let (threads, all) = (DispatchGroup(), ThreadGroup())
    for index in 0..<count {
      DispatchQueue(label: "\(index)").async(group: threads) {
        let result = Result { try body(index) }
        all.results.withLock { $0.append(result) }
      }
    }
    threads.wait()
    return try all.results.withLock { $0 }.map { try $0.get() }
  }
}
