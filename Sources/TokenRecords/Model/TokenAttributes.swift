/// The value of an unknown field, which TokenVault stores and returns unchanged.
public enum AttributeValue: Sendable, Hashable {
  /// A string.
  case text(Secret)
  /// Any other JSON value, as its JSON text without the white space between elements.
  case json(Secret)

  /// The text, or the JSON text.
  package var content: Secret {
    switch self {
    case .text(let content), .json(let content): content
    }
  }

  /// Whether a save of this value clears the attribute.
  package var isEmpty: Bool { self == .text("") }
}

/// The unknown fields of a record by their names, in the order of the names' UTF-8 bytes.
///
/// The values may be secret, so they print as redacted.
public struct TokenAttributes: Sendable, Hashable {
  /// One attribute.
  public struct Element: Sendable, Hashable {
    /// The field's name.
    public let name: String
    /// Its value.
    public var value: AttributeValue

    /// Equal in name and value, byte for byte.
    public static func == (left: Element, right: Element) -> Bool {
      ExactText(left.name) == ExactText(right.name) && left.value == right.value
    }
    /// Hashes the bytes of name and value.
    public func hash(into hasher: inout Hasher) {
      ExactText(name).hash(into: &hasher)
      value.hash(into: &hasher)
    }
  }

  private var elements: [Element] = []

  /// No attributes.
  public init() {}

  /// The attribute of exactly this name; setting nil removes it.
  public subscript(name: String) -> AttributeValue? {
    get {
      let index = index(of: name)
      return holds(name, at: index) ? elements[index].value : nil
    }
    set {
      let index = index(of: name)
      let isThere = holds(name, at: index)
      switch (newValue, isThere) {
      case (let value?, true): elements[index].value = value
      case (let value?, false): elements.insert(Element(name: name, value: value), at: index)
      case (nil, true): elements.remove(at: index)
      case (nil, false): break
      }
    }
  }

  private func holds(_ name: String, at index: Int) -> Bool {
    index < elements.count && ExactText(elements[index].name) == ExactText(name)
  }

  /// The index of the name, or the one to insert it at.
  private func index(of name: String) -> Int {
    var (low, high) = (0, elements.count)
    while low < high {
      let middle = (low + high) / 2
      if ExactText(elements[middle].name) < ExactText(name) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

extension TokenAttributes: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of attributes.
  public var endIndex: Int { elements.count }
  /// The attribute at an index, in the order of the names.
  public subscript(position: Int) -> Element { elements[position] }
}

extension TokenAttributes: ExpressibleByDictionaryLiteral {
  /// The attributes of a literal; the last one of a name counts.
  public init(dictionaryLiteral elements: (String, AttributeValue)...) {
    for (name, value) in elements { self[name] = value }
  }
}
