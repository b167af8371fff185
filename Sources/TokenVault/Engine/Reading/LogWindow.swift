internal import VaultCrypto

/// Reads commits behind a vault's snapshot from a version of its file, however many bytes are there, in bounded memory.
struct LogWindow {
  /// The path of the file, and its bytes when it was looked at.
  var path: String { file.location.path }
  var size: Int64 { version.status.size }

  private let file: VaultFile
  private let version: VaultFile.Version
  private let dataKey: DataKey
  private var window: FileWindow

  /// A commit of more bytes is not read before its commitment is seen to be right: a megabyte.
  private static let claimLimit = 1 << 20
  /// What tells of a commit that a holder of the data key has sealed it: its frame, salt and commitment.
  private static let startSize = LogFrame.size + ChunkSalvage.prefixSize

  init(_ file: VaultFile, _ version: VaultFile.Version, _ dataKey: DataKey) {
    (self.file, self.version, self.dataKey) = (file, version, dataKey)
    window = FileWindow(file, version)
  }

  /// The text of the commit at `offset`, and its bytes in the file; nil if no sound next commit of the chain is there.
  /// The chain goes on behind it.
  mutating func open(
    _ chain: inout LogChain, at offset: Int64
  ) throws(TokenVaultError) -> (text: SecretBytes, size: Int64)? {
    guard let frame = try frame(at: offset), try mayBeLoaded(frame, chain, at: offset),
      let start = try load(LogFrame.size + frame.messageSize, at: offset)
    else { return nil }
    let count = LogFrame.size + frame.messageSize
    do throws(CryptoError) {
      let commit = window.bytes.span.extracting(start..<start + count)
      return try chain.open(commit, dataKey).map { ($0, Int64(count)) }
    } catch {
      throw TokenVaultError(error)
    }
  }

  private mutating func frame(at offset: Int64) throws(TokenVaultError) -> LogFrame? {
    guard let start = try load(LogFrame.size, at: offset) else { return nil }
    return LogFrame(window.bytes.span.extracting(start..<window.bytes.count))
  }

  /// Whether a commit takes little memory, or as much as a holder of the data key says: a length that anyone can write
  /// must not take all the memory there is.
  private mutating func mayBeLoaded(
    _ frame: LogFrame, _ chain: LogChain, at offset: Int64
  ) throws(TokenVaultError) -> Bool {
    if frame.messageSize <= Self.claimLimit { return true }
    return try sealedFrame(chain, at: offset, behind: chain.lastSalt) == frame
  }

  /// Whether what stands behind the chain's last commit, from `offset` on, was never acknowledged.
  mutating func isTorn(
    _ chain: LogChain, from offset: Int64
  ) throws(TokenVaultError) -> Bool {
    var check = TornWriteCheck(chain, tailSize: Int(size - offset), dataKey)
    while let position = check.position {
      let piece = try piece(at: offset + Int64(position))
      do { try check.add(piece.span) } catch { throw TokenVaultError(error) }
    }
    do { return try check.isTorn() } catch { throw TokenVaultError(error) }
  }

  // MARK: Damage

  /// Whether the frame of the chain's next commit stands at `offset`, by its tag.
  mutating func hasNextFrame(
    _ chain: LogChain, at offset: Int64
  ) throws(TokenVaultError) -> Bool {
    guard let frame = try frame(at: offset) else { return false }
    do { return try chain.isNext(frame, dataKey) } catch { throw TokenVaultError(error) }
  }

  /// Goes on behind what must be the commit of this number, which cannot be opened.
  mutating func skip(
    _ chain: inout LogChain, at offset: Int64, number: UInt64
  ) throws(TokenVaultError) {
    chain.skip(behind: try salt(at: offset), number: number)
  }

  /// The first frame of a later commit at or after `offset`, by its tag.
  mutating func nextFrame(
    _ chain: LogChain, from offset: Int64
  ) throws(TokenVaultError) -> (frame: LogFrame, offset: Int64)? {
    let dataKey = dataKey
    return try search(chain, from: offset) { (_, frame, _) throws(TokenVaultError) in
      do throws(CryptoError) { return try chain.isOurs(frame, dataKey) } catch {
        throw TokenVaultError(error)
      }
    }
  }

  /// The same if the snapshot's salt is lost, so that no tag tells: by the commitment of that commit, behind the last one
  /// or what stands at `offset`, or by that of the commit behind it.
  mutating func nextSealed(
    _ chain: LogChain, from offset: Int64
  ) throws(TokenVaultError) -> (frame: LogFrame, offset: Int64)? {
    let salts = [chain.lastSalt, try salt(at: offset)]
    return try search(chain, from: offset) { (self, frame, place) throws(TokenVaultError) in
      for salt in salts where try self.sealedFrame(chain, at: place, behind: salt) != nil {
        return true
      }
      let end = place + Int64(LogFrame.size + frame.messageSize)
      let next = try self.sealedFrame(chain, at: end, behind: try self.salt(at: place))
      return next?.number == frame.number + 1
    }
  }

  private mutating func search(
    _ chain: LogChain, from offset: Int64,
    isRight: (inout Self, LogFrame, Int64) throws(TokenVaultError) -> Bool
  ) throws(TokenVaultError) -> (frame: LogFrame, offset: Int64)? {
    var scan = FrameScan(chain, tailSize: Int(max(0, size - offset)), dataKey)
    var position = offset
    while size - position >= Int64(LogFrame.size) {
      let piece = try piece(at: position)
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

  /// The frame of the commit at `offset` if a holder of the data key has sealed it behind the message with this salt.
  private mutating func sealedFrame(
    _ chain: LogChain, at offset: Int64, behind salt: [UInt8]
  ) throws(TokenVaultError) -> LogFrame? {
    let start = try bytes(Self.startSize, at: offset)
    do { return try chain.sealedFrame(start.span, behind: salt, dataKey) } catch {
      throw TokenVaultError(error)
    }
  }

  /// The salt of the commit at `offset`; empty if the file ends before it does.
  private mutating func salt(at offset: Int64) throws(TokenVaultError) -> [UInt8] {
    Array(try bytes(SealedMessage.saltSize, at: offset + Int64(LogFrame.size)))
  }

  /// So many bytes at `offset`; empty if the version has fewer.
  private mutating func bytes(
    _ count: Int, at offset: Int64
  ) throws(TokenVaultError) -> ArraySlice<UInt8> {
    guard let start = try load(count, at: offset) else { return [] }
    return window.bytes[start..<start + count]
  }

  /// What is read at once from `offset` on.
  private mutating func piece(at offset: Int64) throws(TokenVaultError) -> ArraySlice<UInt8> {
    let count = min(LogFrame.size, Int(size - offset))
    guard let start = try load(count, at: offset) else {
      throw TokenVaultError(FileError.cut(path))
    }
    return window.bytes[start...]
  }

  /// Has so many bytes at `offset` of the file in the window, and says where in it; nil if the version has fewer.
  private mutating func load(_ count: Int, at offset: Int64) throws(TokenVaultError) -> Int? {
    do { return try window.load(count, at: offset) } catch { throw TokenVaultError(error) }
  }
}
