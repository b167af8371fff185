/// The bytes of an input as choices, one after another; zeros behind the end.
struct Choices {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
  mutating func half() -> Int { Int(byte()) << 8 | Int(byte()) }

  mutating func word() -> UInt64 {
    var word: UInt64 = 0
    for _ in 0..<8 { word = word << 8 | UInt64(byte()) }
    return word
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }
  mutating func element<Element>(of elements: [Element]) -> Element {
    elements[half() % elements.count]
  }
  mutating func element<Element>(ofByte elements: [Element]) -> Element {
    elements[Int(byte()) % elements.count]
  }
}
