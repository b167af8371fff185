/// What a reader has not understood of a record, and did not refuse.
package struct ReadingRemark: Sendable, Hashable {
  /// What is odd.
  package enum Kind: Sendable, Hashable {
    /// The end of the access token is unknown: this is no time.
    case unreadableEnd
    /// The end of the access token is unknown: this time has no zone.
    case endWithoutZone
    /// The end of the access token is unknown: its lifetime begins at an unknown time.
    case lifetimeWithoutStart
    /// The end is another one of the record, and this is no time.
    case otherEnd
    /// Kept as an unknown field, though the name is nearly this known one.
    case similarTo(String)
    /// Left out, because it is not text.
    case notText
  }

  package let kind: Kind
  /// The name of the field.
  package let name: String

  init(_ kind: Kind, _ name: String) { (self.kind, self.name) = (kind, name) }

  /// Whether it is about the end of the access token.
  package var isOfAnEnd: Bool {
    switch kind {
    case .unreadableEnd, .endWithoutZone, .lifetimeWithoutStart, .otherEnd: true
    case .similarTo, .notText: false
    }
  }

  /// The remark as the end of a sentence, without any value.
  package var sentence: String {
    let due = "so the end of its access token is unknown, and the token due"
    return switch kind {
    case .unreadableEnd: "'\(name)' is no time that is understood, \(due)"
    case .endWithoutZone: "'\(name)' is a time without a zone, \(due)"
    case .lifetimeWithoutStart: "'\(name)' counts from an unknown time, \(due)"
    case .otherEnd: "'\(name)' is no time that is understood"
    case .similarTo(let known): "'\(name)' is kept as an unknown field; is '\(known)' meant?"
    case .notText: "'\(name)' is no text, and left out"
    }
  }
}

/// The remarks on many records: each once, with the first records that it is about, and how many.
package struct ReadingRemarks: Sendable {
  /// One remark.
  package struct Entry: Sendable {
    package let remark: ReadingRemark
    /// The numbers of the first records, from 1.
    package fileprivate(set) var records: [Int]
    package fileprivate(set) var count = 1
  }

  /// The remarks in the order of their first records.
  package private(set) var entries: [Entry] = []
  private var places: [ReadingRemark: Int] = [:]
  /// Different names beyond this are not told.
  private static let limit = 100
  private static let recordLimit = 5

  mutating func add(_ remark: ReadingRemark, record: Int) {
    if let place = places[remark] {
      entries[place].count += 1
      if entries[place].records.count < Self.recordLimit { entries[place].records.append(record) }
    } else if entries.count < Self.limit {
      places[remark] = entries.count
      entries.append(Entry(remark: remark, records: [record]))
    }
  }
}
