internal import Glibc

extension Timestamp {
  /// The time of the host's clock, truncated to milliseconds; 1970 if the clock is beyond the year 9999.
  public static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    return Timestamp(millisecondsSince1970: milliseconds) ?? Timestamp(unchecked: 0)
  }
}
