import Testing

@testable import VaultCrypto

@Suite struct SymmetricKeyTests {
  @Test(arguments: [0, 1, 16, 31, 33, 64])
  func bytesOfAnotherNumberThan32AreNoKey(_ count: Int) throws {
    let bytes = [UInt8](repeating: 1, count: count)
    #expect(throws: CryptoError.keySize(bytes: count)) { try SymmetricKey(copying: bytes.span) }
    let secret = try SecretBytes(copying: bytes.span)
    #expect(throws: CryptoError.keySize(bytes: count)) { try SymmetricKey(secret) }
  }

  @Test func thirtyTwoBytesAreAKeyAndEveryNewOneIsAnother() throws {
    let bytes = [UInt8](0..<32)
    #expect(try SymmetricKey(copying: bytes.span).withSpan { $0.array } == bytes)
    let first = try SymmetricKey.random().withSpan { $0.array }
    let second = try SymmetricKey.random().withSpan { $0.array }
    #expect(first.count == SymmetricKey.size && first != second)
  }
}
