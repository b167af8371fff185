/// What a reader makes of a name that is none of a record's fields.
struct NameMeaning {
  let role: AnswerRole
  /// The known name that an unknown one is probably meant to be.
  let similar: String?

  init(_ name: String) {
    let own = [OAuthToken.tokenEndpointName, OAuthToken.tokenEndpointMethodName]
    // These are what they are, whatever else the record has.
    let role = own.contains(name) ? .unknown : AnswerNames.role(of: name)
    self.role = role
    similar = role == .unknown && !own.contains(name) ? AnswerNames.similar(to: name) : nil
  }
}
