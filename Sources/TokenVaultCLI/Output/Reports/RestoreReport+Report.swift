import TokenVault

extension RestoreReport: Report {
  var sentences: [String] {
    let before = replaced.map { "; what was there is '\($0)'" } ?? ""
    return ["restored '\(path)': \(age); \(tokens) tokens, now generation \(generation)\(before)"]
  }

  var json: any JSONValue {
    [
      "path": path, "source": source, "source_generation": sourceGeneration,
      "generation": generation, "tokens": tokens, "made_at": madeAt?.description,
      "seen_generation": seenGeneration, "behind_generations": behindGenerations,
      "behind_tokens": behindTokens, "replaced": replaced,
    ] as JSONObject
  }
}
