import TokenVault

extension CompactReport: Report {
  var sentences: [String] {
    let change =
      size == sizeBefore
      ? "is compact: \(size) bytes" : "had \(sizeBefore) bytes, and has \(size)"
    return ["'\(path)' \(change), generation \(generation)"]
  }

  var json: any JSONValue {
    ["path": path, "size_before": sizeBefore, "size": size, "generation": generation] as JSONObject
  }
}
