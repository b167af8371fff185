/// SHAKE-128 (FIPS 202): the random source of the accumulated test of XAES-256-GCM.
struct SHAKE128 {
  private var state = [UInt64](repeating: 0, count: 25)
  private var place = 0

  private static let rate = 168
  private static let roundCount = 24

  /// Absorbs a message, after which the output can be squeezed.
  init(absorbing message: [UInt8]) {
    var padded = message + [0x1F]
    padded += [UInt8](repeating: 0, count: (Self.rate - padded.count % Self.rate) % Self.rate)
    padded[padded.count - 1] ^= 0x80
    for start in stride(from: 0, to: padded.count, by: Self.rate) {
      for index in 0..<Self.rate {
        state[index / 8] ^= UInt64(padded[start + index]) << UInt64(8 * (index % 8))
      }
      permute()
    }
  }

  mutating func squeeze(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in
      if place == Self.rate {
        permute()
        place = 0
      }
      defer { place += 1 }
      return UInt8(truncatingIfNeeded: state[place / 8] >> UInt64(8 * (place % 8)))
    }
  }

  /// Keccak-f[1600].
  private mutating func permute() {
    var register: UInt8 = 1
    for _ in 0..<Self.roundCount {
      theta()
      rhoAndPi()
      chi()
      for exponent in 0..<7 {
        if register & 1 == 1 { state[0] ^= 1 << UInt64((1 << exponent) - 1) }
        register = register << 1 ^ (register >> 7 == 1 ? 0x71 : 0)
      }
    }
  }

  private mutating func theta() {
    let columns = (0..<5).map { x in (0..<5).reduce(0) { $0 ^ state[x + 5 * $1] } }
    for x in 0..<5 {
      let change = columns[(x + 4) % 5] ^ Self.rotate(columns[(x + 1) % 5], 1)
      for y in 0..<5 { state[x + 5 * y] ^= change }
    }
  }

  private mutating func rhoAndPi() {
    var (x, y) = (1, 0)
    var moved = state[1]
    for step in 1...24 {
      (x, y) = (y, (2 * x + 3 * y) % 5)
      let offset = UInt64(step * (step + 1) / 2 % 64)
      (moved, state[x + 5 * y]) = (state[x + 5 * y], Self.rotate(moved, offset))
    }
  }

  private mutating func chi() {
    for y in 0..<5 {
      let row = Array(state[5 * y..<5 * y + 5])
      for x in 0..<5 { state[x + 5 * y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]) }
    }
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    count == 0 ? word : word << count | word >> (64 - count)
  }
}
