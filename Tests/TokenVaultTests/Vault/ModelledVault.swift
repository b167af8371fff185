import Testing

@testable import TokenVault

/// A large vault on which random operations are done, two stores that have it open, and what it must hold by a slow
/// model.
struct ModelledVault {
  /// What the vault must hold.
  private struct Model {
    struct Record: Equatable {
      let id: String
      let user: String
      var access: String
      var revision: Int
    }

    var records: [Record] = []
    var nextID: UInt64 = 1
    var generation: UInt64 = 1
    var format: RecordFormat
    var policy = RetentionPolicy()

    mutating func save(_ user: String, _ access: String) {
      if let index = records.firstIndex(where: { $0.user == user }) {
        records[index].access = access
        records[index].revision += 1
        return
      }
      records.append(Record(id: "\(nextID)", user: user, access: access, revision: 1))
      nextID += 1
    }
  }

  private let directory: TemporaryDirectory
  private var model: Model
  private var stores: [Vault]
  private var random: SeededGenerator

  init(_ directory: TemporaryDirectory, _ format: RecordFormat, seed: UInt64) throws {
    self.directory = directory
    stores = [
      try directory.largeVault(format: format), try Vault(directory.configuration()),
    ]
    random = SeededGenerator(state: seed)
    model = Model(format: format)
    let long = String(repeating: "x", count: 20_000)
    for user in ["a", "b", "c", "d"] { model.save(user, user + long) }
    model.generation = 2
  }

  private var writer: Vault { get throws { try #require(stores.first) } }

  /// Does something, and says what.
  mutating func step(_ step: Int) throws -> String {
    stores.shuffle(using: &random)
    let operation = Int.random(in: 0..<24, using: &random)
    switch operation {
    case 0..<9: return try save(count: 1, step)
    case 9..<13: return try save(count: Int.random(in: 2...5, using: &random), step)
    case 13..<16: return try delete()
    case 16: return try convert(to: .json)
    case 17: return try convert(to: .csv)
    case 18: return try compact()
    case 19: return try rotate()
    case 20: return try setPolicy(seconds: Int64(1_000_000 + step))
    case 21: return try importTokens(step)
    default: return try reopen()
    }
  }

  /// Some are large, so that commits outgrow the snapshot.
  private mutating func given(_ count: Int, _ step: Int) throws -> [(user: String, access: String)]
  {
    let users = ["a", "b", "c", "d", "e", "f", "g", "h,\\\"h", "i", "j"].shuffled(using: &random)
    return users.prefix(count).map { user in
      let size = [1, 1, 1, 300, 20_000, 40_000].randomElement(using: &random) ?? 1
      return (user, "\(step)" + String(repeating: "\(step % 10)", count: size))
    }
  }

  private func tokens(_ given: [(user: String, access: String)]) -> [OAuthToken] {
    given.map { given in
      var token = OAuthToken()
      token.userName = given.user
      token.accessToken = Secret(given.access)
      return token
    }
  }

  private mutating func save(count: Int, _ step: Int) throws -> String {
    let given = try given(count, step)
    let outcomes = try writer.save(tokens(given))
    for given in given { model.save(given.user, given.access) }
    model.generation += 1
    for outcome in outcomes {
      #expect(
        model.records.contains {
          $0.id == outcome.token.id && $0.revision == outcome.token.revision
        })
    }
    return "save of \(given.map { "\($0.user) (\($0.access.count))" })"
  }

  private mutating func importTokens(_ step: Int) throws -> String {
    let given = try given(2, step)
    try writer.importTokens(tokens(given))
    for given in given { model.save(given.user, given.access) }
    model.generation += 1
    return "import of \(given.map(\.user))"
  }

  private mutating func delete() throws -> String {
    guard model.records.count > 3, let victim = model.records.randomElement(using: &random) else {
      return "nothing"
    }
    try writer.deleteToken(id: victim.id)
    model.records.removeAll { $0.id == victim.id }
    model.generation += 1
    return "delete of \(victim.user)"
  }

  private mutating func convert(to format: RecordFormat) throws -> String {
    try writer.convert(to: format)
    if format != model.format { model.generation += 1 }
    model.format = format
    return "conversion to \(format)"
  }

  private mutating func compact() throws -> String {
    if try !directory.layout().commits.isEmpty { model.generation += 1 }
    try writer.compact()
    #expect(try directory.layout().commits.isEmpty)
    return "compaction"
  }

  private mutating func rotate() throws -> String {
    var options = RotationOptions()
    options.keepsKey = Bool.random(using: &random)
    try writer.rotate(options)
    model.generation += 1
    return "rotation"
  }

  private mutating func setPolicy(seconds: Int64) throws -> String {
    model.policy.idle = .seconds(seconds)
    try writer.setPolicy(model.policy)
    model.generation += 1
    return "policy"
  }

  private mutating func reopen() throws -> String {
    stores[0] = try Vault(directory.configuration())
    return "reopening"
  }

  // MARK: What all must say

  mutating func expectAgreement(_ comment: Comment) throws {
    try expectLookUps(comment)
    for store in stores + [try Vault(directory.configuration())] {
      let (tokens, nextID, status) = try store.read {
        (Array($0.table.tokens), $0.table.nextID, VaultStatus($0))
      }
      let records = tokens.map { token in
        Model.Record(
          id: token.id ?? "", user: token.userName ?? "",
          access: token.accessToken?.revealed ?? "", revision: token.revision)
      }
      #expect(records == model.records, comment)
      #expect(nextID == model.nextID && status.generation == model.generation, comment)
      #expect(status.format == model.format && status.policy == model.policy, comment)
    }
  }

  /// Of a store that need not decode its records for them.
  private mutating func expectLookUps(_ comment: Comment) throws {
    let store = try Vault(directory.configuration())
    if let some = model.records.randomElement(using: &random) {
      for query in [TokenQuery(userName: some.user), TokenQuery(id: some.id)] {
        let found = try store.findWithoutUse(query)
        #expect(found?.id == some.id && found?.revision == some.revision, comment)
        #expect(found?.accessToken?.revealed == some.access, comment)
      }
    }
    #expect(try store.findWithoutUse(TokenQuery(userName: "nobody")) == nil, comment)
  }
}
