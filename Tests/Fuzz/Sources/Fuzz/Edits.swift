/// Changes of a file's bytes, which an input chooses: a seal is not to be guessed, so inputs are changes of sound files.
enum Edits {
  /// - Parameter landmarks: Where in the file the parts begin that changes are near to.
  static func apply(_ choices: inout Choices, to bytes: inout [UInt8], landmarks: [Int]) {
    var left = 16
    while !choices.isEmpty, left > 0 {
      left -= 1
      apply(choices.byte(), &choices, &bytes, landmarks)
    }
  }

  private static func apply(
    _ kind: UInt8, _ choices: inout Choices, _ bytes: inout [UInt8], _ landmarks: [Int]
  ) {
    let place = place(&choices, bytes.count, landmarks)
    switch kind % 9 {
    case 0: put([choices.byte()], at: place, in: &bytes)
    case 1: put(choices.bytes(8), at: place, in: &bytes)
    case 2: put([UInt8](repeating: 0, count: 512), at: place / 512 * 512, in: &bytes)
    case 3: put([UInt8](repeating: 0, count: choices.half()), at: place, in: &bytes)
    case 4: bytes.removeLast(bytes.count - place)
    case 5: bytes += [UInt8](repeating: choices.byte(), count: choices.half())
    case 6: copy(from: place, to: Self.place(&choices, bytes.count, landmarks), of: 512, &bytes)
    // The first byte of a part.
    case 7: put([choices.byte()], at: choices.element(ofByte: landmarks), in: &bytes)
    default:
      let target = Self.place(&choices, bytes.count, landmarks)
      copy(from: place, to: target, of: choices.half(), &bytes)
    }
  }

  private static func place(_ choices: inout Choices, _ count: Int, _ landmarks: [Int]) -> Int {
    let distance = Int(Int16(truncatingIfNeeded: choices.half()))
    return min(max(0, choices.element(of: landmarks) + distance), count)
  }

  private static func put(_ new: [UInt8], at place: Int, in bytes: inout [UInt8]) {
    // An edit before this one may have cut the file.
    let start = min(place, bytes.count)
    for (index, byte) in zip(start..<bytes.count, new) { bytes[index] = byte }
  }

  private static func copy(from: Int, to: Int, of count: Int, _ bytes: inout [UInt8]) {
    put(Array(bytes[from..<min(from + count, bytes.count)]), at: to, in: &bytes)
  }
}
