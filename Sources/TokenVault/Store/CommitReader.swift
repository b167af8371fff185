internal import VaultCrypto

/// Reads the commits behind a vault's snapshot from a version of its file, and opens them one after another.
struct CommitReader {
  let file: VaultFile
  let version: VaultFile.Version
  let dataKey: DataKey
  /// What was read last, and where that begins.
  private var window: [UInt8] = []
  private var windowStart: Int64 = 0

  /// How much is read at once, if it is there: a megabyte.
  private static let windowSize: Int64 = 1 << 20

  init(_ file: VaultFile, _ version: VaultFile.Version, _ dataKey: DataKey) {
    (self.file, self.version, self.dataKey) = (file, version, dataKey)
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
    guard let start = try load(CommitFrame.size, at: offset),
      let frame = CommitFrame(window.span.extracting(start..<window.count)),
      let place = try load(CommitFrame.size + frame.messageSize, at: offset)
    else { return nil }
    let count = CommitFrame.size + frame.messageSize
    do throws(CryptoError) {
      let text = try chain.open(window.span.extracting(place..<place + count), dataKey)
      return text.map { ($0, Int64(count)) }
    } catch {
      throw TokenVaultError(error)
    }
  }

  /// Has so many bytes at `offset` of the file in the window, and says where in it; nil where the version has fewer.
  private mutating func load(_ count: Int, at offset: Int64) throws(TokenVaultError) -> Int? {
    guard Int64(count) <= size - offset else { return nil }
    let start = Int(offset - windowStart)
    if start >= 0, start + count <= window.count { return start }
    let length = min(max(Int64(count), Self.windowSize), size - offset)
    if window.count != Int(length) { window = [UInt8](repeating: 0, count: Int(length)) }
    do throws(FileError) {
      guard try file.read(version, at: offset, &window) else { throw FileError.cut(path) }
    } catch {
      throw TokenVaultError(error)
    }
    windowStart = offset
    return 0
  }

  private func isTorn(_ tail: CommitTail) throws(TokenVaultError) -> Bool {
    var rest = [UInt8](repeating: 0, count: Int(size - tail.end))
    do throws(FileError) {
      guard try file.read(version, at: tail.end, &rest) else { throw FileError.cut(path) }
    } catch {
      throw TokenVaultError(error)
    }
    do { return try tail.chain.isTorn(rest.span, dataKey) } catch { throw TokenVaultError(error) }
  }
}

extension FileError {
  /// The file became shorter while it was read.
  static func cut(_ path: String) -> FileError {
    .disk(DiskError(call: "read", path: path, errno: 5))  // EIO
  }
}
