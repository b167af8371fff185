/// What a name that is not one of a record's own stands for. The lower the rank, the more a name is preferred among
/// several of one record.
enum AnswerRole: Equatable {
  /// Another name of a field.
  case field(TokenField, rank: Int)
  /// Another name of an unknown field that the refresh grant reads.
  case attribute(String, rank: Int)
  /// When the access token ends.
  case end(rank: Int)
  /// How long it lives, in seconds.
  case lifetime(rank: Int)
  /// Either: Facebook's `expires` is seconds to live, others' a moment.
  case endOrLifetime(rank: Int)
  /// When it was issued.
  case issueTime(rank: Int)
  /// It looks like an end, and is none that is understood.
  case likeAnEnd
  /// Nothing that TokenVault knows.
  case unknown

  var rank: Int {
    switch self {
    case .field(_, let rank), .attribute(_, let rank), .end(let rank), .lifetime(let rank),
      .endOrLifetime(let rank), .issueTime(let rank):
      rank
    case .likeAnEnd, .unknown: 0
    }
  }
}
