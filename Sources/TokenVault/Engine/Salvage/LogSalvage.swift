internal import VaultCrypto

/// What can still be read of the commits behind a snapshot, where some of them are damaged.
///
/// Each commit has whole records, so those behind a damaged one are as good as those before it. Each is bound to the
/// salt of the one before: where that is damaged too, the next one is lost with it. If the salt of the snapshot is lost,
/// the first is, and the others open.
struct LogSalvage {
  private(set) var table: TokenTable
  private(set) var chain: LogChain
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
  private let isSaltKnown: Bool
  private var window: LogWindow

  /// Behind the snapshot that has these records. If the salt is not known that the chain has to have, no frame's tag can
  /// be checked.
  init(
    _ table: TokenTable, _ chain: LogChain, _ format: RecordFormat, _ window: LogWindow,
    isNextIDCertain: Bool, isSaltKnown: Bool = true
  ) {
    (self.table, self.chain, self.format, self.window) = (table, chain, format, window)
    (self.isNextIDCertain, self.isSaltKnown) = (isNextIDCertain, isSaltKnown)
  }

  /// Takes in what can be read from `start` on, where the snapshot ends.
  mutating func run(from start: Int64) throws(TokenVaultError) {
    var offset = start
    while offset < window.size {
      if let size = try takeCommit(at: offset) {
        offset += size
      } else if try isUnfinished(at: offset) {
        unfinished = Int(window.size - offset)
        return
      } else {
        (isDamaged, isNextIDCertain) = (true, false)
        guard let next = try skipDamage(at: offset) else { return }
        offset = next
      }
    }
  }

  /// The bytes of the commit at `offset`; nil if none is there.
  private mutating func takeCommit(at offset: Int64) throws(TokenVaultError) -> Int64? {
    var next = chain
    guard let (text, size) = try window.open(&next, at: offset),
      let (taken, ids) = try? text.withSpan({ (span) throws(SnapshotFault) in
        var taken = table
        let commit = try LogEntry.decode(span, as: format)
        try taken.apply(commit)
        return (taken, commit.tokens.compactMap(\.id))
      })
    else { return nil }
    (table, chain) = (taken, next)
    savedIDs.formUnion(ids.map(ExactText.init))
    (sound, isNextIDCertain) = (sound + 1, true)
    return size
  }

  /// Whether what is there, and no commit, was never acknowledged.
  private mutating func isUnfinished(at offset: Int64) throws(TokenVaultError) -> Bool {
    if !isSaltKnown, let (frame, place) = try window.nextSealed(chain, from: offset) {
      // It is cut, or a later one is there.
      return place == offset && Self.end(of: frame, at: offset) > window.size
    }
    return try window.isTorn(chain, from: offset)
  }

  /// Where the next commit begins, or may; nil if there is none.
  private mutating func skipDamage(at offset: Int64) throws(TokenVaultError) -> Int64? {
    let found =
      try isSaltKnown
      ? window.nextFrame(chain, from: offset) : window.nextSealed(chain, from: offset)
    guard let (frame, place) = found else { return nil }
    if place > offset {
      // If none is missing, what stands before it is no commit.
      if frame.number > chain.count + 1 {
        try window.skip(&chain, at: offset, number: frame.number - 1)
      }
      return place
    }
    try window.skip(&chain, at: offset, number: frame.number)
    return min(window.size, Self.end(of: frame, at: offset))
  }

  private static func end(of frame: LogFrame, at offset: Int64) -> Int64 {
    offset + Int64(LogFrame.size + frame.messageSize)
  }
}
