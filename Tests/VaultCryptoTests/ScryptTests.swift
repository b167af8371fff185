import Testing

@testable import VaultCrypto

@Suite struct ScryptTests {
  /// RFC 7914, section 12, the third vector: the first half of its 64 bytes.
  @Test func itGivesTheVectorOfRFC7914() throws {
    let passphrase = try SecretBytes(copying: Array("pleaseletmein".utf8).span)
    let key = try Scrypt.derive(
      passphrase, salt: Array("SodiumChloride".utf8), cost: Scrypt.Cost(unchecked: 14))
    let expected = try Hex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    #expect(key.withSpan { $0.array } == expected.bytes)
  }

  @Test func costsBeyondTheLimitsAreNone() {
    for exponent in [-1, 0, 14, 19, 20, 63, 64, Int.max] {
      #expect(Scrypt.Cost(exponent: exponent) == nil)
    }
    #expect(Scrypt.Cost(exponent: 17) == .standard)
  }
}
