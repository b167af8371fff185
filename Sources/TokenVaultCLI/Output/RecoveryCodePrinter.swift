import TokenVault

/// Prints a recovery code, the one time that it is printed.
struct RecoveryCodePrinter {
  let session: Session

  func show(_ code: RecoveryCode) throws {
    session.note("this is the only time that the recovery code is shown; write it down:")
    guard session.json else { return try StandardOutput.write("\(code.text.revealed)\n") }
    var object = JSONObject()
    object.set("recovery_code", code.text.revealed)
    try StandardOutput.write(object.text + "\n")
  }

  /// Prints it before there is more to print: with JSON, the beginning of an object.
  func begin(_ code: RecoveryCode) throws(Failure) {
    session.note("this is the only time that the recovery code is shown; write it down:")
    var object = JSONObject()
    object.set("recovery_code", code.text.revealed)
    try StandardOutput.write(
      session.json ? String(object.text.dropLast()) : "\(code.text.revealed)\n")
  }
}
