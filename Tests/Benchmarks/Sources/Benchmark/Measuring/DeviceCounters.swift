import CBenchmark
import Glibc

/// What the device below the current directory has done since it exists, for all processes.
final class DeviceCounters {
  /// Write requests, flushes among them, and flushes alone.
  struct Counts {
    var requests = 0, flushes = 0
  }

  private let file: Int32

  /// Nil if the file system is on no single block device.
  init?() {
    guard let device = try? SystemCall.status(".").st_dev,
      let file = try? SystemCall.open(
        "/sys/dev/block/\(gnu_dev_major(device)):\(gnu_dev_minor(device))/stat", O_RDONLY)
    else { return nil }
    self.file = file
  }

  deinit { close(file) }

  /// The fields 5 and 16 of the kernel's Documentation/block/stat.rst: "write I/Os" and "flush I/Os".
  func counts() -> Counts {
    var text = [UInt8](repeating: 0, count: 512)
    let count = pread(file, &text, text.count, 0)
    let fields = text.prefix(max(0, count)).split { $0 == 0x20 || $0 == 0x0A }
    guard fields.count > 15 else { return Counts() }
    let number = { (index: Int) in Int(String(decoding: fields[index], as: UTF8.self)) ?? 0 }
    return Counts(requests: number(4), flushes: number(15))
  }
}
