import TokenVault

/// Prints what a save has come to.
struct SavePrinter {
  let session: Session

  /// Says on standard error what may not be expected, and prints the ids.
  func print(_ outcomes: [SaveOutcome]) throws {
    SaveNoticePrinter(session: session).print(outcomes)
    do throws(Failure) { try printIDs(outcomes) } catch { throw error.afterSaving }
  }

  private func printIDs(_ outcomes: [SaveOutcome]) throws(Failure) {
    guard session.json else {
      return try StandardOutput.write(
        outcomes.map { DisplayText.oneLine($0.token.id ?? "") + "\n" }.joined())
    }
    let objects = outcomes.map { outcome in
      var object = JSONObject()
      object.set("id", outcome.token.id ?? "")
      object.set("change", "\(outcome.change)")
      object.set("revision", outcome.token.revision)
      return object.text
    }
    try StandardOutput.write("[\(objects.joined(separator: ","))]\n")
  }
}
