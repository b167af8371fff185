internal import VaultCrypto

/// Reads log entries behind a vault's snapshot from a version of its file, in bounded memory for any number of bytes.
struct LogWindow {
  /// The path of the file, and the bytes of the version.
  var path: String { window.path }
  var size: Int64 { window.size }

  private let file: VaultFile
  private let version: VaultFile.Version
  var window: FileWindow
  /// The most bytes of an entry: whatever else looks like a frame must not take memory.
  let entryLimit: UInt64

  /// How much an open store reads at once to look for new entries: the last tag, and where the next frame begins.
  static let glanceSize = LogFrame.tagSize + 2 * LogFrame.size
  /// How much it reads at once if there are some, and a look-up for one entry.
  static let entrySize = 4096
  /// How much a reader of the log reads at once: as much as a processor's nearest cache holds.
  static let aheadSize = 1 << 15
  /// How much a look-up reads at once to open summaries: as much as most of them have.
  static let summarySize = 20_480
  /// Compares the summaries with the entries, if that was asked for.
  var summaryCheck: SummaryCheck?

  /// - Parameter header: Says how long an extent is, which no entry exceeds.
  init(
    _ file: VaultFile, _ version: VaultFile.Version, _ header: VaultHeader,
    aheadSize: Int = aheadSize
  ) {
    (self.file, self.version, entryLimit) = (file, version, header.logExtent)
    window = FileWindow(file, version, aheadSize: aheadSize)
  }

  /// Reads the entries behind `position`, and lends the text of each.
  ///
  /// What was not finished at the end stays in place: it was never acknowledged.
  ///
  /// - Parameters:
  ///   - covered: The highest entry that is known to have been flushed, by this host's memory; asked for only if anything
  ///     but zeros is behind the last entry.
  ///   - body: Applies an entry.
  /// - Throws: `TokenVaultError.damagedLogEntry` if an entry that was flushed does not open; `TokenVaultError.damaged` with
  ///   the fault that `body` throws.
  mutating func read(
    _ position: inout LogPosition, covered: @autoclosure () throws(TokenVaultError) -> UInt64,
    _ body: (Span<UInt8>) throws(SnapshotFault) -> Void
  ) throws(TokenVaultError) {
    let path = path
    try readTexts(&position, covered: try covered()) { (text) throws(TokenVaultError) in
      try TokenVaultError.wrap(at: path, contents: body(text))
    }
  }

  /// The same for a `body` that does not parse the texts.
  mutating func readTexts(
    _ position: inout LogPosition, covered: @autoclosure () throws(TokenVaultError) -> UInt64,
    _ body: (Span<UInt8>) throws(TokenVaultError) -> Void
  ) throws(TokenVaultError) {
    try readEntries(&position, covered: try covered()) { (_, text, _) throws(TokenVaultError) in
      try body(text)
    }
  }

  /// What hears of an entry: its frame, its text, and the log that ends with it.
  typealias EntryBody = (LogFrame, Span<UInt8>, LogPosition) throws(TokenVaultError) -> Void

  /// The same for a `body` that needs the places of the entries, too.
  mutating func readEntries(
    _ position: inout LogPosition, covered: @autoclosure () throws(TokenVaultError) -> UInt64,
    _ body: EntryBody
  ) throws(TokenVaultError) {
    position.isClean = true
    guard position.isLarge else { return }
    try readEntries(&position, body)
    if position.hasSeenZeros(upTo: size), try isAtEnd(position) { return }
    guard let tail = try tail(behind: position) else {
      // A copy may have been cut within the zeros, or an extent begun without its head.
      position.isClean = size == position.area.end(ofExtent: position.extent)
      position.markZerosSeen()
      return
    }
    (position.isClean, position.begun) = (false, tail.begun)
    let highest = try max(tail.flushed, covered())
    if highest <= position.chain.count { return }
    // A writer may have written the entry, and the later ones, since its place was read.
    window = FileWindow(file, version, aheadSize: Self.aheadSize)
    try readEntries(&position, body)
    if position.chain.count < highest {
      throw .damagedLogEntry(path: path, offset: position.end)
    }
  }

  private mutating func readEntries(
    _ position: inout LogPosition, _ body: EntryBody
  ) throws(TokenVaultError) {
    while let (frame, text) = try openNext(&position) {
      try text.withSpan { (text) throws(TokenVaultError) in try body(frame, text, position) }
    }
  }

