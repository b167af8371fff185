import CBenchmark
import Glibc

/// System calls whose failure ends the measurement.
enum SystemCall {
  /// The result of a call that returns a negative number if it fails.
  @discardableResult
  static func check<Result: SignedInteger>(_ result: Result, _ name: String) throws -> Result {
    guard result >= 0 else { throw BenchmarkError("\(name): \(String(cString: strerror(errno)))") }
    return result
  }

  static func open(_ path: String, _ flags: Int32) throws -> Int32 {
    try check(Glibc.open(path, flags | O_CLOEXEC, 0o600), "open \(path)")
  }

  /// Writes all of the bytes.
  static func write(_ bytes: [UInt8], to file: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      rest = rest.dropFirst(try check(count, "write"))
    }
  }

  static func read(_ path: String, size: Int) throws -> [UInt8] {
    let file = try open(path, O_RDONLY)
    defer { close(file) }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = try check(Glibc.read(file, buffer.baseAddress, size), "read")
    }
  }

  static func status(_ path: String) throws -> stat {
    var result = stat()
    try check(stat(path, &result), "stat \(path)")
    return result
  }

  static func size(_ path: String) throws -> Int { Int(try status(path).st_size) }

  /// Waits until the file system of the current directory has nothing left to write.
  static func syncDisk() throws {
    let directory = try open(".", O_RDONLY | O_DIRECTORY)
    defer { close(directory) }
    try check(syncfs(directory), "syncfs")
  }
}
