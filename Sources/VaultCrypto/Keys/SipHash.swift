/// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): a keyed hash of 64 bits.
///
/// Without the key, an attacker cannot tell which texts share a hash. It is too short to authenticate anything.
package struct SipHash: Sendable {
  /// Bytes of a key.
  package static let keySize = 16

  private let key: SecretBytes

  /// The hash under a key.
  ///
  /// - Throws: `CryptoError.keySize` unless the key has 16 bytes.
  package init(_ key: SecretBytes) throws(CryptoError) {
    guard key.count == Self.keySize else { throw .keySize(bytes: key.count) }
    self.key = key
  }

  /// The state of a hash that begins.
  package func makeState() -> State {
    key.withSpan { State(Self.word($0, at: 0), Self.word($0, at: 8)) }
  }

  /// The hash of a text.
  package func hash(_ text: Span<UInt8>) -> UInt64 {
    var state = makeState()
    state.combine(text)
    return state.finish()
  }

  /// Eight bytes as a number, little-endian.
  @inline(__always) fileprivate static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    UInt64(
      littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(
        fromByteOffset: offset, as: UInt64.self))
  }

  /// A hash of what has come so far.
  package struct State {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// Bytes that do not make a word yet, the first one lowest.
    private var pending: UInt64 = 0
    private var pendingBits: UInt64 = 0
    private var count: UInt64 = 0

    fileprivate init(_ k0: UInt64, _ k1: UInt64) {
      // "somepseudorandomlygeneratedbytes", section 2.
      (v0, v1) = (k0 ^ 0x736f_6d65_7073_6575, k1 ^ 0x646f_7261_6e64_6f6d)
      (v2, v3) = (k0 ^ 0x6c79_6765_6e65_7261, k1 ^ 0x7465_6462_7974_6573)
    }

    /// Goes on with one byte.
    package mutating func combine(_ byte: UInt8) {
      count &+= 1
      combine(UInt64(byte), bits: 8)
    }

    /// Goes on with bytes, eight at a time.
    package mutating func combine(_ bytes: Span<UInt8>) {
      var index = 0
      // A copy, which stays in registers.
      var state = self
      while index + 8 <= bytes.count {
        let word = SipHash.word(bytes, at: index)
        state.compress(state.pending | word << pendingBits)
        state.pending = word >> (64 - pendingBits)
        index += 8
      }
      var (rest, bits) = (UInt64(0), UInt64(0))
      while index < bytes.count {
        rest |= UInt64(bytes[index]) &<< bits
        (index, bits) = (index + 1, bits + 8)
      }
      state.count &+= UInt64(bytes.count)
      state.combine(rest, bits: bits)
      self = state
    }

    /// Goes on with fewer than eight bytes, the first one lowest.
    @inline(__always) private mutating func combine(_ bytes: UInt64, bits: UInt64) {
      pending |= bytes << pendingBits
      pendingBits += bits
      if pendingBits < 64 { return }
      compress(pending)
      pendingBits -= 64
      pending = bytes >> (bits - pendingBits)
    }

    /// The hash.
    package consuming func finish() -> UInt64 {
      compress(pending | count << 56)
      v2 ^= 0xFF
      for _ in 0..<4 { round() }
      return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always) private mutating func compress(_ word: UInt64) {
      v3 ^= word
      round()
      round()
      v0 ^= word
    }

    @inline(__always) private mutating func round() {
      v0 = v0 &+ v1
      v2 = v2 &+ v3
      v1 = Self.rotate(v1, 13) ^ v0
      v3 = Self.rotate(v3, 16) ^ v2
      v0 = Self.rotate(v0, 32) &+ v3
      v2 = v2 &+ v1
      v1 = Self.rotate(v1, 17) ^ v2
      v3 = Self.rotate(v3, 21) ^ v0
      v2 = Self.rotate(v2, 32)
    }

    private static func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
      word &<< bits | word &>> (64 - bits)
    }
  }
}
