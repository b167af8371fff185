internal import VaultCrypto

/// A vault whose header has been read, and whose records can be: once, since they come from the file that was
/// opened, and may be large.
struct OpenedImage {
  let version: VaultFile.Version
  private let file: VaultFile
  private let parts: VaultImage.Parts
  /// What was read with the header.
  private let start: [UInt8]

  var header: VaultHeader { parts.header }
  private var path: String { file.location.path }

  init(_ file: VaultFile) throws(TokenVaultError) {
    let start: [UInt8]
    do { (start, version) = try file.readStart(VaultImage.startSize) } catch {
      throw TokenVaultError(error)
    }
    do { parts = try VaultImage.parse(start.span, size: version.status.size) } catch {
      throw TokenVaultError(error, path: file.location.path)
    }
    (self.start, self.file) = (start, file)
  }

  /// The records.
  func table(with dataKey: DataKey) throws(TokenVaultError) -> TokenTable {
    let text = try text(with: dataKey)
    do throws(SnapshotFault) {
      return try text.withSpan { (span) throws(SnapshotFault) in
        try SnapshotContents.decode(span, as: header.format)
      }
    } catch {
      throw .damaged(path: path, place: error.place)
    }
  }

  private func text(with dataKey: DataKey) throws(TokenVaultError) -> SecretBytes {
    var snapshot = start
    snapshot.removeFirst(parts.snapshotStart)
    let known = snapshot.count
    let size = Int(version.status.size) - parts.snapshotStart
    do throws(FileError) {
      if known < size {
        snapshot.reserveCapacity(size)
        snapshot.append(contentsOf: repeatElement(0, count: size - known))
        guard try file.readNext(version, &snapshot, from: known) else { throw FileError.cut(path) }
      }
    } catch {
      throw TokenVaultError(error)
    }
    do { return try VaultImage.open(snapshot.span, parts, dataKey: dataKey) } catch {
      throw TokenVaultError(error, path: path)
    }
  }

  /// Seals the records again for another header and data key, puts the new vault out in pieces, and counts
  /// them.
  func reseal(
    from old: DataKey, to header: VaultHeader, _ new: DataKey,
    output: (Span<UInt8>) throws(FileError) -> Void
  ) throws(TokenVaultError) -> Int {
    var lines = LineCount(format: header.format)
    try stream { (read, failure) throws(FormatError) in
      try VaultImage.reseal(
        parts, from: old, to: header, new, read: read, records: { lines.add($0) },
        output: { piece in
          do throws(FileError) { try output(piece) } catch { failure = error }
          return failure == nil
        })
    }
    return SnapshotContents.recordCount(lines)
  }

  /// Opens all records, for nothing but to see that they open.
  func verify(with dataKey: DataKey) throws(TokenVaultError) {
    try stream { (read, _) throws(FormatError) in
      try VaultImage.verify(parts, dataKey, read: read)
    }
  }

  /// Lends what reads the snapshot piece by piece, and a place for what went wrong with a file; the body says
  /// whether it came to its end.
  private func stream(
    _ body: ((inout [UInt8]) -> Bool, inout FileError?) throws(FormatError) -> Bool
  ) throws(TokenVaultError) {
    var position = parts.snapshotStart
    var readFailure: FileError?
    var failure: FileError?
    func read(_ bytes: inout [UInt8]) -> Bool {
      let known = min(bytes.count, start.count - position)
      bytes.replaceSubrange(0..<known, with: start[position..<position + known])
      position += known
      do throws(FileError) { return try file.readNext(version, &bytes, from: known) } catch {
        readFailure = error
      }
      return false
    }
    let isWhole: Bool
    do { isWhole = try body(read, &failure) } catch { throw TokenVaultError(error, path: path) }
    if let failure = failure ?? readFailure { throw TokenVaultError(failure) }
    guard isWhole else { throw TokenVaultError(FileError.cut(path)) }
  }
}

extension FileError {
  /// The file became shorter while it was read.
  fileprivate static func cut(_ path: String) -> FileError {
    .disk(DiskError(call: "read", path: path, errno: 5))  // EIO
  }
}
