internal import VaultCrypto

/// The extents of a log before its last one, whose entries stay sealed: the summaries tell which of them have a key.
struct EarlierExtents: Sendable {
  /// An extent, and what the summary behind it says of it.
  struct Extent: Sendable {
    /// Where it begins, in bytes of the file.
    let start: Int64
    /// The number of its last entry.
    let last: UInt64
    let summary: SummaryText

    /// The number behind the snapshot of an entry, by its index in the extent from 0.
    func number(ofEntry index: Int) -> UInt64 { last - UInt64(summary.entries) + UInt64(index) + 1 }
  }

  /// The extents, the oldest first.
  let extents: [Extent]
  /// The hashes of keys.
  let hash: IndexHash
  /// What opens an entry: the chain behind the snapshot.
  let chain: LogChain

  /// The number of entries.
  var count: UInt64 { extents.last?.last ?? 0 }
  /// The next id after the last of them.
  var nextID: UInt64 { extents.last?.summary.nextID ?? 0 }
  /// A number that the records of all entries do not exceed: each has an id, which is a key.
  var recordLimit: Int { extents.reduce(0) { $0 + $1.summary.keys } }
}

extension LogWindow {
  /// Opens the summaries of a log, the newest first, and makes `position` go on behind that one.
  ///
  /// Each summary was sealed for its extent and behind this snapshot, and names the one before by its tag: so the newest
  /// one proves them all.
  ///
  /// - Parameter position: The empty log; unchanged if the result is nil.
  /// - Returns: Nil if there are none, or if anything is not as a writer leaves it: then the log must be read in order.
  mutating func earlierExtents(
    _ position: inout LogPosition, _ hash: IndexHash
  ) throws(TokenVaultError) -> EarlierExtents? {
    let newest = (size - position.area.start - 1) / position.area.extentSize
    guard position.isLarge, newest > 0 else { return nil }
    var behind = position
    behind.begin(extent: newest)
    guard let last = try openSummary(&behind), var extents = try extents(upTo: last, position)
    else { return nil }
    extents.reverse()
    position = behind
    return EarlierExtents(extents: extents, hash: hash, chain: behind.chain)
  }

  /// A summary that was opened.
  typealias OpenedSummary = (frame: LogFrame, tag: [UInt8], text: SummaryText)

  /// The extents up to the one that this summary describes, the newest first.
  private mutating func extents(
    upTo newest: OpenedSummary, _ start: LogPosition
  ) throws(TokenVaultError) -> [EarlierExtents.Extent]? {
    var (extents, summary) = ([EarlierExtents.Extent](), newest)
    var extent = (size - start.area.start - 1) / start.area.extentSize - 1
    while true {
      extents.append(
        EarlierExtents.Extent(
          start: start.area.start(ofExtent: extent), last: summary.frame.number,
          summary: summary.text))
      let (rest, isLess) = summary.frame.number.subtractingReportingOverflow(
        UInt64(summary.text.entries))
      if isLess { return nil }
      if extent == 0 {
        return rest == 0 && summary.text.tagBefore == start.chain.lastTag ? extents : nil
      }
      var place = start
      place.begin(extent: extent)
      guard let before = try openSummary(&place), before.tag == summary.text.tagBefore,
        before.frame.number == rest
      else { return nil }
      (summary, extent) = (before, extent - 1)
    }
  }

  /// Opens the summary at a place, whatever is before it, and goes on behind it; nil if there is none that fits itself.
  mutating func openSummary(
    _ position: inout LogPosition
  ) throws(TokenVaultError) -> OpenedSummary? {
    guard let frame = try frame(at: position.end), frame.kind == .summary,
      position.hasRoomInExtent(for: frame.textSize),
      let text = try openAnywhere(frame, position.chain, at: position.end),
      let summary = SummaryText(text),
      summary.entry(summary.entries - 1)?.tag == frame.tagBefore
    else { return nil }
    try advance(&position.chain, past: frame, at: position.end)
    position.pass(frame.textSize)
    return (frame, position.chain.lastTag, summary)
  }
}
