/// How a text from outside is read.
package struct ReadingRules: Sendable {
  /// When it is read: nothing in it was issued later.
  let now: Timestamp
  /// Whether a lifetime without a time of issue counts from then: not in a file, which may be old.
  let isFresh: Bool
  /// Whether the text is one answer of a token endpoint, of which every token is kept, whatever else is odd about it.
  let isAnswer: Bool

  private init(_ now: Timestamp, isFresh: Bool, isAnswer: Bool = false) {
    (self.now, self.isFresh, self.isAnswer) = (now, isFresh, isAnswer)
  }

  /// A file of records, or records of another store.
  package static func imported(at now: Timestamp) -> ReadingRules {
    ReadingRules(now, isFresh: false)
  }

  /// Records to save, perhaps answers with a user's name added to them.
  package static func saved(at now: Timestamp) -> ReadingRules { ReadingRules(now, isFresh: true) }

  /// The answer of a token endpoint (RFC 6749, section 5.1).
  package static func answer(at now: Timestamp) -> ReadingRules {
    ReadingRules(now, isFresh: true, isAnswer: true)
  }
}
