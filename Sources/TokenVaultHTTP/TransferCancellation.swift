internal import Synchronization

/// A request to end a transfer; libcurl checks it about once a second.
final class TransferCancellation: Sendable {
  private let isRequested = Atomic(false)

  var isCancelled: Bool { isRequested.load(ordering: .relaxed) }

  func cancel() { isRequested.store(true, ordering: .relaxed) }
}
