internal import VaultCrypto

/// Opens single entries of earlier extents, each once.
struct EarlierEntries {
  /// Where a record is in the log: the number of its entry, and its place in the entry.
  struct Place: Comparable {
    let entry: UInt64
    let record: Int

    static func < (left: Self, right: Self) -> Bool {
      (left.entry, left.record) < (right.entry, right.record)
    }
  }

  /// A record as one entry has it.
  typealias Found = (place: Place, token: OAuthToken)

  /// False once an entry was not what its summary says, or more than the limit had to be opened: then nothing that was
  /// found counts.
  private(set) var isSound = true
  /// How many entries were opened.
  var count: Int { opened.count }

  private let earlier: EarlierExtents
  private let format: RecordFormat
  private let limit: Int
  private var window: LogWindow
  private var opened: [UInt64: TokenTable] = [:]

  init(_ earlier: EarlierExtents, _ window: LogWindow, as format: RecordFormat, atMost limit: Int) {
    (self.earlier, self.window, self.format, self.limit) = (earlier, window, format, limit)
  }

  /// Inserts the ids of the records that have, or had, the key of a query.
  mutating func insertIDs(
    having query: TokenQuery, into ids: inout Set<ExactText>
  ) throws(TokenVaultError) {
    for key in query.searchKeys {
      let hash = earlier.hash.value(of: key)
      for extent in earlier.extents {
        for index in extent.summary.entries(having: hash) {
          guard var entry = try entry(index, of: extent) else { return }
          for position in entry.positions(having: query) {
            if let id = entry.tokens[position].id { ids.insert(ExactText(id)) }
          }
        }
      }
    }
  }

  /// The record with an id, as the first entry that has one has it.
  mutating func first(ofID id: String) throws(TokenVaultError) -> Found? {
    try find(id, in: earlier.extents, \.self)
  }

  /// The record with an id, as the last entry that has one has it.
  mutating func last(ofID id: String) throws(TokenVaultError) -> Found? {
    try find(id, in: earlier.extents.reversed()) { $0.reversed() }
  }

  /// The record in the first of these extents that has it, in an order of its entries.
  private mutating func find(
    _ id: String, in extents: [EarlierExtents.Extent], _ order: ([Int]) -> [Int]
  ) throws(TokenVaultError) -> Found? {
    let hash = earlier.hash.value(of: SearchKey(.id, id))
    for extent in extents {
      for index in order(extent.summary.entries(having: hash)) {
        guard var entry = try entry(index, of: extent) else { return nil }
        guard let position = entry.position(ofID: id) else { continue }
        return (
          Place(entry: extent.number(ofEntry: index), record: position), entry.tokens[position]
        )
      }
    }
    return nil
  }

  /// The records of an entry, by its index in its extent; nil if nothing is sound any more.
  private mutating func entry(
    _ index: Int, of extent: EarlierExtents.Extent
  ) throws(TokenVaultError) -> TokenTable? {
    let number = extent.number(ofEntry: index)
    if let known = opened[number] { return known }
    guard isSound, count < limit, let entry = extent.summary.entry(index),
      let text = try window.open(number, entry, earlier.chain, at: extent.start + entry.offset)
    else {
      isSound = false
      return nil
    }
    let format = format
    let records = try TokenVaultError.wrap(
      at: window.path,
      contents: text.withSpan { (span) throws(SnapshotFault) in
        try LogEntry.decode(span, as: format)
      })
    let table = TokenTable(tokens: CopyOnWriteBlocks(records.tokens))
    opened[number] = table
    return table
  }
}

extension LogWindow {
  /// Opens the entry that a summary names; nil if it is another.
  fileprivate mutating func open(
    _ number: UInt64, _ entry: SummaryText.Entry, _ chain: LogChain, at offset: Int64
  ) throws(TokenVaultError) -> SecretBytes? {
    guard let frame = try frame(at: offset), frame.kind == .entry, frame.number == number,
      let text = try openAnywhere(frame, chain, at: offset),
      try tag(of: frame, at: offset) == entry.tag
    else { return nil }
    return text
  }
}
