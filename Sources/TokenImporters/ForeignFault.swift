internal import Glibc
package import TokenRecords
package import TokenVault

/// Why the file of another program cannot be imported. No fault repeats a secret.
package enum ForeignFault: Error {
  /// The file is not what the program writes.
  case notOfProgram(String)
  /// A line is not what the program writes; lines count from 1.
  case line(Int, String)
  /// The JSON, or the records, cannot be read.
  case records(RecordError)
  /// The system's SQLite cannot be used, or refused the file.
  case database(String)
  /// A file beside this one cannot be read.
  case store(TokenVaultError)
  /// A call on a temporary file has failed.
  case file(path: String, call: String, errno: Int32)
}

extension ForeignFault: CustomStringConvertible {
  /// The reason in lower case without a full stop.
  package var description: String {
    switch self {
    case .notOfProgram(let reason), .database(let reason): reason
    case .line(let line, let reason): "line \(line): \(reason)"
    case .records(let error): "\(error)"
    case .store(let error): "\(error)"
    case .file(let path, let call, let errno):
      "\(call) '\(path)': \(unsafe String(cString: strerror(errno)))"
    }
  }
}
