internal import Glibc

/// Lets threads wait until something has happened once. Not Dispatch's semaphore: the library that it is in would have
/// to be loaded by each command.
@safe final class ThreadSignal: @unchecked Sendable {
  // Sendable: what is behind the pointers is made for it.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isGiven = false

  init() {
    unsafe lock.initialize(to: pthread_mutex_t())
    unsafe condition.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    // Of a clock that nobody sets.
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  /// Lets all go on who wait, and who come later.
  func give() {
    unsafe pthread_mutex_lock(lock)
    isGiven = true
    unsafe pthread_cond_broadcast(condition)
    unsafe pthread_mutex_unlock(lock)
  }

  /// Waits for it.
  func wait() {
    unsafe pthread_mutex_lock(lock)
    while !isGiven { unsafe pthread_cond_wait(condition, lock) }
    unsafe pthread_mutex_unlock(lock)
  }

  /// Waits for it, for at most so long; false if it has not happened by then.
  @discardableResult
  func wait(for duration: Duration) -> Bool {
    var end = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    let (seconds, attoseconds) = duration.components
    let nanoseconds = end.tv_nsec + Int(max(attoseconds, 0) / 1_000_000_000)
    end.tv_sec += Int(min(max(seconds, 0), 1 << 32)) + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    unsafe pthread_mutex_lock(lock)
    while !isGiven, unsafe pthread_cond_timedwait(condition, lock, &end) == 0 {}
    let result = isGiven
    unsafe pthread_mutex_unlock(lock)
    return result
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(lock)
    unsafe condition.deallocate()
    unsafe lock.deallocate()
  }
}
