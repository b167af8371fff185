import ArgumentParser

extension ArgumentHelp {
  init(_ text: String, _ valueName: String) { self.init(text, valueName: valueName) }
}
