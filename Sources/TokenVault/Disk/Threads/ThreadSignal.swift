internal import CLinux
internal import Glibc

/// An event that happens once, and that threads wait for. Not Dispatch's semaphore, whose library each command would
/// have to load.
@safe package final class ThreadSignal: @unchecked Sendable {
  // Sendable: pthread mutexes and conditions are made to be shared.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isGiven = false

  /// An event that has not happened.
  package init() {
    unsafe lock.initialize(to: pthread_mutex_t())
    unsafe condition.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    // A clock that is never set.
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  /// Wakes all threads that wait, and those that will.
  package func give() {
    unsafe pthread_mutex_lock(lock)
    isGiven = true
    unsafe pthread_cond_broadcast(condition)
    unsafe pthread_mutex_unlock(lock)
  }

  /// Waits until the signal is given.
  package func wait() {
    unsafe pthread_mutex_lock(lock)
    while !isGiven { unsafe pthread_cond_wait(condition, lock) }
    unsafe pthread_mutex_unlock(lock)
  }

  /// Waits for at most this long; returns whether the signal was given.
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
