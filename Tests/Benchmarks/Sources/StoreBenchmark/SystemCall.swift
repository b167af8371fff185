import Glibc

/// System calls whose failure ends the measurement.
enum SystemCall {
  /// The result of a call that is negative where it fails.
  @discardableResult
  static func check<Result: SignedInteger>(_ result: Result, _ name: String) throws -> Result {
    guard result >= 0 else { throw SuiteError("\(name): \(String(cString: strerror(errno)))") }
    return result
  }

  static func open(_ path: String, _ flags: Int32) throws -> Int32 {
    try check(Glibc.open(path, flags | O_CLOEXEC, 0o600), "open \(path)")
  }

  /// Writes all of the bytes.
  static func write(_ bytes: [UInt8], to file: Int32) throws {
    var written = 0
    while written < bytes.count {
      written += try bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        return try check(Glibc.write(file, rest.baseAddress, rest.count), "write")
      }
    }
  }

  /// Reads to the end.
  static func readAll(_ file: Int32) throws -> String {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try check(read(file, &part, part.count), "read")
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += part[..<count]
    }
  }

  static func status(_ path: String) throws -> stat {
    var result = stat()
    try check(stat(path, &result), "stat \(path)")
    return result
  }

  static func size(_ path: String) throws -> Int { Int(try status(path).st_size) }
}
