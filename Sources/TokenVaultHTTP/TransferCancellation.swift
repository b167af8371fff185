internal import Synchronization

/// A wish to end a transfer, which it looks for about once a second.
final class TransferCancellation: Sendable {
  private let isWanted = Atomic(false)

  var isCancelled: Bool { isWanted.load(ordering: .relaxed) }

  func cancel() { isWanted.store(true, ordering: .relaxed) }
}
