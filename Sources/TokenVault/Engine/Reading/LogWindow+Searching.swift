internal import VaultCrypto

// Entries wherever they stand in the log.
extension LogWindow {
  /// Summarizes the extent of the last entry.
  mutating func summary(
    of position: LogPosition, _ hash: IndexHash, as format: RecordFormat
  ) throws(TokenVaultError) -> ExtentSummary {
    var summary = ExtentSummary()
    let start = position.area.start(ofExtent: position.extent)
    var offset = start + Int64(LogArea.headSize)
    while offset < position.end {
      guard let frame = try frame(at: offset),
        let text = try openAnywhere(frame, position.chain, at: offset)
      else { throw .damagedLogEntry(path: path, offset: offset) }
      let tag = try tag(of: frame, at: offset)
      if frame.kind == .summary {
        summary = ExtentSummary(behind: tag)
      } else {
        let entry = try TokenVaultError.wrap(
          at: path,
          contents: text.withSpan { (span) throws(SnapshotFault) in
            try LogEntry.decode(span, as: format)
          })
        summary.add(at: offset - start, tag: tag, nextID: entry.nextID, entry.tokens, hash)
      }
      offset += LogFrame.room(sealing: frame.textSize)
    }
    return summary
  }

  /// The tag of an entry before the last one of a log that was read up to `position`, as the frame behind it has it; nil
  /// if that frame no longer authenticates.
  mutating func tag(
    ofEntry number: UInt64, upTo position: LogPosition
  ) throws(TokenVaultError) -> [UInt8]? {
    var offset = try firstFrame(ofExtentBehind: number, upTo: position)
    while offset < position.end, let frame = try frame(at: offset) {
      if frame.number == (frame.kind == .entry ? number + 1 : number) {
        return try openAnywhere(frame, position.chain, at: offset) == nil ? nil : frame.tagBefore
      }
      offset += LogFrame.room(sealing: frame.textSize)
    }
    return nil
  }

  /// Where the first frame is of the extent that has the frame behind an entry.
  private mutating func firstFrame(
    ofExtentBehind number: UInt64, upTo position: LogPosition
  ) throws(TokenVaultError) -> Int64 {
    for extent in stride(from: position.extent, to: 0, by: -1) {
      let start = position.area.start(ofExtent: extent) + Int64(LogArea.headSize)
      let place = try window.range(LogFrame.size, at: start, ahead: false)
      if let summary = place.flatMap(frame), summary.number <= number { return start }
    }
    return position.area.start(ofExtent: 0) + Int64(LogArea.headSize)
  }

  mutating func tag(
    of frame: LogFrame, at offset: Int64
  ) throws(TokenVaultError) -> [UInt8] {
    let end = offset + Int64(frame.entrySize)
    let tag = try window.knownRange(LogFrame.tagSize, at: end - Int64(LogFrame.tagSize))
    return Array(window.bytes[tag])
  }

  /// The next place from `offset` on, at multiples of a frame's bytes, at which a frame stands, or what looks like one.
  mutating func nextFrame(
    from offset: Int64
  ) throws(TokenVaultError) -> (frame: LogFrame, offset: Int64)? {
    var offset = offset
    while size - offset >= Int64(LogFrame.size) {
      let piece = try piece(at: offset)
      let isZero = window.bytes.span.extracting(piece).isZero
      for place in stride(
        from: piece.lowerBound, through: piece.upperBound - LogFrame.size, by: LogFrame.size)
      where !isZero {
        if let frame = frame(in: place..<place + LogFrame.size) {
          return (frame, offset + Int64(place - piece.lowerBound))
        }
      }
      offset += Int64(piece.count / LogFrame.size * LogFrame.size)
    }
    return nil
  }

  /// The first extent's head from `offset` on, which stands at a multiple of ``LogArea/alignment``; nil if there is none.
  mutating func firstHead(
    from offset: Int64
  ) throws(TokenVaultError) -> (start: Int64, snapshotSalt: [UInt8])? {
    var place = LogArea.start(behind: offset)
    while size - place >= Int64(LogArea.headSize) {
      let head = try window.knownRange(LogArea.headSize, at: place)
      if let salt = LogArea.snapshotSalt(inHead: window.bytes.span.extracting(head)) {
        return (place, salt)
      }
      place += LogArea.alignment
    }
    return nil
  }

  /// Opens the entry at `offset`, whatever is before it; nil if it is not authentic.
  mutating func openAnywhere(
    _ frame: LogFrame, _ chain: LogChain, at offset: Int64
  ) throws(TokenVaultError) -> SecretBytes? {
    guard let range = try window.range(frame.entrySize, at: offset) else { return nil }
    return try TokenVaultError.wrap(
      crypto: chain.openAnywhere(frame, window.bytes.span.extracting(range)))
  }

  /// Makes a chain go on behind the entry at `offset`, which was opened.
  mutating func advance(
    _ chain: inout LogChain, past frame: LogFrame, at offset: Int64
  ) throws(TokenVaultError) {
    guard let range = try window.range(frame.entrySize, at: offset) else { return }
    chain.advance(past: frame, window.bytes.span.extracting(range))
  }

  /// Where in the window the bytes from `offset` on are: a frame, or all that are left, and some of those read ahead, so
  /// that a piece of zeros is passed over as a whole.
  mutating func piece(at offset: Int64) throws(TokenVaultError) -> Range<Int> {
    let count = min(LogFrame.size, Int(size - offset))
    let start = try window.knownRange(count, at: offset).lowerBound
    return start..<min(start + Int(LogArea.alignment), window.bytes.count)
  }
}
