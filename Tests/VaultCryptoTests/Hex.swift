import Testing

/// Bytes written as hexadecimal digits.
struct Hex: Decodable {
  var bytes: [UInt8]

  init(_ text: String) throws {
    let digits = Array(text)
    bytes = try stride(from: 0, to: digits.count, by: 2).map { index in
      try #require(UInt8(String(digits[index..<index + 2]), radix: 16))
    }
  }

  init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }
}
