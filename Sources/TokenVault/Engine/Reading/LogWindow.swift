internal import VaultCrypto

/// Reads log entries behind a vault's snapshot from a version of its file, in bounded memory for any number of bytes.
struct LogWindow {
  /// The path of the file, and the bytes of the version.
  var path: String { window.path }
  var size: Int64 { window.size }

  private let dataKey: DataKey
  private var window: FileWindow

  /// An entry of more bytes is read only once its key commitment is seen to be right: a megabyte.
  private static let claimLimit = 1 << 20
  /// Bytes that prove that a holder of the DEK sealed an entry: its frame, salt and key commitment.
  private static let startSize = LogFrame.size + MessageLayout.prefixSize

  init(_ file: VaultFile, _ version: VaultFile.Version, _ dataKey: DataKey) {
    (self.dataKey, window) = (dataKey, FileWindow(file, version))
  }

  /// Reads the entries behind `position`, up to the version's end, and lends the text of each.
  ///
  /// A torn write at the end is left in place: it was never acknowledged.
  ///
  /// - Throws: `TokenVaultError.damagedLogEntry` if the log has anything else that is not an entry;
  ///   `TokenVaultError.damaged` with the fault that `body` throws.
  mutating func read(
    _ position: inout LogPosition, _ body: (Span<UInt8>) throws(SnapshotFault) -> Void
  ) throws(TokenVaultError) {
    while position.end < size {
      guard let (text, count) = try open(&position.chain, at: position.end) else {
        if try isTorn(position.chain, from: position.end) { return }
        throw .damagedLogEntry(path: path, offset: position.end)
      }
      try TokenVaultError.wrap(at: path, contents: text.withSpan(body))
      position.pass(count)
    }
  }

  /// Opens the chain's next entry at `offset`, and advances the chain.
  ///
  /// - Returns: The entry's text, and its bytes in the file; nil if it is not there, or not authentic.
  mutating func open(
    _ chain: inout LogChain, at offset: Int64
  ) throws(TokenVaultError) -> (text: SecretBytes, size: Int64)? {
    guard let frame = try frame(at: offset), try mayBeLoaded(frame, chain, at: offset),
      let entry = try window.range(frame.entrySize, at: offset),
      let text = try TokenVaultError.wrap(
        crypto: chain.open(window.bytes.span.extracting(entry), dataKey))
    else { return nil }
    return (text, Int64(entry.count))
  }

  private mutating func frame(at offset: Int64) throws(TokenVaultError) -> LogFrame? {
    guard let frame = try window.range(LogFrame.size, at: offset) else { return nil }
    return LogFrame(window.bytes.span.extracting(frame))
  }

  /// Whether an entry takes little memory, or as much as a holder of the DEK says: a length that anyone can write must
  /// not exhaust memory.
  private mutating func mayBeLoaded(
    _ frame: LogFrame, _ chain: LogChain, at offset: Int64
  ) throws(TokenVaultError) -> Bool {
    if frame.messageSize <= Self.claimLimit { return true }
    // The same one: between two reads, the file may have become another.
    return try sealedFrame(chain, at: offset, behind: chain.lastSalt) == frame
  }

  /// Whether the bytes behind the chain's last entry, from `offset` on, are a torn write.
  mutating func isTorn(
    _ chain: LogChain, from offset: Int64
  ) throws(TokenVaultError) -> Bool {
    var check = TornWriteCheck(chain, size: Int(size - offset), dataKey)
    while let position = check.position {
      let piece = try piece(at: offset + Int64(position))
      try TokenVaultError.wrap(crypto: check.add(window.bytes.span.extracting(piece)))
    }
    return try TokenVaultError.wrap(crypto: check.isTorn())
  }

  // MARK: Damage

  /// Whether the frame of the chain's next entry stands at `offset`, by its tag.
  mutating func hasNextFrame(
    _ chain: LogChain, at offset: Int64
  ) throws(TokenVaultError) -> Bool {
    guard let frame = try frame(at: offset) else { return false }
    return try TokenVaultError.wrap(crypto: chain.isNext(frame, dataKey))
  }

  /// Makes the chain pass over the entry with this number, which cannot be opened.
  mutating func skip(
    _ chain: inout LogChain, at offset: Int64, number: UInt64
  ) throws(TokenVaultError) {
    chain.skip(behind: try salt(at: offset), number: number)
  }

  /// The first frame of a later entry at or after `offset`, by its tag.
  mutating func nextFrame(
    _ chain: LogChain, from offset: Int64
  ) throws(TokenVaultError) -> (frame: LogFrame, offset: Int64)? {
    let dataKey = dataKey
    return try search(chain, from: offset) { (_, frame, _) throws(TokenVaultError) in
      try TokenVaultError.wrap(crypto: chain.hasRightTag(frame, dataKey))
    }
  }

  /// The same if the snapshot's salt is lost, so that no tag can be checked. Two key commitments can prove an entry:
  /// its own, behind the last salt or the one at `offset`; or that of the next entry, behind its salt.
  mutating func nextSealed(
    _ chain: LogChain, from offset: Int64
  ) throws(TokenVaultError) -> (frame: LogFrame, offset: Int64)? {
    let salts = [chain.lastSalt, try salt(at: offset)]
    return try search(chain, from: offset) { (self, frame, place) throws(TokenVaultError) in
      for salt in salts where try self.sealedFrame(chain, at: place, behind: salt) != nil {
        return true
      }
      let end = place + Int64(frame.entrySize)
      let next = try self.sealedFrame(chain, at: end, behind: try self.salt(at: place))
      return next?.number == frame.number + 1
    }
  }

  private mutating func search(
    _ chain: LogChain, from offset: Int64,
    isRight: (inout Self, LogFrame, Int64) throws(TokenVaultError) -> Bool
  ) throws(TokenVaultError) -> (frame: LogFrame, offset: Int64)? {
    var scan = FrameScan(chain, size: Int(max(0, size - offset)))
    var position = offset
    while size - position >= Int64(LogFrame.size) {
      let range = try piece(at: position)
      // A copy: the test of a frame moves the window.
      let piece = window.bytes[range]
      let result = try scan.search(piece.span) { (frame, place) throws(TokenVaultError) in
        try isRight(&self, frame, position + Int64(place))
      }
      switch result {
      case .found(let frame, let place): return (frame, position + Int64(place))
      case .tooManyAttempts: return nil
      case .none: position += Int64(piece.count - FrameScan.overlap)
      }
    }
    return nil
  }

  // MARK: Bytes

  /// The frame of the entry at `offset` if a holder of the DEK sealed it behind the message with this salt.
  private mutating func sealedFrame(
    _ chain: LogChain, at offset: Int64, behind salt: [UInt8]
  ) throws(TokenVaultError) -> LogFrame? {
    guard let start = try window.range(Self.startSize, at: offset) else { return nil }
    return try TokenVaultError.wrap(
      crypto: chain.sealedFrame(window.bytes.span.extracting(start), behind: salt, dataKey))
  }

  /// The salt of the entry at `offset`; empty if the file ends before it does.
  private mutating func salt(at offset: Int64) throws(TokenVaultError) -> [UInt8] {
    let start = offset + Int64(LogFrame.size)
    return try window.range(MessageLayout.saltSize, at: start).map { Array(window.bytes[$0]) } ?? []
  }

  /// Where in the window the bytes from `offset` on are: a frame, or all that are left, and those read ahead.
  private mutating func piece(at offset: Int64) throws(TokenVaultError) -> Range<Int> {
    let count = min(LogFrame.size, Int(size - offset))
    return try window.knownRange(count, at: offset).lowerBound..<window.bytes.count
  }
}
