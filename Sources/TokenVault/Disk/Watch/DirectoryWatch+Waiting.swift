extension DirectoryWatch {
  /// Waits without blocking the caller's thread; cancelling the task cancels the watch.
  func waitOnThread() async throws(FileError) -> Outcome {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let wait = SingleWait(self, continuation)
        do throws(SystemCallError) { try DetachedThread.start { wait.run() } } catch {
          continuation.resume(returning: .failure(.system(error)))
        }
      }
    } onCancel: {
      cancel()
    }
    return try result.get()
  }
}

/// One wait, and the task that awaits it.
private final class SingleWait: @unchecked Sendable {
  // Sendable: made by one thread and then used by another alone.
  private var watch: DirectoryWatch?
  private let continuation: CheckedContinuation<Result<DirectoryWatch.Outcome, FileError>, Never>

  init(
    _ watch: DirectoryWatch,
    _ continuation: CheckedContinuation<Result<DirectoryWatch.Outcome, FileError>, Never>
  ) {
    (self.watch, self.continuation) = (watch, continuation)
  }

  func run() {
    let result = Result { () throws(FileError) in try watch?.wait() ?? .cancelled }
    // Released before the task resumes, so that the task's end closes the descriptors.
    watch = nil
    continuation.resume(returning: result)
  }
}
