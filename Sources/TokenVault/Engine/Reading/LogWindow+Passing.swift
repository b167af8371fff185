// The first entries of a log that a store has from elsewhere.
extension LogWindow {
  /// Passes over the entries before one with this number without opening them, for a store that has read, in the file that
  /// a compaction has replaced, what they say.
  ///
  /// The entry with the number is to be opened next: it authenticates the tag of the one before, and how many there are. So
  /// nothing can be put in the place of what follows; what is passed over may be damaged, which a check finds. The summary
  /// before it is opened, and the extents before that are not read: a store whose vault was compacted while thousands of
  /// entries came would keep its readers waiting.
  ///
  /// - Returns: False, with the position as it was, if the frames are not those of so many entries.
  mutating func pass(
    _ position: inout LogPosition, to number: UInt64
  ) throws(TokenVaultError) -> Bool {
    let start = position
    try passExtents(&position, to: number)
    while position.chain.count + 1 < number {
      if try passNext(&position) { continue }
      position = start
      return false
    }
    return true
  }

  /// Passes over the extents before the last one that begins with a summary of entries before this one.
  private mutating func passExtents(
    _ position: inout LogPosition, to number: UInt64
  ) throws(TokenVaultError) {
    let newest = (size - position.area.start - 1) / position.area.extentSize
    for extent in stride(from: newest, to: position.extent, by: -1) {
      var behind = position
      behind.begin(extent: extent)
      guard let range = try window.range(LogFrame.size, at: behind.end, ahead: false),
        let summary = frame(in: range), summary.kind == .summary, summary.number < number
      else { continue }
      if try openSummary(&behind) != nil { position = behind }
      return
    }
  }

  private mutating func passNext(_ position: inout LogPosition) throws(TokenVaultError) -> Bool {
    if try pass(.entry, &position) { return true }
    position.beginNextExtent()
    guard try pass(.summary, &position) else { return false }
    return try pass(.entry, &position)
  }

  private mutating func pass(
    _ kind: LogFrame.Kind, _ position: inout LogPosition
  ) throws(TokenVaultError) -> Bool {
    guard let frame = try frame(at: position.end), frame.kind == kind,
      position.chain.isNext(frame), position.hasRoomInExtent(for: frame.textSize),
      let range = try window.range(frame.entrySize, at: position.end)
    else { return false }
    position.chain.advance(past: frame, window.bytes.span.extracting(range))
    position.pass(frame.textSize)
    return true
  }
}
