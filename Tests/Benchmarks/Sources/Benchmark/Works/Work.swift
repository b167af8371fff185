/// What is measured, and the parts of `run.py` that need a process of their own.
enum Work: String, CaseIterable {
  case save, find, threads, open, log, `import`, compaction, codecs, rotation
  case fill, compact, saving, reading, memory, rotate

  func run(_ run: Run) throws {
    switch self {
    case .save: try run.saves()
    case .find: try run.finds()
    case .threads: try run.threads()
    case .open: try run.opens()
    case .log: try run.opensWithLog()
    case .import: try run.imports()
    case .compaction: try run.compactions()
    case .codecs: try run.codecs()
    case .rotation: try run.rotations()
    case .fill: _ = try run.stores()
    case .compact: try VaultStorage.compact(run.vault().path)
    case .saving: try run.savingProcess()
    case .reading: try run.readingProcess()
    case .memory: try run.openVault()
    case .rotate: try run.rotate()
    }
  }
}
