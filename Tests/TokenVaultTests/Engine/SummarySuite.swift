import Synchronization
import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Tests of vaults whose logs have many extents, which are small so that some saves fill one.
protocol SummarySuite: IndexSuite {}

extension SummarySuite {
  /// A vault of 400 records whose extents are as small as can be.
  @discardableResult
  func makeVault(extents format: RecordFormat) throws -> Vault {
    let vault = try Vault.create(configuration, format: format)
    try vault.save(Self.records(400))
    try vault.write { (transaction) throws(TokenVaultError) in
      transaction.header.logExtent = VaultHeader.logExtentUnit
      try transaction.commit(previous: .leave, rewriting: true)
    }
    return try Vault(configuration)
  }

  /// Saves as programs make them, of old records and new ones, again and again: users, clients and tokens come back.
  static func history(_ count: Int, seed: UInt64 = 14) -> [[OAuthToken]] {
    var generator = SeededGenerator(state: seed)
    func number(_ limit: Int) -> Int { Int.random(in: 1...limit, using: &generator) }
    return (1...count).map { save in
      (0..<(save % 10 == 0 ? 3 : 1)).map { index in
        var record = OAuthToken()
        record.id = number(3) == 1 ? "new\(number(20)).\(index)" : "\(number(40) * 3 + index)"
        // A record with a user refuses another one, until it has lost its own.
        let users = [nil, nil, "", "user\(number(30))", "other\(number(20))"]
        record.userName = users[number(users.count) - 1]
        if number(6) == 1 { record.clientID = ["", "client1", "client2"][number(3) - 1] }
        record[.accessToken] = "access\(number(60))"
        if number(2) == 1 { record[.refreshToken] = "refresh\(number(40))" }
        if number(4) == 1 { record[.grantToken] = "grant\(number(12) * 5)" }
        record.attributes["save\(number(5))"] = .text(Secret("\(save)"))
        return record
      }
    }
  }

  static func query(_ field: TokenField, _ text: String?, _ client: String? = nil) -> TokenQuery {
    var partial = OAuthToken()
    partial[field] = text
    partial.clientID = client
    return TokenQuery(matching: partial)
  }

  /// By every kind of key that a record has.
  static func queries(_ token: OAuthToken) -> [TokenQuery] {
    let keys: [TokenField] = [.id, .userName, .accessToken, .refreshToken, .grantToken]
    return keys.flatMap { field in
      [query(field, token[field]), query(field, token[field], token.clientID)]
    } + [TokenQuery(userName: token.userName ?? "nobody", clientID: "client9")]
  }

  /// The offset of each extent's summary, but for the first, which has none.
  func summaries(_ layout: FileLayout) -> [Int] {
    stride(
      from: Int(layout.area.start(ofExtent: 1)), to: layout.bytes.count,
      by: Int(layout.area.extentSize)
    ).map { $0 + LogArea.headSize }
  }

  func records(_ vault: Vault) -> StoredRecords { vault.session.mutex.withLock { $0.records } }

  func layout() throws -> FileLayout { try directory.layout() }

  /// The error of a call; nil if there is none.
  func failure(_ work: () throws -> Void) -> TokenVaultError? {
    do { try work() } catch { return error as? TokenVaultError }
    return nil
  }
}
