/// A result of a few words.
struct ShortReport: Report {
  var sentences: [String] = []
  var notes: [String] = []
  let json: any JSONValue
}

extension Session {
  /// Prints a remark, or a JSON object.
  func print(note: String, json: JSONObject) throws(Failure) {
    try print(ShortReport(notes: [note], json: json))
  }
}
