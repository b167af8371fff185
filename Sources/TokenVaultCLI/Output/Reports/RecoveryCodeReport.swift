import TokenVault

/// A recovery code, which is shown once.
struct RecoveryCodeReport: Report {
  let code: RecoveryCode
  /// What else the JSON object holds.
  var others: JSONObject = [:]

  var sentences: [String] { [code.text.revealed] }
  private var member: JSONObject { ["recovery_code": code.text.revealed] }
  var json: any JSONValue { others + member }

  private static let remark =
    "this is the only time that the recovery code is shown; write it down:"

  /// Prints the code; a failure says what was done before, of which the code is lost, and hints at the way out.
  func show(_ session: Session, ifLost sentence: String, hint: String) throws(Failure) {
    session.note(Self.remark)
    try session.print(self) { Failure($0.status, "\(sentence): \($0.sentence)", hint: hint) }
  }

  /// Prints the code before the rest is known: with `--json`, the beginning of an object, which ``Rest`` ends.
  func begin(_ session: Session) throws(Failure) {
    session.note(Self.remark)
    try StandardOutput.write(session.json ? "{\(member.memberText)" : "\(code.text.revealed)\n")
  }

  /// The end of an object that ``begin(_:)`` has begun.
  struct Rest: JSONValue {
    let object: JSONObject
    var jsonText: String? { ",\(object.memberText)}" }
  }
}
