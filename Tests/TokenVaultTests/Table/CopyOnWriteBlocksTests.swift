import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct CopyOnWriteBlocksTests {
  @Test func randomChangesOfCopiesGiveWhatAnArrayGives() {
    var random = SeededGenerator(state: 3)
    var kept: [(CopyOnWriteBlocks<Int>, [Int])] = [([], [])]
    for step in 0..<3000 {
      var (blocks, array) = kept[Int.random(in: 0..<kept.count, using: &random)]
      for _ in 0..<Int.random(in: 0..<30, using: &random) {
        let number = Int.random(in: 0..<1000, using: &random)
        blocks.append(number)
        array.append(number)
      }
      if !array.isEmpty {
        let position = Int.random(in: 0..<array.count, using: &random)
        blocks[position] += step
        array[position] += step
      }
      if step % 50 == 0 {
        let divisor = Int.random(in: 1...7, using: &random)
        blocks.removeAll { $0 % 40 > 20 && $0 % divisor == 0 }
        array = array.enumerated().filter { $0.offset % 40 <= 20 || $0.offset % divisor > 0 }
          .map(\.element)
      }
      if kept.count < 20 { kept.append((blocks, array)) } else { kept[step % 20] = (blocks, array) }
    }
    for (blocks, array) in kept { expectSame(blocks, array) }
  }

  private func expectSame(_ blocks: CopyOnWriteBlocks<Int>, _ array: [Int]) {
    #expect(Array(blocks) == array)
    #expect(blocks.count == array.count && Array(blocks.blocks.joined()) == array)
    #expect(array.indices.allSatisfy { blocks[$0] == array[$0] })
    #expect(blocks == CopyOnWriteBlocks(array))
  }

  @Test func blocksAreFullButTheLast() {
    let size = CopyOnWriteBlocks<Int32>.blockSize
    for count in [0, 1, size - 1, size, size + 1, 64 * size, 64 * size + 1, 200 * size + 7] {
      var appended = CopyOnWriteBlocks<Int32>()
      for number in 0..<count { appended.append(Int32(number)) }
      #expect(appended == CopyOnWriteBlocks((0..<count).map { Int32($0) }))
      #expect(appended.blocks.dropLast().allSatisfy { $0.count == size })
      #expect(appended.blocks.allSatisfy { !$0.isEmpty })
    }
  }

  @Test func aCopySharesTheBlocksThatHaveNotChanged() {
    let (size, group) = (
      CopyOnWriteBlocks<String>.blockSize, 64 * CopyOnWriteBlocks<String>.blockSize
    )
    let old = CopyOnWriteBlocks((0..<group * 3 + 5).map(String.init))
    var new = old
    #expect(old.sharedCount(from: 0, with: new, from: 0) == group)
    #expect(old.sharedCount(from: 1, with: new, from: 1) == 0, "within a block")
    #expect(old.sharedCount(from: 0, with: new, from: size) == 0, "other blocks")
    #expect(old.sharedCount(from: 3 * group, with: new, from: 3 * group) == 5)
    #expect(old.sharedCount(from: old.count, with: new, from: 0) == 0, "at the end")
    new[group + size] = "changed"
    #expect(old.sharedCount(from: 0, with: new, from: 0) == group)
    #expect(old.sharedCount(from: group, with: new, from: group) == size)
    #expect(old.sharedCount(from: group + size, with: new, from: group + size) == 0)
    new.append("new")
    #expect(old.sharedCount(from: 3 * group, with: new, from: 3 * group) == 0)
    new.removeAll { $0 == 2 * group }
    #expect(old.sharedCount(from: 0, with: new, from: 0) == size)
    #expect(old[group + size] == String(group + size) && old.count == group * 3 + 5)
  }
}
