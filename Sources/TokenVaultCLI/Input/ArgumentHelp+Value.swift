import ArgumentParser

extension ArgumentHelp {
  /// The help of an option, and the name of its value.
  init(_ text: String, _ valueName: String) { self.init(text, valueName: valueName) }
}
