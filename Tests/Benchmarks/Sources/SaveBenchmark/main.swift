import FoundationEssentials
import Glibc
import Measuring
import TokenVault

// One save to an open vault of 30 tokens, against the same number of bytes replaced by hand: temporary file,
// fsync, rename, fsync of the directory. One of each in turn.

let directory = FileManager.default.currentDirectoryPath + "/save-benchmark-\(getpid())"
try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
defer { try? FileManager.default.removeItem(atPath: directory) }

let vault = try Vault.create(
  VaultConfiguration(path: "\(directory)/tokens.vault", key: .file("\(directory)/key")))
func record(_ user: Int, _ version: Int) -> OAuthToken {
  var token = OAuthToken()
  token.userName = "user\(user)@zylker.example"
  token.clientID = "1000.B74550FB9BFC7B79DBEA9449B25E2B"
  token.clientSecret = "372a10af38424f8ec27f733936dac146958a723c0d"
  token.refreshToken = Secret("1000.\(user)-" + String(repeating: "r", count: 64))
  token.accessToken = Secret(
    "1000.\(user)-\(1_000_000 + version)-" + String(repeating: "a", count: 56))
  token.expiresAt = Timestamp(millisecondsSince1970: 1_767_225_600_000).map { .at($0) }
  return token
}
try vault.save((1...30).map { record($0, 0) })
let size = Int(try vault.status().size)
let bytes = [UInt8](repeating: 7, count: size)

func must(_ result: Int32) { precondition(result >= 0, "a system call failed") }

func replaceByHand() {
  let (new, old) = ("\(directory)/plain.new", "\(directory)/plain")
  let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
  must(file)
  precondition(write(file, bytes, bytes.count) == bytes.count)
  must(fsync(file))
  must(close(file))
  must(rename(new, old))
  let parent = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  must(fsync(parent))
  must(close(parent))
}

let changes = (0..<64).map { record($0 % 30 + 1, $0 + 1) }
var version = 0
print("30 tokens, a file of \(size) bytes")
try Interleaved([
  ("bare replace", { replaceByHand() }),
  (
    "save",
    {
      version += 1
      let outcome = try vault.save(changes[version % changes.count])
      precondition(outcome.change == .updated)
    }
  ),
]).report(rounds: Int(CommandLine.arguments.dropFirst().first ?? "") ?? 1000)
