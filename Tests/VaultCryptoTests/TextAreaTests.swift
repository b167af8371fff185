import Testing
import VaultCrypto

/// Memory for long texts: it grows without losing a byte, and what is released is gone.
@Suite struct TextAreaTests {
  /// Appends bytes in pieces of a size; returns whether there was always memory.
  private func append(_ bytes: [UInt8], to area: inout TextArea, piece: Int) -> Bool {
    var place = 0
    while place < bytes.count {
      let more = unsafe area.append(atMost: min(piece, bytes.count - place)) { memory in
        for index in memory.indices { unsafe memory[index] = bytes[place + index] }
        return memory.count
      }
      guard let more else { return false }
      place += more
    }
    return true
  }

  @Test func aTextThatGrowsKeepsItsBytes() throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for piece in [777, 4096, 300_000] {
      guard var area = TextArea(capacity: 1) else { throw CryptoError.outOfMemory(bytes: 1) }
      let hasMemory = append(bytes, to: &area, piece: piece)
      let text = area.withText { $0.array }
      #expect(hasMemory && text == bytes)
    }
  }

  @Test func noMoreIsReadThanTheLimitSays() throws {
    guard var area = TextArea(capacity: 100_000) else { throw CryptoError.outOfMemory(bytes: 1) }
    let more = unsafe area.append(atMost: 5) { $0.count }
    let none = unsafe area.append(atMost: 1) { _ in 0 }
    let count = area.count
    #expect(more == 5 && none == 0 && count == 5)
  }

  @Test func whatIsReleasedIsZeroAndTheRestIsAsItWas() throws {
    let bytes = [UInt8](repeating: 0xA5, count: 50_000)
    guard var area = TextArea(capacity: bytes.count) else {
      throw CryptoError.outOfMemory(bytes: 1)
    }
    let hasMemory = append(bytes, to: &area, piece: bytes.count)
    #expect(hasMemory)
    // Within pages, at their ends, backwards and too far.
    for place in [1, 4095, 4096, 10_000, 9999, 12_288, 49_999, 50_001] {
      area.spend(to: place)
      let end = min(place == 9999 ? 10_000 : place, 49_999)
      let isRight = area.withText { text in
        text.count == bytes.count && text.indices.allSatisfy { text[$0] == ($0 < end ? 0 : 0xA5) }
      }
      #expect(isRight, "\(place)")
    }
  }
}
