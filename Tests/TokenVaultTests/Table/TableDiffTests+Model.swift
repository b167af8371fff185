import Testing

@testable import TokenRecords
@testable import TokenVault

extension TableDiffTests {
  /// What a watcher knows of a record that was made once, and what has been done to it since it looked.
  private struct Life {
    let id: String
    var revision = 1
    var fields: [String: String]
    var rejection: Int?
    var seen: Seen?
    var isOver = false

    struct Seen {
      var revision: Int
      var fields: [String: String]
      var rejection: Int?
    }

    /// What it should be told, in order.
    var changes: [String] {
      if isOver { return seen.map { ["\(id) deleted \($0.revision)"] } ?? [] }
      let first = seen.map { $0.revision + 1 } ?? 1
      let names = Set(fields.keys).union(seen?.fields.keys ?? [:].keys)
      let differing = names.filter { fields[$0] != seen?.fields[$0] }.sorted()
      var texts: [String] = []
      var next = first
      while next <= revision {
        let kind = next == 1 ? "inserted" : "updated"
        let what = next == revision ? " \(differing)" : ""
        texts.append("\(id) \(kind) \(next)\(what)")
        next += 1
      }
      if let rejection, rejection != seen?.rejection { texts.append("\(id) rejected \(revision)") }
      return texts
    }
  }

  @Test func aRandomRunTellsWhatAModelKnows() throws {
    var random = SeededGenerator(state: 5)
    var table = TokenTable()
    var seen = table.tokens
    var lives: [Life] = []
    var told = 0
    for step in 1...20_000 {
      let id = "r\(Int.random(in: 1...12, using: &random))"
      let index = lives.firstIndex { $0.id == id && !$0.isOver }
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6:
        let field = ["access_token", "scope", "x", "y"].randomElement(using: &random) ?? ""
        let given = ["access_token": "\(step)"].merging([field: "\(step)"]) { $1 }
        let json = given.map { ",\"\($0)\":\"\($1)\"" }.joined()
        _ = try table.save(token("{\"id\":\"\(id)\"\(json)}"), now: moment(Int64(step)))
        if let index {
          lives[index].revision += 1
          lives[index].fields.merge(given) { $1 }
        } else {
          lives.append(Life(id: id, fields: given))
        }
      case 6..<7:
        guard let index, let code = RejectionCode("invalid_grant") else { continue }
        table.updateHistory(id: id) {
          $0.refresh = .rejected(at: moment(Int64(step)), code: code, unanswered: nil)
        }
        lives[index].rejection = step
      case 7..<8:
        guard let index else { continue }
        try table.delete(ids: [id])
        lives[index].isOver = true
      default:
        if Int.random(in: 0..<4, using: &random) > 0 { continue }
        let changes = Self.changesByID(from: seen, to: table.tokens)
        #expect(changes == Dictionary(grouping: lives.flatMap(\.changes)) { Self.id($0) })
        told += changes.values.reduce(0) { $0 + $1.count }
        seen = table.tokens
        lives.removeAll(where: \.isOver)
        for index in lives.indices {
          let life = lives[index]
          lives[index].seen = Life.Seen(
            revision: life.revision, fields: life.fields, rejection: life.rejection)
        }
      }
    }
    #expect(told > 5000)
  }

  private static func id(_ text: String) -> String { String(text.prefix { $0 != " " }) }

  private static func changesByID(
    from old: CopyOnWriteBlocks<OAuthToken>, to new: CopyOnWriteBlocks<OAuthToken>
  ) -> [String: [String]] {
    var difference = TableDiff(from: old, to: new, policy: RetentionPolicy(), at: moment(0))
    var texts: [String] = []
    while let change = difference.next() {
      let kind = change.kind == .refreshRejected ? "rejected" : change.kind.rawValue
      let fields = change.fields.map { " \($0.sorted())" } ?? ""
      texts.append("\(change.id) \(kind) \(change.revision)\(fields)")
    }
    return Dictionary(grouping: texts) { id($0) }
  }
}
