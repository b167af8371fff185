// Sentences of several parts.
extension TokenVaultError {
  static func revisions(_ id: String?, expected: Int, actual: Int) -> String {
    let name = id.map { "the token '\($0)'" } ?? "the token"
    if actual == 0 { return "\(name) is not there, and was demanded at revision \(expected)" }
    if expected == 0 { return "\(name) is there already, at revision \(actual)" }
    return "\(name) is at revision \(actual), no longer at \(expected)"
  }

  static func refusal(
    _ id: String, _ code: String, _ explanation: String?, _ unanswered: Timestamp?
  ) -> String {
    let detail = explanation.map { " (\($0))" } ?? ""
    let mystery =
      unanswered.map {
        "; a call at \($0) was never answered, or its process ended before the answer was saved: "
          + "the server has probably taken the refresh token then"
      } ?? ""
    return "the server refused to refresh the token '\(id)': \(code)\(detail)\(mystery)"
  }

  static func attempts(
    _ path: String, _ attempts: [KeyAttempt], _ slots: [String]
  ) -> String {
    let tried = attempts.map { "\($0.source): \($0.problem)" }.joined(separator: "; ")
    if slots.isEmpty { return "no key for '\(path)': \(tried)" }
    let names = slots.map { "'\($0)'" }.joined(separator: ", ")
    return "no key opens '\(path)', whose key slots are \(names): \(tried)"
  }
}
