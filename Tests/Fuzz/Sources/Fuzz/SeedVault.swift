import Glibc

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// A sound vault in memory, all states that it has had since its snapshot, and a log that grows.
///
/// The writer is one of this package: the library's own writes what the library's reader expects.
struct SeedVault {
  /// The records after a number of log entries.
  struct State {
    var tokens: [OAuthToken]
    var nextID: UInt64
    /// The extent of the last entry, and what its summary will have.
    fileprivate var extent: Int64 = 0
    fileprivate var summary = ExtentSummary()
  }

  private(set) var bytes: [UInt8]
  private(set) var states: [State]
  private(set) var log: LogPosition
  /// Where the entries and summaries are, and their flushed marks.
  private(set) var frames: [(place: Range<Int>, flushed: UInt64)] = []
  let parts: VaultContainer.Parts
  private let hash: IndexHash
  private var summary = ExtentSummary()

  /// The vault with a snapshot of these records, made by the library.
  init(_ tokens: [OAuthToken], _ format: RecordFormat) {
    let vault = FuzzedFile.seed
    let table = TokenTable(
      tokens: CopyOnWriteBlocks(tokens), nextID: UInt64(tokens.count + 1))
    states = [State(tokens: tokens, nextID: table.nextID)]
    (bytes, log, hash, parts) = sound {
      try? vault.disk.remove(vault.location.path)
      let file = try vault.files.make(vault.location.path)
      let log = try SnapshotWriter.write(table, Keys.header(format), Keys.dataKey, to: vault, file)
      let bytes = try FuzzedFile.readSeed()
      return (
        bytes, log,
        try IndexHash(Keys.dataKey, Keys.store, snapshotSalt: log.chain.snapshotSalt),
        try VaultContainer.parse(bytes.span, size: Int64(bytes.count))
      )
    }
  }

  var format: RecordFormat { parts.header.format }
  var key: DataKey { Keys.dataKey }

  /// Where parts begin.
  var landmarks: [Int] {
    let size = bytes.count
    let chunks = (0..<8).map { parts.snapshotStart + MessageLayout.offset(ofChunk: $0) }
    let frames = stride(from: Int(log.area.start), to: size, by: LogFrame.size).filter {
      LogFrame(bytes.span.extracting($0...)) != nil
    }
    return [0, parts.headerBytes.count, parts.snapshotStart, parts.snapshotEnd, parts.indexEnd]
      + chunks.filter { $0 < size } + frames + [Int(log.area.start), size]
  }

  /// The highest flushed mark of what is as it was in a file with these bytes: no reader may end its log before that.
  func flushed(in file: [UInt8]) -> UInt64 {
    frames.filter { $0.place.upperBound <= file.count && file[$0.place] == bytes[$0.place] }
      .map(\.flushed).max() ?? 0
  }

  // MARK: Writing

  /// A write of bytes to the file.
  struct Write {
    let offset: Int
    let bytes: [UInt8]
  }

  /// The next entry, for which there must be room: a new record, or one that is changed.
  mutating func append(changing choice: Int, size: Int) -> Write {
    var state = states[states.count - 1]
    let place = choice % (state.tokens.count + 1)
    let old = place < state.tokens.count ? state.tokens[place] : nil
    let token = SeedRecords.record(
      place + 1, "u\(choice % 7)", more: size, revision: (old?.revision ?? 0) + 1)
    if old == nil {
      state.nextID += 1
      state.tokens.append(token)
    } else {
      state.tokens[place] = token
    }
    let start = log.end - log.area.start(ofExtent: log.extent)
    let write = seal(Array("next-id \(state.nextID)\n\n".utf8) + format.encode([token]), as: .entry)
    summary.add(at: start, tag: log.chain.lastTag, nextID: state.nextID, [token], hash)
    (state.extent, state.summary) = (log.extent, summary)
    states.append(state)
    return write
  }

  /// Whether the next entry of so many bytes of token needs another extent, before which everything is flushed.
  func needsExtent(size: Int) -> Bool { !log.hasRoomInExtent(for: size + 300) }

  /// All entries so far are on the disk, and the writer knows it.
  mutating func flush() { log.chain.markFlushed(log.chain.count) }

  /// Makes another extent, with a summary of the last one. Everything was flushed before.
  mutating func beginExtent() -> Write {
    flush()
    log.beginNextExtent()
    let start = Int(log.area.start(ofExtent: log.extent))
    let summary = seal(summary.encode(), as: .summary)
    var extent = log.area.extent(log.extent, snapshotSalt: log.chain.snapshotSalt)
    let place = LogArea.headSize..<LogArea.headSize + summary.bytes.count
    extent.replaceSubrange(place, with: summary.bytes)
    bytes.replaceSubrange(start..., with: extent)
    beginSummary()
    return Write(offset: start, bytes: extent)
  }

  private mutating func seal(_ text: [UInt8], as kind: LogFrame.Kind) -> Write {
    let sealed = sound { try log.chain.seal(text.span, as: kind) }
    let offset = Int(log.end)
    if bytes.count < offset + sealed.count {
      bytes += [UInt8](repeating: 0, count: offset + sealed.count - bytes.count)
    }
    bytes.replaceSubrange(offset..<offset + sealed.count, with: sealed)
    if let frame = LogFrame(sealed.span) {
      frames.append((offset..<offset + frame.entrySize, frame.flushed))
    }
    log.pass(text.count)
    return Write(offset: offset, bytes: sealed)
  }

  private mutating func beginSummary() {
    summary = ExtentSummary(behind: log.chain.lastTag)
  }

  /// Goes on where a reader has ended in a file with these bytes.
  mutating func goOn(at position: LogPosition, _ bytes: [UInt8]) {
    states.removeLast(states.count - 1 - Int(position.chain.count))
    (log, self.bytes, summary) = (position, bytes, states[states.count - 1].summary)
    if states[states.count - 1].extent != log.extent { beginSummary() }
  }
}
