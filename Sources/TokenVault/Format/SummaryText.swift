internal import VaultCrypto

/// The plaintext of an extent's summary (see ``ExtentSummary``), as a reader searches it: opened once, and never decoded as
/// a whole.
struct SummaryText: Sendable {
  /// An entry of the extent.
  struct Entry {
    /// Where in the extent it begins, in bytes.
    let offset: Int64
    let tag: [UInt8]
  }

  /// The tag of the summary that the extent begins with; zeros for the first extent.
  let tagBefore: [UInt8]
  /// The next id after the last entry.
  let nextID: UInt64
  /// The number of entries; at least one.
  let entries: Int
  /// The number of keys of all their records.
  let keys: Int
  private let text: SecretBytes

  private static let entrySize = 4 + LogFrame.tagSize
  private static let keySize = 8

  /// Nil if the text has another length than its counts make.
  init?(_ text: SecretBytes) {
    let head = text.withSpan { (span) -> (tag: [UInt8], nextID: UInt64, counts: UInt64)? in
      guard span.count >= ExtentSummary.headSize else { return nil }
      return (
        span.extracting(..<LogFrame.tagSize).array, span.word(at: LogFrame.tagSize),
        span.word(at: LogFrame.tagSize + 8)
      )
    }
    guard let head else { return nil }
    (entries, keys) = (Int(head.counts >> 32), Int(UInt32(truncatingIfNeeded: head.counts)))
    (tagBefore, nextID, self.text) = (head.tag, head.nextID, text)
    guard entries > 0, text.count == keysStart + keys * Self.keySize else { return nil }
  }

  /// Where the keys begin, in bytes.
  private var keysStart: Int { ExtentSummary.headSize + entries * Self.entrySize }

  /// An entry, by its number from 0; nil if there are fewer.
  func entry(_ number: Int) -> Entry? {
    guard (0..<entries).contains(number) else { return nil }
    let start = ExtentSummary.headSize + number * Self.entrySize
    return text.withSpan { span in
      Entry(
        offset: Int64(span.word(at: start) >> 32),
        tag: span.extracting(start + 4..<start + Self.entrySize).array)
    }
  }

  /// The numbers of the entries that have a key with this hash, in ascending order; perhaps one several times.
  func entries(having hash: UInt32) -> [Int] {
    text.withSpan { span in
      var place = firstPlace(of: hash, in: span)
      var numbers: [Int] = []
      while place < keys, case let key = key(at: place, in: span), key >> 32 == UInt64(hash) {
        numbers.append(Int(UInt32(truncatingIfNeeded: key)))
        place += 1
      }
      return numbers
    }
  }

  /// The place of the first key whose hash is not below this one.
  private func firstPlace(of hash: UInt32, in span: Span<UInt8>) -> Int {
    var (low, high) = (0, keys)
    while low < high {
      let middle = (low + high) / 2
      if key(at: middle, in: span) >> 32 < UInt64(hash) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Hash and number of the entry.
  private func key(at place: Int, in span: Span<UInt8>) -> UInt64 {
    span.word(at: keysStart + place * Self.keySize)
  }
}
