import Glibc

/// Whether this process runs under AddressSanitizer, which makes mlock(2) do nothing, and ends a process that has not
/// freed everything.
enum AddressSanitizer {
  static let isRunning = unsafe dlsym(nil, "__asan_init") != nil
}
