internal import VaultCrypto

/// Reads all sound entries of a log of which some are damaged.
///
/// Each entry has whole records, so those behind a damaged one are as good as those before it. Each is bound to the salt
/// of the one before: if that is damaged, too, the next entry is lost with it. If the snapshot's salt is lost, only the
/// first entry is.
struct LogSalvage {
  private(set) var table: TokenTable
  private(set) var chain: LogChain
  /// The number of sound entries.
  private(set) var sound = 0
  /// The bytes of a torn write at the end.
  private(set) var unfinished = 0
  /// Whether the log has damaged bytes.
  private(set) var isDamaged = false
  /// Whether the table's next id is above every id that was ever assigned: a sound entry says so for itself and those
  /// before it; a lost one may have assigned others.
  private(set) var isNextIDCertain: Bool
  /// The ids of the records in the sound entries.
  private(set) var savedIDs: Set<ExactText> = []

  private let format: RecordFormat
  private let isSaltKnown: Bool
  private var window: LogWindow

  /// Begins behind the snapshot with these records. If its salt is not known, no frame's tag can be checked.
  init(
    _ table: TokenTable, _ chain: LogChain, _ format: RecordFormat, _ window: LogWindow,
    isNextIDCertain: Bool, isSaltKnown: Bool = true
  ) {
    (self.table, self.chain, self.format, self.window) = (table, chain, format, window)
    (self.isNextIDCertain, self.isSaltKnown) = (isNextIDCertain, isSaltKnown)
  }

  /// Applies all entries that can be read from `start` on, where the snapshot ends.
  mutating func run(from start: Int64) throws(TokenVaultError) {
    var offset = start
    while offset < window.size {
      if let size = try applyEntry(at: offset) {
        offset += size
      } else if try isTorn(at: offset) {
        unfinished = Int(window.size - offset)
        return
      } else {
        (isDamaged, isNextIDCertain) = (true, false)
        guard let next = try skipDamage(at: offset) else { return }
        offset = next
      }
    }
  }

  /// Applies the entry at `offset`.
  ///
  /// - Returns: Its bytes in the file; nil if no sound entry is there.
  private mutating func applyEntry(at offset: Int64) throws(TokenVaultError) -> Int64? {
    var next = chain
    guard let (text, size) = try window.open(&next, at: offset),
      let (changed, ids) = try? text.withSpan({ (span) throws(SnapshotFault) in
        var changed = table
        let entry = try LogEntry.decode(span, as: format)
        try changed.apply(entry)
        return (changed, entry.tokens.compactMap(\.id))
      })
    else { return nil }
    (table, chain) = (changed, next)
    savedIDs.formUnion(ids.map(ExactText.init))
    (sound, isNextIDCertain) = (sound + 1, true)
    return size
  }

  /// Whether the bytes at `offset`, which are no entry, are a torn write.
  private mutating func isTorn(at offset: Int64) throws(TokenVaultError) -> Bool {
    if !isSaltKnown, let (frame, place) = try window.nextSealed(chain, from: offset) {
      // Cut by the end of the file, or followed by a later one.
      return place == offset && Self.end(of: frame, at: offset) > window.size
    }
    return try window.isTorn(chain, from: offset)
  }

  /// Where the next entry begins, or may; nil if there is none.
  private mutating func skipDamage(at offset: Int64) throws(TokenVaultError) -> Int64? {
    let found =
      try isSaltKnown
      ? window.nextFrame(chain, from: offset) : window.nextSealed(chain, from: offset)
    guard let (frame, place) = found else { return nil }
    if place > offset {
      // If no number is missing, the bytes before it are no entry.
      if frame.number > chain.count + 1 {
        try window.skip(&chain, at: offset, number: frame.number - 1)
      }
      return place
    }
    try window.skip(&chain, at: offset, number: frame.number)
    return min(window.size, Self.end(of: frame, at: offset))
  }

  private static func end(of frame: LogFrame, at offset: Int64) -> Int64 {
    offset + Int64(frame.entrySize)
  }
}