  /// Opens the next entry, behind the summary before it if it is in the next extent; nil if there is none.
  private mutating func openNext(
    _ position: inout LogPosition
  ) throws(TokenVaultError) -> (LogFrame, SecretBytes)? {
    if let entry = try open(.entry, &position) { return entry }
    var next = position
    next.beginNextExtent()
    guard try open(.summary, &next) != nil else { return nil }
    position = next
    return try open(.entry, &position)
  }

  private mutating func open(
    _ kind: LogFrame.Kind, _ position: inout LogPosition
  ) throws(TokenVaultError) -> (LogFrame, SecretBytes)? {
    guard let frame = try frame(at: position.end), frame.kind == kind,
      position.chain.isNext(frame), position.hasRoomInExtent(for: frame.textSize),
      let range = try window.range(frame.entrySize, at: position.end),
      let text = try TokenVaultError.wrap(
        crypto: position.chain.open(frame, window.bytes.span.extracting(range)))
    else { return nil }
    try TokenVaultError.wrap(
      at: path,
      contents: summaryCheck?.add(
        kind, text, at: position.offsetInExtent, tag: position.chain.lastTag))
    position.pass(frame.textSize)
    return (frame, text)
  }

  mutating func frame(at offset: Int64) throws(TokenVaultError) -> LogFrame? {
    try window.range(LogFrame.size, at: offset).flatMap(frame)
  }

  func frame(in range: Range<Int>) -> LogFrame? {
    guard let frame = LogFrame(window.bytes.span.extracting(range)),
      frame.entrySize <= entryLimit
    else { return nil }
    return frame
  }

  // MARK: The end

  /// Whether zeros are next, and no other extent, so that there is nothing new.
  mutating func isAtEnd(_ position: LogPosition) throws(TokenVaultError) -> Bool {
    if size > position.area.end(ofExtent: position.extent) { return false }
    let next = min(Int64(LogFrame.size), size - position.end)
    guard next > 0, let range = try window.range(Int(next), at: position.end) else { return true }
    return window.bytes.span.extracting(range).isZero
  }

  /// Whether the last entry of a log is where it was.
  mutating func hasLastEntry(_ position: LogPosition) throws(TokenVaultError) -> Bool {
    guard let offset = position.tagOffset else { return true }
    guard let range = try window.range(LogFrame.tagSize, at: offset) else { return false }
    return window.bytes.span.extracting(range).isEqualInConstantTime(
      to: position.chain.lastTag.span)
  }

  /// What is behind the last entry if it is not only zeros.
  private struct Tail {
    /// The highest flushed mark among the entries there that open.
    var flushed: UInt64 = 0
    /// The highest number in a frame there.
    var begun: UInt64 = 0
  }

  private mutating func tail(behind position: LogPosition) throws(TokenVaultError) -> Tail? {
    guard var offset = try nonzeroUnits(from: position.end)?.first else { return nil }
    var tail = Tail()
    var budget = 4 * (size - offset) + position.area.extentSize
    while let (frame, place) = try nextFrame(from: offset) {
      tail.begun = max(tail.begun, frame.number)
      if frame.flushed > max(tail.flushed, position.chain.count) {
        budget -= Int64(frame.entrySize)
        // So many places look like an entry and are none that this was made on purpose.
        if budget < 0 { throw .damagedLogEntry(path: path, offset: position.end) }
        if try openAnywhere(frame, position.chain, at: place) != nil {
          tail.flushed = frame.flushed
        }
      }
      offset = place + Int64(LogFrame.size)
    }
    return tail
  }

  /// The first and the last place from `offset` on, at multiples of a frame's bytes, with anything but zeros; nil if there
  /// is none.
  mutating func nonzeroUnits(
    from offset: Int64
  ) throws(TokenVaultError) -> (first: Int64, last: Int64)? {
    var (offset, found) = (offset, (first: Int64, last: Int64)?.none)
    while offset < size {
      let piece = try piece(at: offset)
      if !window.bytes.span.extracting(piece).isZero {
        for place in stride(from: piece.lowerBound, to: piece.upperBound, by: LogFrame.size)
        where !window.bytes.span.extracting(
          place..<min(place + LogFrame.size, piece.upperBound)
        ).isZero {
          let unit = offset + Int64(place - piece.lowerBound)
          found = (found?.first ?? unit, unit)
        }
      }
      offset += Int64(max(LogFrame.size, piece.count / LogFrame.size * LogFrame.size))
    }
    return found
  }
}
