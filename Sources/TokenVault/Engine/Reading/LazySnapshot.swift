internal import VaultCrypto

/// A large snapshot that is not decoded, whose index finds records, and the records of the log behind it.
struct LazySnapshot: Sendable {
  /// The records of the log as its last entries have them, in the order of their first entries.
  private(set) var logged: TokenTable

  private let reader: VaultReader
  private let dataKey: DataKey
  private let index: IndexLayout
  /// The header row of CSV; none in JSON.
  private let headerRow: SecretBytes
  /// How many more keys may be looked up, or records decoded, before decoding all would have been quicker: both open a
  /// chunk, and decoding all opens each once.
  private var budget: Int
  private static let leastBudget = 16
  /// How many more transactions may do without all records: a store that writes again and again needs them.
  private var writes = 8

  /// Reads what is before the records, and verifies what the index says of the lengths.
  init(_ reader: VaultReader, _ dataKey: DataKey) throws(TokenVaultError) {
    (self.reader, self.dataKey) = (reader, dataKey)
    var snapshot = try reader.snapshot(with: dataKey)
    index = try reader.index(of: snapshot, with: dataKey).layout
    budget = max(Self.leastBudget, snapshot.layout.lastChunk)
    try snapshot.openChunk(at: 0)
    let contents = try TokenVaultError.wrap(
      at: reader.path, contents: SnapshotContents(snapshot.text.span))
    logged = TokenTable(nextID: contents.nextID, policy: contents.policy)
    var row: [UInt8] = []
    defer { row.cleanse() }
    let format = reader.header.format
    if format == .csv { row = try snapshot.row(at: contents.recordsStart, as: format) }
    headerRow = try TokenVaultError.wrap(crypto: SecretBytes(copying: row.span))
  }

  /// Whether it is time to decode all records.
  var isSpent: Bool { budget <= 0 || writes <= 0 }

  mutating func apply(_ entry: LogEntry) throws(SnapshotFault) { try logged.apply(entry) }

  /// The table of all records.
  func decoded() throws(TokenVaultError) -> TokenTable {
    var table = try reader.snapshotTable(with: dataKey)
    let entry = LogEntry(nextID: logged.nextID, tokens: Array(logged.tokens))
    try TokenVaultError.wrap(at: reader.path, contents: table.apply(entry))
    return table
  }

  // MARK: Some of the records

  /// A table in which a transaction can save these records, with all others that these queries fit; nil if decoding all is
  /// quicker, or only all records tell whether the new ones can be stored.
  mutating func table(
    for queries: [TokenQuery], saving tokens: [OAuthToken]
  ) throws(TokenVaultError) -> TokenTable? {
    writes -= 1
    let count = index.records + logged.tokens.count + tokens.count
    guard count <= RecordFormat.recordCountLimit, !isSpent else { return nil }
    // Those that new records may get.
    let ids = tokens.indices.map { TokenQuery(id: String(logged.nextID + UInt64($0))) }
    var names: AttributeNames?
    if reader.header.format == .csv {
      names = try attributeNames(with: tokens)
      guard names?.fitsInHeader == true else { return nil }
    }
    var table = try table(for: queries + ids)
    table?.attributeNames = names
    return table
  }

  /// The names of the unknown fields that records may have after a save.
  private func attributeNames(
    with tokens: [OAuthToken]
  ) throws(TokenVaultError) -> AttributeNames {
    var names = try TokenVaultError.wrap(
      at: reader.path,
      contents: SnapshotFault.wrap(
        records: headerRow.withSpan { (row) throws(RecordError) in
          try AttributeNames(headerRow: row)
        }))
    for token in logged.tokens { names.insert(token.attributes) }
    for token in tokens { names.insert(token.attributes) }
    return names
  }

  /// A table with all records that these queries fit, and perhaps others, in the vault's order; nil if decoding all is
  /// quicker.
  mutating func table(for queries: [TokenQuery]) throws(TokenVaultError) -> TokenTable? {
    var snapshot = try reader.snapshot(with: dataKey)
    guard var stored = try storedRecords(for: queries, in: &snapshot) else { return nil }
    var logged: Set<Int> = []
    for query in queries { logged.formUnion(self.logged.positions(having: query)) }
    for place in stored.indices {
      guard let position = self.logged.position(ofID: stored[place].token.id) else { continue }
      stored[place].token = self.logged.tokens[position]
      logged.remove(position)
    }
    // Only their places in the snapshot tell which is the oldest.
    if stored.count + logged.count > 1 {
      guard try move(&logged, to: &stored, in: &snapshot) else { return nil }
    }
    let tokens = stored.map(\.token) + logged.sorted().map { self.logged.tokens[$0] }
    return TokenTable(
      tokens: CopyOnWriteBlocks(tokens), nextID: self.logged.nextID, policy: self.logged.policy)
  }

  private typealias Stored = (offset: Int, token: OAuthToken)

  /// The records of the snapshot that queries may fit, in their order; nil if there are too many.
  private mutating func storedRecords(
    for queries: [TokenQuery], in snapshot: inout MessageChunks
  ) throws(TokenVaultError) -> [Stored]? {
    var index = try reader.index(of: snapshot, with: dataKey, known: index)
    var offsets: Set<Int> = []
    for key in queries.flatMap(\.searchKeys) {
      budget -= 1
      guard budget > 0, let found = try index.offsets(of: key, atMost: budget) else { return nil }
      offsets.formUnion(found)
    }
    budget -= offsets.count
    guard budget > 0 else { return nil }
    let ordered = offsets.sorted()
    return Array(zip(ordered, try decode(at: ordered, in: &snapshot)))
  }

  /// Moves those records of the log to the ones of the snapshot that are in it, too; false if that takes too long.
  private mutating func move(
    _ positions: inout Set<Int>, to stored: inout [Stored], in snapshot: inout MessageChunks
  ) throws(TokenVaultError) -> Bool {
    for position in positions {
      let token = logged.tokens[position]
      guard let id = token.id,
        let found = try storedRecords(for: [TokenQuery(id: id)], in: &snapshot)
      else { return false }
      guard let old = found.first(where: { $0.token.hasSameText(.id, as: token) }) else { continue }
      stored.append((old.offset, token))
      positions.remove(position)
    }
    stored.sort { $0.offset < $1.offset }
    return true
  }

  /// The records that begin at these offsets of the snapshot's text.
  private func decode(
    at offsets: [Int], in snapshot: inout MessageChunks
  ) throws(TokenVaultError) -> [OAuthToken] {
    if offsets.isEmpty { return [] }
    let format = reader.header.format
    var text = headerRow.withSpan { $0.array }
    defer { text.cleanse() }
    for offset in offsets {
      var row = try snapshot.row(at: offset, as: format)
      defer { row.cleanse() }
      text.makeRoom(for: row.count)
      text += row
    }
    let tokens = try TokenVaultError.wrap(
      at: reader.path, contents: SnapshotFault.wrap(records: format.decode(stored: text.span)))
    guard tokens.count == offsets.count else {
      throw .damaged(path: reader.path, place: "its index does not fit its snapshot")
    }
    return tokens
  }
}
