internal import VaultCrypto

/// Reads all sound entries of a log of which some are damaged.
///
/// Each entry has whole records and opens by itself, so those behind a damaged one are as good as those before it.
struct LogSalvage {
  /// What the sound entries lead to.
  private struct State {
    var table: TokenTable
    var chain: LogChain
    var sound = 0
    var isNextIDCertain: Bool
    var savedIDs: Set<ExactText> = []
  }

  private var state: State
  /// The state before the first entry that is missing, while it is not certain that it was flushed.
  private var beforeGap: State?
  /// The bytes of a write that was not finished.
  private(set) var unfinished = 0
  /// Whether an entry that was flushed is lost.
  private(set) var isDamaged = false
  /// Whether a summary that follows its entries does not fit them; they count all the same.
  private(set) var isSummaryWrong = false
  /// The highest number that an entry can have which was begun.
  private(set) var highestNumber: UInt64 = 0

  private let format: RecordFormat
  private var window: LogWindow
  private var summaryCheck: SummaryCheck

  var table: TokenTable { state.table }
  /// The last sound entry.
  var chain: LogChain { state.chain }
  /// The number of sound entries.
  var sound: Int { state.sound }
  /// Whether the table's next id is above every id that was ever assigned: a sound entry says so for itself and those
  /// before it; a lost one may have assigned others.
  var isNextIDCertain: Bool { state.isNextIDCertain }
  /// The ids of the records in the sound entries.
  var savedIDs: Set<ExactText> { state.savedIDs }

  /// Begins behind the snapshot with these records.
  init(
    _ table: TokenTable, _ chain: LogChain, _ format: RecordFormat, _ window: LogWindow,
    _ hash: IndexHash, isNextIDCertain: Bool
  ) {
    state = State(table: table, chain: chain, isNextIDCertain: isNextIDCertain)
    (self.format, self.window) = (format, window)
    summaryCheck = SummaryCheck(hash, as: format)
  }

  /// Applies all entries that can be read in a log area.
  ///
  /// - Parameter covered: The highest entry that this host knows to have been flushed.
  mutating func run(_ area: LogArea, covered: UInt64) throws(TokenVaultError) {
    let first = area.start + Int64(LogArea.headSize)
    var (offset, end, flushed) = (first, first, covered)
    while let (frame, place) = try window.nextFrame(from: offset) {
      highestNumber = max(highestNumber, frame.number)
      offset = place + Int64(LogFrame.size)
      let isAtExtent = (place - first) % area.extentSize == 0
      let isInPlace = frame.kind == .entry ? place == end : isAtExtent
      guard let text = try open(frame, at: place, isInPlace: isInPlace) else { continue }
      if frame.kind == .entry, (try? apply(text, frame)) == nil { continue }
      try window.advance(&state.chain, past: frame, at: place)
      if beforeGap == nil { check(text, frame.kind, at: (place - area.start) % area.extentSize) }
      flushed = max(flushed, frame.flushed)
      offset = place + LogFrame.room(sealing: frame.textSize)
      if beforeGap == nil { end = offset }
    }
    try settle(end, flushed)
  }

  /// Opens a later entry, or a summary that follows the last one.
  private mutating func open(
    _ frame: LogFrame, at place: Int64, isInPlace: Bool
  ) throws(TokenVaultError) -> SecretBytes? {
    let isNext = state.chain.isNext(frame)
    guard isNext || frame.kind == .entry && frame.number > state.chain.count,
      let text = try window.openAnywhere(frame, state.chain, at: place)
    else { return nil }
    if !isNext || !isInPlace, beforeGap == nil { beforeGap = state }
    if !isNext { state.isNextIDCertain = false }
    return text
  }

  private mutating func apply(_ text: SecretBytes, _ frame: LogFrame) throws(SnapshotFault) {
    let format = format
    let entry = try text.withSpan { (span) throws(SnapshotFault) in
      try LogEntry.decode(span, as: format)
    }
    var changed = state.table
    try changed.apply(entry)
    state.table = changed
    state.savedIDs.formUnion(entry.tokens.compactMap(\.id).map(ExactText.init))
    (state.sound, state.isNextIDCertain) = (state.sound + 1, true)
  }

  private mutating func check(_ text: SecretBytes, _ kind: LogFrame.Kind, at offset: Int64) {
    do throws(SnapshotFault) {
      try summaryCheck.add(kind, text, at: offset, tag: state.chain.lastTag)
    } catch {
      isSummaryWrong = true
    }
  }

  /// Decides whether what is missing had been flushed.
  private mutating func settle(_ end: Int64, _ flushed: UInt64) throws(TokenVaultError) {
    let inOrder = beforeGap ?? state
    let rest = try window.nonzeroUnits(from: end)
    highestNumber = rest == nil ? state.chain.count : max(highestNumber, inOrder.chain.count + 1)
    isDamaged = rest != nil && flushed > inOrder.chain.count
    if isDamaged {
      if flushed > state.chain.count { state.isNextIDCertain = false }
      return
    }
    // Nothing behind the gap was ever acknowledged.
    state = inOrder
    unfinished = rest.map { Int($0.last + Int64(LogFrame.size) - end) } ?? 0
  }
}
