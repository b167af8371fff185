internal import Synchronization

extension Vault {
  private typealias Saving = CheckedContinuation<Result<[SaveOutcome], any Error>, Never>

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
        wait.whenCancelled { self.abandon(write) }
        timer = Task.detached { [configuration] in
          do { try await Task.sleep(for: configuration.lockTimeout) } catch { return }
          self.abandon(write)
        }
      }
    } onCancel: {
      wait.cancel()
    }
    return try result.get()
  }

  private func abandon(_ write: QueuedWrite) { if queue.abandon(write) { write.wake() } }

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
      ThreadCache.run {
        task.resume(returning: wait.run { try self.outcome(of: write, outcome) })
      }
    }
  }
}
