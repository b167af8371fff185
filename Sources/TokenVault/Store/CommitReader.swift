internal import VaultCrypto

/// Reads the commits behind a vault's snapshot from a version of its file, and opens them one after another.
struct CommitReader {
  let file: VaultFile
  let version: VaultFile.Version
  let dataKey: DataKey
  private var window: FileWindow

  /// A commit of more bytes is not read before its frame is seen to be right: a megabyte.
  private static let claimLimit = 1 << 20

  init(_ file: VaultFile, _ version: VaultFile.Version, _ dataKey: DataKey) {
    (self.file, self.version, self.dataKey) = (file, version, dataKey)
    window = FileWindow(file, version)
  }

  private var path: String { file.location.path }
  private var size: Int64 { version.status.size }

  /// Goes on behind `tail`, as far as the version went when it was looked at, and lends the text of each commit.
  ///
  /// What was never acknowledged is left where it is. Throws `damagedCommit` where something else is there.
  mutating func read(
    _ tail: inout CommitTail, _ body: (Span<UInt8>) throws(SnapshotFault) -> Void
  ) throws(TokenVaultError) {
    while tail.end < size {
      guard let (text, count) = try next(&tail.chain, at: tail.end) else {
        if try isTorn(tail) { return }
        throw .damagedCommit(path: path, offset: tail.end)
      }
      do throws(SnapshotFault) {
        try text.withSpan { (span) throws(SnapshotFault) in try body(span) }
      } catch {
        throw .damaged(path: path, place: error.place)
      }
      tail.pass(count)
    }
  }

  /// The text of the commit at `offset`, and its bytes in the file; nil where there is none.
  private mutating func next(
    _ chain: inout CommitChain, at offset: Int64
  ) throws(TokenVaultError) -> (SecretBytes, Int64)? {
    guard let frame = try frame(at: offset), try mayBeLoaded(frame, chain),
      let start = try load(CommitFrame.size + frame.messageSize, at: offset)
    else { return nil }
    let count = CommitFrame.size + frame.messageSize
    do throws(CryptoError) {
      let commit = window.bytes.span.extracting(start..<start + count)
      return try chain.open(commit, dataKey).map { ($0, Int64(count)) }
    } catch {
      throw TokenVaultError(error)
    }
  }

  private mutating func frame(at offset: Int64) throws(TokenVaultError) -> CommitFrame? {
    guard let start = try load(CommitFrame.size, at: offset) else { return nil }
    return CommitFrame(window.bytes.span.extracting(start..<window.bytes.count))
  }

  /// Whether a commit takes little memory, or as much as a holder of the data key says: a length that anyone can write
  /// must not take all the memory there is.
  private func mayBeLoaded(
    _ frame: CommitFrame, _ chain: CommitChain
  ) throws(TokenVaultError) -> Bool {
    if frame.messageSize <= Self.claimLimit { return true }
    do { return try chain.isNext(frame, dataKey) } catch { throw TokenVaultError(error) }
  }

  /// Has so many bytes at `offset` of the file in the window, and says where in it; nil where the version has fewer.
  private mutating func load(_ count: Int, at offset: Int64) throws(TokenVaultError) -> Int? {
    do { return try window.load(count, at: offset) } catch { throw TokenVaultError(error) }
  }

  /// Whether what stands behind the last commit was never acknowledged; however long it is, it is never in memory as a
  /// whole.
  private mutating func isTorn(_ tail: CommitTail) throws(TokenVaultError) -> Bool {
    var check = TornWriteCheck(tail.chain, tailSize: Int(size - tail.end), dataKey)
    while let position = check.position {
      let offset = tail.end + Int64(position)
      let count = min(CommitFrame.size, Int(size - offset))
      guard let start = try load(count, at: offset) else {
        throw TokenVaultError(FileError.cut(path))
      }
      let piece = window.bytes.span.extracting(start..<window.bytes.count)
      do { try check.add(piece) } catch { throw TokenVaultError(error) }
    }
    do { return try check.isTorn() } catch { throw TokenVaultError(error) }
  }
}
