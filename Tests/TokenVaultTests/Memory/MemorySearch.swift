import Foundation

@testable import TokenVault
@testable import VaultCrypto

/// Searches all memory that this process can write, freed memory among it, from outside of Swift's heap.
@safe final class MemorySearch {
  private static let pieceSize = 1 << 20
  /// A mapping of its own, which is not searched: what is sought, and a piece of memory.
  private let scratch: UnsafeMutableRawPointer
  private let memory: Int32
  private static let scratchSize = pieceSize + 4096

  init() throws {
    unsafe scratch = mmap(
      nil, Self.scratchSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    memory = unsafe open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
    guard memory >= 0, unsafe scratch != MAP_FAILED else { throw CancellationError() }
  }

  deinit {
    close(memory)
    unsafe munmap(scratch, Self.scratchSize)
  }

  /// A place in memory, and what stands before it.
  struct Place: CustomStringConvertible {
    let address: Int
    let mapping: String
    let before: String

    var description: String { "\(mapping) \(String(address, radix: 16)): \(before)" }
  }

  /// Where the canary stands behind these bytes.
  func places(of canary: Canary, behind start: StaticString = "") throws -> [Place] {
    let size = start.utf8CodeUnitCount + canary.size
    unsafe scratch.copyMemory(from: start.utf8Start, byteCount: start.utf8CodeUnitCount)
    for index in 0..<canary.size {
      unsafe scratch.storeBytes(
        of: canary.byte(index), toByteOffset: start.utf8CodeUnitCount + index, as: UInt8.self)
    }
    return try Self.mappings().flatMap { search($0, size) }
  }

  private struct Mapping {
    let range: Range<Int>
    let name: String
  }

  private static func mappings() throws -> [Mapping] {
    // Such a file has no size: it is read to its end.
    let file = FileHandle(forReadingAtPath: "/proc/self/maps")
    let maps = try String(decoding: file?.readToEnd() ?? Data(), as: UTF8.self)
    return maps.split(separator: "\n").compactMap {
      let words = $0.split(separator: " ")
      let ends = words[0].split(separator: "-").compactMap { Int($0, radix: 16) }
      guard words[1].hasPrefix("rw"), ends.count == 2 else { return nil }
      return Mapping(range: ends[0]..<ends[1], name: words.count > 5 ? String(words[5]) : "heap")
    }
  }

  private func search(_ mapping: Mapping, _ size: Int) -> [Place] {
    var places: [Place] = []
    let piece = unsafe scratch + 4096
    let sought = unsafe Span<UInt8>(
      _unsafeStart: scratch.assumingMemoryBound(to: UInt8.self), count: size)
    var start = mapping.range.lowerBound
    while start < mapping.range.upperBound {
      let rest = mapping.range.upperBound - start
      let count = unsafe pread(memory, piece, min(Self.pieceSize, rest), off_t(start))
      guard count > 0 else { break }
      let bytes = unsafe Span<UInt8>(
        _unsafeStart: piece.assumingMemoryBound(to: UInt8.self), count: count)
      var from = 0
      while let place = bytes.place(of: sought, from: from) {
        if !isOurs(start + place) {
          places.append(
            Place(address: start + place, mapping: mapping.name, before: text(bytes, to: place)))
        }
        from = place + 1
      }
      start += count < rest ? max(1, count - size + 1) : count
    }
    return places
  }

  private func isOurs(_ address: Int) -> Bool {
    let start = unsafe Int(bitPattern: scratch)
    return (start..<start + Self.scratchSize).contains(address)
  }

  /// What stands before a place; too little to be a canary, which would be found again in what is said of it.
  private func text(_ bytes: Span<UInt8>, to place: Int) -> String {
    let before = bytes.extracting(max(0, place - Canary.key.size / 2)..<place).array
    return String(
      decoding: before.map { (32..<127).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
  }
}
