/// The README's table: the contenders below each other, what they cost beside.
struct MarkdownTable {
  let results: Results

  private var contenders: [String] {
    StoreKind.allCases.map(\.name) + [AppendFloor.name, ReplaceFloor.name, MessageCipher.name]
  }

  var text: String {
    let saves = results.sizes.map { "save, \(FigureText.grouped($0))" }
    let headings = [""] + saves + ["find", "16 threads saving", "open and find", "`token`"]
    let rules = headings.indices.map { $0 == 0 ? "---" : "---:" }
    let rows = contenders.map { [$0] + cells($0) }.filter { $0.dropFirst().contains { $0 != "–" } }
    return ([headings, rules] + rows).map { "| \($0.joined(separator: " | ")) |" }
      .joined(separator: "\n")
  }

  private func cells(_ contender: String) -> [String] {
    let size = results.largest
    let saves = results.sizes.map { cell(.save, contender, $0) }
    let threads = ThreadsWork.name(contender, ThreadsWork.count)
    return saves + [
      cell(.find, contender, size), cell(.threads, threads, size), cell(.open, contender, size),
      cell(.commands, command(contender), size),
    ]
  }

  /// The command that prints a token of this store.
  private func command(_ contender: String) -> String {
    switch contender {
    case StoreKind.tokenVault.name: CommandsWork.token
    case StoreKind.sqlcipherWAL.name: CommandsWork.rawKey
    case StoreKind.sqliteWAL.name: CommandsWork.sqlite
    default: ""
    }
  }

  private func cell(_ work: Work, _ contender: String, _ tokens: Int) -> String {
    results.row(work, contender, tokens).map { FigureText.text($0.median, $0.unit) } ?? "–"
  }
}
