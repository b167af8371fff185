import Testing

@testable import TokenVaultHTTP

@Suite struct AnswerBufferTests {
  private func append(_ bytes: [UInt8], to buffer: AnswerBuffer) -> Bool {
    unsafe bytes.withUnsafeBytes { unsafe buffer.append($0) }
  }

  @Test func whatComesInPiecesIsWhole() {
    let (buffer, piece) = (AnswerBuffer(), [UInt8](0..<251))
    for _ in 0..<1000 { #expect(append(piece, to: buffer)) }
    #expect(buffer.bytes.count == 251_000)
    #expect(buffer.bytes.enumerated().allSatisfy { $1 == UInt8($0 % 251) })
  }

  @Test func aByteMoreThanTheLimitIsRefused() {
    let buffer = AnswerBuffer()
    #expect(append([UInt8](repeating: 1, count: 1_000_000), to: buffer))
    #expect(!buffer.isTooLong)
    #expect(!append([1], to: buffer))
    #expect(buffer.isTooLong)
    #expect(buffer.bytes.count == 1_000_000)
  }
}
