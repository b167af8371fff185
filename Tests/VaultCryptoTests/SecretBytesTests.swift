import Testing

@testable import VaultCrypto

@Suite struct SecretBytesTests {
  @Test func nothingPrintsTheBytes() throws {
    let secret = try SecretBytes(copying: Array("s3cret-bytes".utf8).span)
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), dumped] {
      #expect(!text.contains("s3cret"))
      #expect(text.contains("redacted"))
    }
  }

  @Test func randomKeysDiffer() throws {
    let first = try SecretBytes.random(count: 32).withSpan { $0.array }
    let second = try SecretBytes.random(count: 32).withSpan { $0.array }
    #expect(first.count == 32 && first != second)
  }

  @Test func cleansingLeavesZeros() {
    var bytes = Array("plaintext".utf8)
    bytes.cleanse()
    #expect(bytes == [UInt8](repeating: 0, count: 9))
  }

  @Test func aFailedFillingIsAnErrorAndNotABuffer() {
    #expect(throws: CryptoError.outOfMemory(bytes: 7)) {
      unsafe try SecretBytes(count: 7) { _ throws(CryptoError) in throw .outOfMemory(bytes: 7) }
    }
  }
}
