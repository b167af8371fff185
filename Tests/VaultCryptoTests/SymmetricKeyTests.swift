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

  @Test(arguments: [1, 63, 64, 65, 76, 200])
  func aKeyThatKeepsItsStateDerivesWhatItDerivesWithoutOne(_ count: Int) throws {
    let key = try SymmetricKey(copying: [UInt8](0..<32).span)
    func derive(_ info: String) throws -> [UInt8] {
      try HKDF.expand(key, info: Array(info.utf8), count: count).withSpan { $0.array }
    }
    let infos = ["", "a", String(repeating: "b", count: 1000)]
    let expected = try infos.map(derive)
    try key.keepState()
    for _ in 1...2 { #expect(try infos.map(derive) == expected) }
    key.dropState()
    #expect(try infos.map(derive) == expected)
  }

  @Test func threadsThatShareAStateDeriveTheSameKeys() async throws {
    let key = try SymmetricKey(copying: [UInt8](0..<32).span)
    let expected = try HKDF.key(from: key, info: [1]).withSpan { $0.array }
    try key.keepState()
    try await withThrowingTaskGroup { group in
      for _ in 1...4 {
        group.addTask {
          for _ in 1...500 {
            let derived = try HKDF.key(from: key, info: [1]).withSpan { $0.array }
            #expect(derived == expected)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
