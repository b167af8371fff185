import FoundationEssentials
import Glibc
import Measuring
import TokenVault

// A rotation of all keys of a vault with 100,000 tokens of 500 bytes, against reading, writing, synchronizing
// and renaming the same number of bytes. One of each in turn; then the memory of a process that only rotates.

func peakMemory() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0) * 1024
}

func configuration(_ directory: String) -> VaultConfiguration {
  VaultConfiguration(path: "\(directory)/tokens.vault", key: .file("\(directory)/key"))
}

if CommandLine.arguments.count == 3 {
  let report = try Vault.rotate(configuration(CommandLine.arguments[2]))
  let memory = Double(try peakMemory())
  let size = Double(CommandLine.arguments[1]) ?? 1
  print(
    "memory of a rotation of \(report.tokens) tokens: \(Int(memory) / 1_000_000) MB,",
    "\((memory / size * 100).rounded() / 100) x the file")
  exit(0)
}

let directory = FileManager.default.currentDirectoryPath + "/rotation-benchmark-\(getpid())"
try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
defer { try? FileManager.default.removeItem(atPath: directory) }

func record(_ user: Int) -> OAuthToken {
  var token = OAuthToken()
  token.userName = "user\(user)@zylker.example"
  token.clientID = "1000.B74550FB9BFC7B79DBEA9449B25E2B"
  token.clientSecret = "372a10af38424f8ec27f733936dac146958a723c0d"
  token.refreshToken = Secret("1000.\(user)-" + String(repeating: "r", count: 64))
  token.accessToken = Secret("1000.\(user)-" + String(repeating: "a", count: 80))
  token.expiresAt = Timestamp(millisecondsSince1970: 1_767_225_600_000).map { .at($0) }
  token.apiDomain = "https://www.zohoapis.com"
  token.redirectURL = "https://www.zylker.example/oauth/callback"
  return token
}

do {
  let vault = try Vault.create(configuration(directory))
  try vault.save((1...100_000).map(record))
}
let vault = "\(directory)/tokens.vault"
let size = Int(try Vault(configuration(directory)).status().size)
print("100,000 tokens, a file of \(size) bytes")

func must(_ result: Int) { precondition(result >= 0, "a system call failed") }

func replaceByHand() {
  let source = open(vault, O_RDONLY | O_CLOEXEC)
  must(Int(source))
  var bytes = [UInt8](repeating: 0, count: size)
  var count = 0
  while count < size {
    let more = bytes.withUnsafeMutableBytes { read(source, $0.baseAddress! + count, size - count) }
    precondition(more > 0)
    count += more
  }
  must(Int(close(source)))
  let file = open("\(directory)/plain.new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  must(Int(file))
  var written = 0
  while written < size {
    let more = bytes.withUnsafeBytes { write(file, $0.baseAddress! + written, size - written) }
    precondition(more > 0)
    written += more
  }
  must(Int(fsync(file)))
  must(Int(close(file)))
  must(Int(rename("\(directory)/plain.new", "\(directory)/plain")))
}

try Interleaved([
  ("bare read + write + fsync + rename", { replaceByHand() }),
  ("rotate", { try Vault.rotate(configuration(directory)) }),
]).report(rounds: Int(CommandLine.arguments.dropFirst().first ?? "") ?? 15)

var process: pid_t = 0
let words = [CommandLine.arguments[0], "\(size)", directory]
let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
precondition(posix_spawn(&process, "/proc/self/exe", nil, nil, arguments, environ) == 0)
var status: Int32 = 0
waitpid(process, &status, 0)
