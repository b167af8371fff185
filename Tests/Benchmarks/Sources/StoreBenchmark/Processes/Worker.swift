import CGNU
import Glibc
import Measuring
import TokenVault

/// What this program does when it has started itself: one process of several, or one whose memory is measured.
struct Worker {
  static let flag = "--worker"

  let arguments: [String]

  func run() throws {
    switch arguments.first {
    case "save": try save()
    case "read": try read()
    case "memory": try memory()
    case "usage": try usage()
    default: throw SuiteError("there is no such worker: \(arguments)")
    }
  }

  private func argument(_ index: Int) throws -> String {
    guard index < arguments.count else { throw SuiteError("the worker lacks arguments") }
    return arguments[index]
  }

  private func number(_ index: Int) throws -> Int { Int(try argument(index)) ?? 0 }

  private func store() throws -> Store {
    guard let kind = StoreKind(rawValue: try argument(1)) else {
      throw SuiteError("there is no such store")
    }
    return Store(
      kind: kind, path: try argument(2), size: try number(3), libraries: SQLLibraries())
  }

  private func say(_ text: String) throws { try SystemCall.write(Array("\(text)\n".utf8), to: 1) }

  /// Saves for a while, and says how many were in vain, how long that was and how long each save.
  private func save() throws {
    let loop = try SavingLoop(
      size: store().size, seed: number(4), time: .milliseconds(number(5)))
    let storage = try store().open()
    // The first save reads all records; the rate is that of a process that runs.
    var random = SeededGenerator(seed: loop.seed / 2)
    try storage.save(.random(of: loop.size, &random))
    try say("ready")
    _ = readLine()
    let result = try loop.run(storage)
    let times = [result.elapsed] + result.saves
    let lines = ["\(result.failures)"] + times.map { String($0.microseconds) }
    try say(lines.joined(separator: "\n"))
  }

  /// Finds until its input ends, and says how long the longest took, the median, and how many there were.
  private func read() throws {
    let (store, storage) = (try store(), try store().open())
    var random = SeededGenerator(seed: 77)
    try storage.find(user: TestRecord.user(1))
    try say("ready")
    _ = fcntl(0, F_SETFL, O_NONBLOCK)
    var (times, byte): ([Duration], UInt8) = ([], 0)
    while Glibc.read(0, &byte, 1) != 0 {
      let user = TestRecord.user(.random(in: 1...store.size, using: &random))
      times.append(try ContinuousClock().measure { try storage.find(user: user) })
      usleep(100)
    }
    let samples = Samples(times)
    try say("\(samples.longest.microseconds) \(samples.median.microseconds) \(samples.count)")
  }

  /// Opens a vault, finds two users and counts all, and says what memory it has and had.
  private func memory() throws {
    let store = try store()
    let vault = try Vault(VaultStorage.configuration(store.path))
    for number in [1, store.size] {
      let query = TokenQuery(userName: TestRecord.user(number))
      guard try vault.findToken(matching: query) != nil else { throw SuiteError("no such user") }
    }
    let count = try vault.allTokens().count
    malloc_trim(0)
    let memory = try ProcessMemory.current()
    try say("\(memory.peak) \(memory.resident) \(count)")
    // Until here the vault is open.
    withExtendedLifetime(vault) {}
  }

  /// Runs a command, and says how much memory it had: a process this small has no large one to pass on to it.
  private func usage() throws {
    try say("\(ChildProcess.run(Array(arguments.dropFirst())).peakMemory)")
  }
}
