/// What a reader makes of a name that is none of a record's fields.
struct NameMeaning {
  let role: AnswerRole
  /// The known name that an unknown one is probably meant to be.
  let similar: String?

  /// - Parameter findsSimilar: Whether to look for a similar name, which takes longer than all else.
  init(_ name: String, findsSimilar: Bool = true) {
    let own = [OAuthToken.tokenEndpointName, OAuthToken.tokenEndpointMethodName]
    // These are what they are, whatever else the record has.
    let role = own.contains(name) ? .unknown : AnswerNames.role(of: name)
    self.role = role
    similar =
      findsSimilar && role == .unknown && !own.contains(name)
      ? AnswerNames.similar(to: name) : nil
  }
}
