import TokenVault

extension BackupReport: Report {
  var sentences: [String] {
    ["copied to '\(path)': \(size) bytes, \(tokens) tokens, generation \(generation)"]
  }

  var json: any JSONValue {
    ["path": path, "size": size, "tokens": tokens, "generation": generation] as JSONObject
  }
}
