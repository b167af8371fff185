import Glibc
import Synchronization

/// Threads of the system, not tasks: a save blocks its thread.
final class RealThreads<Value: Sendable>: Sendable {
  private let results = Mutex<[Result<Value, any Error>]>([])
  private let body: @Sendable (Int) throws -> Value
  private let next = Atomic(0)

  private init(_ body: @escaping @Sendable (Int) throws -> Value) { self.body = body }

  /// Runs the body in as many threads at once, and gives what they give, in no order.
  static func run(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let threads = RealThreads(body)
    let ids = (0..<count).map { _ in threads.start() }
    for id in ids { pthread_join(id, nil) }
    return try threads.results.withLock { $0 }.map { try $0.get() }
  }

  private func runOne() {
    let index = next.add(1, ordering: .relaxed).oldValue
    let result = Result { try body(index) }
    results.withLock { $0.append(result) }
  }

  private func start() -> pthread_t {
    var id = pthread_t()
    // The closure of C can know nothing of `Value`.
    let run = Unmanaged.passRetained(ThreadBody { self.runOne() }).toOpaque()
    let error = pthread_create(
      &id, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, run)
    precondition(error == 0, "no thread can be made")
    return id
  }
}
