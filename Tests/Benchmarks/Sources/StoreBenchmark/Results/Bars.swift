/// What the store must reach, checked against what was measured.
struct Bars {
  let results: Results

  private let vault = StoreKind.tokenVault.name
  private let wal = StoreKind.sqliteWAL.name
  private var smallest: Int { results.smallest }
  private var largest: Int { results.largest }

  init(results: Results) { self.results = results }

  var all: [Bar] { saving + together + reading + commands + compaction + memory }

  static func text(_ bars: [Bar]) -> String {
    var table = TextTable(["Bars", "limit", "figure", ""])
    for bar in bars { table.add([bar.name, bar.limit, bar.figure, bar.verdict]) }
    return table.text
  }

  private func save(_ contender: String, _ tokens: Int) -> Double? {
    results.median(.save, contender, tokens)
  }

  private func at(_ tokens: Int) -> String { "\(FigureText.grouped(tokens)) tokens" }

  private var saving: [Bar] {
    let (few, many) = (save(vault, smallest), save(vault, largest))
    let journal = StoreKind.sqliteDelete.name
    let name = "save one token, \(at(largest))"
    var bars = [
      Bar(
        name, "<= 1.3 x append + fdatasync", many, by: save(AppendFloor.name, largest),
        atMost: 1.3),
      Bar(name, "< SQLite, WAL", many, by: save(wal, largest), atMost: 1),
    ]
    for size in results.sizes where size > smallest && size < largest {
      bars.append(
        Bar(
          "save one token, \(at(size))", "<= 1.2 x that at \(FigureText.grouped(largest))",
          save(vault, size), by: many, atMost: 1.2))
    }
    guard smallest < largest else { return bars }
    let small = "save one token, \(at(smallest))"
    return bars + [
      Bar(
        small, "<= 1.25 x write + fsync + rename", few, by: save(ReplaceFloor.name, smallest),
        atMost: 1.25),
      Bar(small, "< SQLite, DELETE", few, by: save(journal, smallest), atMost: 1),
    ]
  }

  private var together: [Bar] {
    func rate(_ work: Work, _ name: String) -> Double? { results.median(work, name, largest) }
    let threads = rate(.threads, ThreadsWork.name(vault, ThreadsWork.count))
    let other = rate(.threads, ThreadsWork.name(wal, ThreadsWork.count))
    let one = rate(.threads, ThreadsWork.name(vault, 1))
    let processes = ProcessesWork.name(vault, ProcessesWork.count)
    let alone = rate(.processes, ProcessesWork.name(vault, 1))
    let wait = results.row(.processes, RateRace.wait(processes), largest)
    let name = "\(ThreadsWork.count) threads saving, \(at(largest))"
    return [
      Bar(name, ">= 5 x one thread", threads, by: one, atLeast: 5),
      Bar(name, "> SQLite, WAL, as many", threads, by: other, atLeast: 1),
      Bar(
        "\(ProcessesWork.count) processes saving", ">= one process",
        rate(.processes, processes), by: alone, atLeast: 1),
      Bar(
        "the longest wait of one of them", "<= 100 x the median", wait?.longest,
        by: wait?.median, atMost: 100),
    ]
  }

  private var reading: [Bar] {
    let find = results.median(.find, vault, largest)
    let select = results.median(.find, wal, largest)
    let open = results.median(.open, vault, largest)
    let cipher = results.median(.open, MessageCipher.name, largest)
    let name = "find by user, \(at(largest))"
    return [
      Bar(
        name, "<= 2 µs", find.map { FigureText.text($0, .microseconds) }, find.map { $0 <= 2 }),
      Bar(name, "<= 0.3 x SQLite's prepared select", find, by: select, atMost: 0.3),
      Bar(
        "open \(at(largest)) and find one", "<= 4 x decrypting the bytes", open, by: cipher,
        atMost: 4),
    ]
  }

  private var commands: [Bar] {
    let many = results.median(.commands, CommandsWork.token, largest)
    let few = results.median(.commands, CommandsWork.token, smallest)
    let more = many.flatMap { many in few.map { many - $0 } }
    let name = "token ID, \(at(largest)), process"
    return [
      Bar(
        name, "< sqlcipher, raw key", many,
        by: results.median(.commands, CommandsWork.rawKey, largest), atMost: 1),
      Bar(
        name, "< sqlcipher, passphrase", many,
        by: results.median(.commands, CommandsWork.passphrase, largest), atMost: 1),
      Bar(
        name, "<= 60 ms above \(smallest)", more.map { FigureText.text(max(0, $0), .microseconds) },
        more.map { $0 <= 60_000 }),
      Bar(
        "import \(at(largest)) from CSV", "<= 6 x encrypt + replace",
        results.median(.import, ImportWork.command, largest),
        by: results.median(.import, ImportWork.floor, largest), atMost: 6),
    ]
  }

  private var compaction: [Bar] {
    let saves = results.row(.compaction, CompactionWork.saves, largest)
    let finds = results.row(.compaction, CompactionWork.finds, largest)
    let rewrite = results.median(.compaction, CompactionWork.deletes, largest)
    return [
      Bar(
        "a reader's longest pause in a compaction", "<= one compaction", finds?.longest,
        by: rewrite, atMost: 1),
      Bar(
        "p99.9 of \(FigureText.grouped(saves?.samples ?? 10_000)) saves", "< 2 x one compaction",
        saves?.p999, by: rewrite, atMost: 2),
    ]
  }

  private var memory: [Bar] {
    func bytes(_ name: String) -> Double? { results.median(.memory, name, largest) }
    let text = bytes(MemoryWork.plaintext)
    let open = Bar(
      "memory: \(MemoryWork.open)", "<= 3 x the text", bytes(MemoryWork.open), by: text, atMost: 3)
    return [open]
      + MemoryWork.commands.map(MemoryWork.command).map { name in
        Bar("memory: \(name)", "<= 2.5 x the text", bytes(name), by: text, atMost: 2.5)
      }
  }
}
