import CLibcrypto
import FoundationEssentials
import Glibc

/// Where and with what was measured.
struct Machine: Codable, Sendable {
  let date: String
  let kernel: String
  let processor: String
  let cores: Int
  let fileSystem: String
  /// By the libraries' names; absent for what is not installed.
  let versions: [String: String]

  init(scratch: Scratch, libraries: SQLLibraries) throws {
    date = String(Date.now.ISO8601Format().prefix(10))
    let release = try String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    kernel = String(release.filter { !$0.isNewline })
    processor = try Self.processor()
    cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    fileSystem = try Self.fileSystem(scratch.path)
    versions = try Self.versions(libraries)
  }

  private static func processor() throws -> String {
    let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ": ").last.map(String.init) ?? "unknown"
  }

  /// The one whose mount point is the longest on the way to the path.
  private static func fileSystem(_ path: String) throws -> String {
    let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
    let fields = mounts.split(separator: "\n").map { $0.split(separator: " ") }
    let above = fields.filter {
      $0.count > 2 && (path + "/").hasPrefix($0[1] == "/" ? "/" : $0[1] + "/")
    }
    return above.max { $0[1].count < $1[1].count }.map { String($0[2]) } ?? "unknown"
  }

  private static func versions(_ libraries: SQLLibraries) throws -> [String: String] {
    var versions: [String: String] = [:]
    versions["OpenSSL"] = OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) }
    versions["SQLite"] = libraries.sqlite?.version().map { String(cString: $0) }
    versions["SQLCipher"] = try libraries.cipherVersion()
    return versions
  }
}
