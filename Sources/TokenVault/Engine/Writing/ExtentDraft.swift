internal import Synchronization
internal import VaultCrypto

/// The summary of a log's last extent as far as a store has written or read it, so that the next extent begins without
/// reading the entries again: each summary would cost the opening and decoding of some 370 entries, with the writers'
/// lock held.
///
/// A class, because the copies of a session would copy what it has at each save. What one of them adds is in the file for
/// all of them.
final class ExtentDraft: Sendable {
  private struct State: Sendable {
    /// What the extent has, or only some of it: it goes on behind the entry with its last tag.
    var summary: ExtentSummary
    var extent: Int64
  }

  /// The salt of the snapshot behind which the log is.
  let snapshotSalt: [UInt8]
  private let state: Mutex<State>
  private let hash: IndexHash

  /// No entries, in the extent in which a log's first or next entry begins. If the log has some, nothing fits behind
  /// them before the next extent begins.
  init(
    _ log: LogPosition, _ header: VaultHeader, _ dataKey: DataKey
  ) throws(CryptoError) {
    snapshotSalt = log.chain.snapshotSalt
    let tag = log.chain.count == 0 ? log.chain.lastTag : []
    state = Mutex(State(summary: ExtentSummary(behind: tag), extent: log.extent))
    hash = try IndexHash(dataKey, header.store, snapshotSalt: snapshotSalt)
  }

  /// Goes on with no entries in the next extent of the same log.
  func begin(behind log: LogPosition) {
    state.withLock {
      $0 = State(summary: ExtentSummary(behind: log.chain.lastTag), extent: log.extent)
    }
  }

  /// Adds an entry, unless entries are before it that are not in the draft, or it is in the draft already.
  ///
  /// - Parameters:
  ///   - textSize: Bytes of its text.
  ///   - tagBefore: The tag of the entry or summary before it.
  ///   - log: The log that ends with it.
  func add(_ entry: LogEntry, _ textSize: Int, behind tagBefore: [UInt8], endOf log: LogPosition) {
    guard snapshotSalt == log.chain.snapshotSalt else { return }
    state.withLock { state in
      // Entries are read in order, so that the first one of another extent is the first one there.
      if state.extent < log.extent {
        state = State(summary: ExtentSummary(behind: tagBefore), extent: log.extent)
      }
      guard state.summary.lastTag == tagBefore else { return }
      state.summary.add(
        at: log.offsetInExtent - LogFrame.room(sealing: textSize), tag: log.chain.lastTag,
        nextID: entry.nextID, entry.tokens, hash)
    }
  }

  /// The text of the summary, if the draft has all entries of the last extent up to the end of this log.
  func text(of log: LogPosition) -> [UInt8]? {
    guard snapshotSalt == log.chain.snapshotSalt else { return nil }
    return state.withLock { state in
      state.summary.lastTag == log.chain.lastTag ? state.summary.encode() : nil
    }
  }
}
