import ArgumentParser

extension ParsableArguments {
  /// Throws if an option's or argument's text was given and is empty.
  func refuseEmpty(_ texts: KeyValuePairs<String, String?>) throws {
    for (name, text) in texts where text == "" {
      throw ValidationError("\(name) must not be empty")
    }
  }
}
