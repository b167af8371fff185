/// When the access token of a record ends, by all that the record says of it.
///
/// A moment beats a lifetime. A lifetime counts from the record's own time of issue, which is never later than now; without
/// one, from now if the record is fresh. What looks like an end and is not understood leaves the end unknown.
struct AccessTokenEnd {
  enum Result: Equatable {
    /// The record says nothing of an end, or that there is none.
    case none
    case at(Timestamp)
    case unknown
  }

  private(set) var result = Result.none
  /// The member that the result comes from, or that leaves the end unknown.
  private(set) var source: AnswerMember?
  private(set) var remark: ReadingRemark?

  init(_ members: [AnswerMember], _ rules: ReadingRules) {
    let stated = members.filter { !$0.isAbsent && !$0.isFlag }
      .sorted { $0.role.rank < $1.role.rank }
    if readMoment(stated) || readLifetime(stated, rules) { return }
    let doubtful = stated.first { $0.role == .likeAnEnd }
    if remark == nil, let doubtful { doubt(doubtful, .unreadableEnd) }
    if remark != nil { result = .unknown }
  }

  private mutating func doubt(_ member: AnswerMember, _ kind: ReadingRemark.Kind) {
    if remark == nil { (source, remark) = (member, ReadingRemark(kind, member.name)) }
  }

  /// Reads the first moment that is understood; returns false if there is none.
  private mutating func readMoment(_ members: [AnswerMember]) -> Bool {
    for member in members {
      switch member.role {
      case .end: break
      case .endOrLifetime where AnswerNumber(seconds: member) == nil: break
      default: continue
      }
      if member.value == .text(Secret(Expiry.unknown.text)) {
        return settle(.unknown, member)
      }
      switch member.scalar.map(AnswerTime.init) ?? .unreadable {
      case .moment(let moment): return settle(.at(moment), member)
      case .never: return settle(.none, member)
      case .withoutZone: doubt(member, .endWithoutZone)
      case .unreadable: doubt(member, .unreadableEnd)
      }
    }
    return false
  }

  private mutating func settle(_ result: Result, _ member: AnswerMember) -> Bool {
    (self.result, source) = (result, member)
    // Another end, which is preferred and not understood, is still told.
    remark = remark.map { ReadingRemark(.otherEnd, $0.name) }
    return true
  }

  /// Reads the lifetime, if there is one; returns false if the end stays unknown.
  private mutating func readLifetime(_ members: [AnswerMember], _ rules: ReadingRules) -> Bool {
    for member in members {
      switch member.role {
      case .lifetime, .endOrLifetime: break
      default: continue
      }
      guard let seconds = AnswerNumber(seconds: member)?.seconds else {
        doubt(member, .unreadableEnd)
        continue
      }
      guard let start = Self.start(members, rules) else {
        doubt(member, .lifetimeWithoutStart)
        return false
      }
      // A moment cannot express an end after the year 9999, nor one before all years.
      let end = start.adding(seconds: seconds).map { Result.at($0) }
      return settle(end ?? (seconds < 0 ? .unknown : .none), member)
    }
    return false
  }

  /// When the lifetime begins; nil if that is unknown.
  private static func start(_ members: [AnswerMember], _ rules: ReadingRules) -> Timestamp? {
    for member in members {
      guard case .issueTime = member.role, let text = member.scalar,
        case .moment(let moment) = AnswerTime(text)
      else { continue }
      if moment <= rules.now { return moment }
      // The clock of the server, or of the program that wrote the file, is ahead of this one.
      return rules.isFresh ? rules.now : nil
    }
    return rules.isFresh ? rules.now : nil
  }
}

extension AnswerNumber {
  /// The number of a member that is seconds to live; nil for a moment, and for what is no number.
  fileprivate init?(seconds member: AnswerMember) {
    guard let text = member.scalar, let number = AnswerNumber(text.utf8.span) else { return nil }
    if case .endOrLifetime = member.role, number.moment != nil { return nil }
    self = number
  }
}
