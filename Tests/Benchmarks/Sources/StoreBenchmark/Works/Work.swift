/// What is measured; the names that `--only` takes.
enum Work: String, CaseIterable, Sendable {
  case save, find, threads, processes, open, commands, `import`, compaction, memory

  var title: String {
    switch self {
    case .save: "Save one token, open store"
    case .find: "Find by user, open store (time of one find in a batch)"
    case .threads: "Threads saving at once"
    case .processes: "Processes saving at once"
    case .open: "Open the store and find one"
    case .commands: "Whole processes that print one token"
    case .import: "Import from CSV by the command"
    case .compaction: "Saves with a compaction among them, and a reader"
    case .memory: "Peak memory"
    }
  }

  func measure(in suite: Suite) throws -> [Row] {
    switch self {
    case .save: try SaveWork(suite: suite).measure()
    case .find: try FindWork(suite: suite).measure()
    case .threads: try ThreadsWork(suite: suite).measure()
    case .processes: try ProcessesWork(suite: suite).measure()
    case .open: try OpenWork(suite: suite).measure()
    case .commands: try CommandsWork(suite: suite).measure()
    case .import: try ImportWork(suite: suite).measure()
    case .compaction: try CompactionWork(suite: suite).measure()
    case .memory: try MemoryWork(suite: suite).measure()
    }
  }
}
