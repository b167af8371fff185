extension Substring {
  /// The parts between single bytes with an ASCII value, empty ones too: many times quicker than by characters.
  func parts(between separator: Unicode.Scalar) -> [Substring] {
    utf8.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false)
      .map(Substring.init)
  }
}
