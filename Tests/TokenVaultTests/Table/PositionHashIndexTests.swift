import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct PositionHashIndexTests {
  private var random = SeededGenerator(state: 29)
  private var chains = PositionHashIndex()
  /// The hash of each position; nil is in no chain.
  private var hashes: [Int?] = []

  /// Few, some of which differ only in the bits that number no bucket.
  private mutating func hash() -> Int? {
    if Int.random(in: 0..<6, using: &random) == 0 { return nil }
    return Int.random(in: 0..<40, using: &random) << Int.random(in: 0...1, using: &random) * 24
  }

  private func positions(_ hash: Int) -> [Int] {
    var positions: [Int] = []
    var place = chains.first(of: hash)
    while let position = place {
      positions.append(position)
      place = chains.next(after: position, of: hash)
    }
    return positions
  }

  private func expectAll() {
    for number in 0..<40 {
      for hash in [number, number << 24] {
        // Others may be there by accident, none twice, and none that is in no chain.
        let found = positions(hash)
        #expect(Set(found).count == found.count)
        #expect(
          found.filter { hashes[$0] == hash }.sorted()
            == hashes.indices.filter { hashes[$0] == hash })
        #expect(found.allSatisfy { hashes[$0] != nil })
      }
    }
  }

  @Test mutating func randomPositionsThatComeAndChangeAreFoundAsAWalkFindsThem() {
    for step in 0..<1000 {
      hashes.append(hash())
      chains.append(hashes[step])
      if step % 2 == 0, let position = hashes.indices.randomElement(using: &random) {
        let new = hash()
        if let old = hashes[position] { chains.remove(position, old) }
        if let new { chains.insert(position, new) }
        hashes[position] = new
      }
      if step % 100 == 0 || hashes.count == 1 { expectAll() }
    }
  }

  @Test mutating func aCopyKeepsWhatIsTakenOutOfTheOther() {
    for number in 0..<100 {
      chains.append(number % 7)
      hashes.append(number % 7)
    }
    let copy = chains
    for (position, hash) in hashes.enumerated() {
      if let hash { chains.remove(position, hash) }
    }
    for hash in 0..<7 {
      #expect(chains.first(of: hash) == nil)
      #expect(copy.first(of: hash) == (0..<100).last { $0 % 7 == hash })
    }
  }
}
