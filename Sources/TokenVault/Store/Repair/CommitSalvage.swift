internal import VaultCrypto

/// What can still be read of the commits behind a snapshot, where some of them are damaged.
///
/// Each commit has whole records, so those behind a damaged one are as good as those before it. Each is bound to the
/// salt of the one before: where that is damaged too, the next one is lost with it.
struct CommitSalvage {
  private(set) var table: TokenTable
  private(set) var chain: CommitChain
  /// How many commits were sound.
  private(set) var sound = 0
  /// The bytes of a commit that was never acknowledged.
  private(set) var unfinished = 0
  /// Whether there was anything that must not be there.
  private(set) var isDamaged = false
  /// Whether the table's next id is above every id that was ever given: a sound commit says so, also for those before
  /// it, and one that is lost may have had others.
  private(set) var isNextIDCertain: Bool
  /// The ids of the records that the sound commits have.
  private(set) var savedIDs: Set<ExactText> = []

  private let format: RecordFormat
  private let dataKey: DataKey

  /// Behind the snapshot that has these records.
  init(
    _ table: TokenTable, _ chain: CommitChain, _ format: RecordFormat, _ dataKey: DataKey,
    isNextIDCertain: Bool
  ) {
    (self.table, self.chain, self.format, self.dataKey) = (table, chain, format, dataKey)
    self.isNextIDCertain = isNextIDCertain
  }

  /// Takes in whatever can be read of all bytes behind the snapshot.
  mutating func run(_ bytes: Span<UInt8>) throws(CryptoError) {
    var offset = 0
    while offset < bytes.count {
      let rest = bytes.extracting(offset..<bytes.count)
      if let size = try takeCommit(rest) {
        offset += size
        continue
      }
      if try chain.isTorn(rest, dataKey) {
        unfinished = rest.count
        return
      }
      (isDamaged, isNextIDCertain) = (true, false)
      guard let size = try skipDamage(rest) else { return }
      offset += size
    }
  }

  /// The bytes of the commit that `rest` begins with; nil where it does not.
  private mutating func takeCommit(_ rest: Span<UInt8>) throws(CryptoError) -> Int? {
    guard let frame = CommitFrame(rest) else { return nil }
    let (size, isTooMuch) = frame.messageSize.addingReportingOverflow(CommitFrame.size)
    var next = chain
    guard !isTooMuch, size <= rest.count,
      let text = try next.open(rest.extracting(0..<size), dataKey),
      let (taken, ids) = try? text.withSpan({ (span) throws(SnapshotFault) in
        var taken = table
        let commit = try CommitContents.decode(span, as: format)
        try taken.apply(commit)
        return (taken, commit.tokens.compactMap(\.id))
      })
    else { return nil }
    (table, chain) = (taken, next)
    savedIDs.formUnion(ids.map(ExactText.init))
    (sound, isNextIDCertain) = (sound + 1, true)
    return size
  }

  /// Goes on to where the next commit begins, or may; nil where there is none.
  private mutating func skipDamage(_ rest: Span<UInt8>) throws(CryptoError) -> Int? {
    guard case .found(let frame, let offset) = try chain.nextFrame(in: rest, from: 0, dataKey)
    else { return nil }
    if offset > 0 {
      // Where none is missing, what stands before it is nobody's.
      if frame.number > chain.count + 1 { chain.skip(rest, number: frame.number - 1) }
      return offset
    }
    chain.skip(rest, number: frame.number)
    return min(rest.count, CommitFrame.size + frame.messageSize)
  }
}
