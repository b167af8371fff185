/// Why a program's output was not to be had.
enum ChildProcessError: Error {
  /// A system call failed.
  case system(DiskError)
  /// It took longer than it may, and was killed.
  case tookTooLong

  static func failed(_ call: String, _ errno: Int32) -> ChildProcessError {
    .system(DiskError(call: call, path: nil, errno: errno))
  }

  /// As the end of a sentence.
  var problem: String {
    switch self {
    case .system(let error): "\(error.call): \(error.reason)"
    case .tookTooLong: "it took longer than it may"
    }
  }
}
