internal import Synchronization

extension Vault {
  private typealias Saving = LaneCall<[SaveOutcome]>.Continuation

  /// Group commit for tasks: waits in the queue of the threads without a thread, and has one while it is its turn.
  func save(_ request: SaveRequest) async throws -> [SaveOutcome] {
    try Task.checkCancellation()
    let wait = LockWait()
    let result = await withTaskCancellationHandler {
      var timer: Task<Void, Never>?
      defer { timer?.cancel() }
      return await withCheckedContinuation { (task: Saving) in
        let write = QueuedWrite(request) { self.end($0, wait, task) }
        if queue.join(write) { return write.wake() }
        wait.whenCancelled { [queue] in if queue.abandon(write) { write.wake() } }
        timer = Task.detached { [queue, timeout = configuration.lockTimeout] in
          do { try await Task.sleep(for: timeout) } catch { return }
          if queue.abandon(write) { write.wake() }
        }
      }
    } onCancel: {
      wait.cancel()
    }
    return try result.get()
  }

  /// Ends the wait of a task in the queue: commits its save if it is its turn, and lets it go on.
  private func end(_ write: QueuedWrite, _ wait: LockWait, _ task: Saving) {
    let outcome = queue.outcome(of: write)
    switch outcome {
    case .done:
      // Another thread has saved it: too late for a cancellation.
      _ = wait.begin()
      task.resume(returning: Result { try write.outcome() })
    case .timeout:
      task.resume(returning: wait.run { try self.outcome(of: write, outcome) })
    case .turn:
      // Not by way of the task, for whose thread the other writers would wait.
      let call = LaneCall(wait, task) { try self.outcome(of: write, outcome) }
      ThreadCache.run { call.run() }
    }
  }
}
