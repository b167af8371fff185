extension DirectoryWatch {
  /// Waits without blocking the caller's thread; the end of the task cancels the watch.
  func waitOnThread() async throws(DiskError) -> Outcome {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let wait = SingleWait(self, continuation)
        do throws(DiskError) { try DetachedThread.start { wait.run() } } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    } onCancel: {
      cancel()
    }
    return try result.get()
  }
}

/// One wait, and whom it is for.
private final class SingleWait: @unchecked Sendable {
  // Sendable: made by one thread and then used by another alone.
  private var watch: DirectoryWatch?
  private let continuation: CheckedContinuation<Result<DirectoryWatch.Outcome, DiskError>, Never>

  init(
    _ watch: DirectoryWatch,
    _ continuation: CheckedContinuation<Result<DirectoryWatch.Outcome, DiskError>, Never>
  ) {
    (self.watch, self.continuation) = (watch, continuation)
  }

  func run() {
    let result = Result { () throws(DiskError) in try watch?.wait() ?? .cancelled }
    // Let go before the task goes on, so that its end closes the descriptors.
    watch = nil
    continuation.resume(returning: result)
  }
}
