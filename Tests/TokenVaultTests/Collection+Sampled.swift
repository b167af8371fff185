extension Collection {
  /// The first element, and every so-manyth from a random one on, so that many runs try all; all of them with
  /// TOKENVAULT_TEST_FULL=1.
  func sampled(each step: Int) -> [Element] {
    let start = Int.random(in: 0..<step)
    return enumerated().filter { isFullTest || $0.offset == 0 || $0.offset % step == start }
      .map(\.element)
  }
}
