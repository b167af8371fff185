internal import VaultCrypto

/// A random code, printed once and kept on paper, that opens a vault when every other key is lost.
public struct RecoveryCode: Sendable {
  private let secret: SymmetricKey

  /// Crockford's base 32, which has no letter that looks like a digit.
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  private static let checksumSize = 3

  /// A new code, with 256 random bits.
  static func random() throws(CryptoError) -> RecoveryCode {
    RecoveryCode(secret: try .random())
  }

  private init(secret: SymmetricKey) { self.secret = secret }

  /// The key of its slot.
  var slotKey: SlotKey {
    get throws(CryptoError) { try SlotKey(.recovery, secret) }
  }

  /// The code as it is printed: 256 bits and a checksum of 24, in 14 groups of four letters.
  public var text: Secret {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(SymmetricKey.size + Self.checksumSize)
    defer { bytes.cleanse() }
    secret.withSpan { for index in $0.indices { bytes.append($0[index]) } }
    bytes += Self.checksum(of: bytes)
    var code = ""
    for index in 0..<bytes.count * 8 / 5 {
      if index > 0, index % 4 == 0 { code += "-" }
      var value = 0
      for bit in index * 5..<index * 5 + 5 {
        value = value << 1 | Int(bytes[bit / 8] >> UInt8(7 - bit % 8) & 1)
      }
      code.unicodeScalars.append(Unicode.Scalar(Self.alphabet[value]))
    }
    return Secret(code)
  }

  /// Reads a code as a person types it: in any case, with blanks and hyphens anywhere, `O` for `0`, `I` and `L` for
  /// `1`. Nil if it is no code, or the checksum differs.
  public init?(_ text: Secret) {
    let count = SymmetricKey.size + Self.checksumSize
    var bytes = [UInt8](repeating: 0, count: count)
    defer { bytes.cleanse() }
    var bit = 0
    for character in text.revealed.utf8 where !Self.isSeparator(character) {
      guard let value = Self.value(character), bit + 5 <= count * 8 else { return nil }
      for place in 0..<5 where value >> (4 - place) & 1 == 1 {
        bytes[(bit + place) / 8] |= 1 << UInt8(7 - (bit + place) % 8)
      }
      bit += 5
    }
    let given = Array(bytes[SymmetricKey.size...])
    bytes.removeLast(Self.checksumSize)
    guard bit == count * 8, Self.checksum(of: bytes).span.isEqualInConstantTime(to: given.span),
      let secret = try? SymmetricKey(copying: bytes.span)
    else { return nil }
    self.secret = secret
  }

  private static func isSeparator(_ character: UInt8) -> Bool {
    [UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "\t")].contains(character)
  }

  private static func value(_ character: UInt8) -> Int? {
    let upper = character >= UInt8(ascii: "a") ? character & 0xDF : character
    return switch upper {
    case UInt8(ascii: "O"): 0
    case UInt8(ascii: "I"), UInt8(ascii: "L"): 1
    default: alphabet.firstIndex(of: upper)
    }
  }

  /// The first bytes of SHA-256, against typing errors only.
  private static func checksum(of bytes: [UInt8]) -> [UInt8] {
    Array(((try? Digest.sha256(bytes.span)) ?? []).prefix(checksumSize))
  }
}

extension RecoveryCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// `<redacted>`, whatever the code.
  public var description: String { "<redacted>" }
  /// `<redacted>`, whatever the code.
  public var debugDescription: String { description }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
