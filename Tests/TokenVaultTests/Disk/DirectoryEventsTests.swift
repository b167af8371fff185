import Glibc
import Testing

@testable import TokenVault

@Suite struct DirectoryEventsTests {
  private static let name = Array("tokens.vault".utf8)

  private func number(_ value: UInt32) -> [UInt8] {
    unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
  }

  /// An event as the kernel lays it out: the name is filled up with zeroes.
  private func event(_ mask: Int32, _ name: [UInt8] = [], directory: Int32 = 1) -> [UInt8] {
    let padded = name.isEmpty ? [] : name + [UInt8](repeating: 0, count: 16 - name.count % 16)
    return number(UInt32(bitPattern: directory)) + number(UInt32(bitPattern: mask)) + number(0)
      + number(UInt32(padded.count))
      + padded
  }

  /// What they come to for a file in directory 1.
  private func outcome(
    _ bytes: [UInt8], _ name: [UInt8] = DirectoryEventsTests.name
  ) -> DirectoryWatch.Outcome? {
    DirectoryEvents(bytes[...]).compactMap { $0.outcome(forFile: name, in: 1) }.max()
  }

  @Test func onlyTheVaultsOwnNameCounts() {
    let others = ["tokens.vault.new", "tokens.vault.lock", "tokens.vaul", "x", "Tokens.vault"]
    let noise = others.flatMap { event(Int32(IN_MOVED_TO), Array($0.utf8)) }
    #expect(outcome([]) == nil)
    #expect(outcome(noise) == nil)
    #expect(outcome(noise + event(Int32(IN_MOVED_TO), Self.name) + noise) == .touched)
    for mask in [IN_CLOSE_WRITE, IN_MOVED_FROM, IN_DELETE] {
      #expect(outcome(event(Int32(mask), Self.name)) == .touched)
    }
    #expect(outcome(event(Int32(IN_OPEN), Self.name)) == nil)
  }

  @Test func namesThatAreNoTextAreOtherNames() {
    #expect(outcome(event(Int32(IN_MOVED_TO), [0xFF, 0xFE] + Self.name)) == nil)
    #expect(outcome(event(Int32(IN_MOVED_TO), Self.name + [0xC3])) == nil)
    let strange: [UInt8] = [0xFF, 0x20]
    #expect(outcome(event(Int32(IN_MOVED_TO), strange), strange) == .touched)
  }

  @Test func whatHappensInAnotherDirectoryIsNoneOfOurs() {
    let other = event(Int32(IN_MOVED_TO), Self.name, directory: 2)
    #expect(outcome(other) == nil)
    #expect(outcome(event(Int32(IN_DELETE_SELF), directory: 2)) == nil)
    #expect(outcome(other + event(Int32(IN_MOVED_TO), Self.name)) == .touched)
  }

  @Test func whereEventsWereDroppedAnyMayHaveBeenOurs() {
    // It tells of no directory.
    #expect(outcome(event(Int32(IN_Q_OVERFLOW), directory: -1)) == .touched)
  }

  @Test func aDirectoryThatIsGoneCountsMostOfAll() {
    for mask in [IN_DELETE_SELF, IN_MOVE_SELF, IN_UNMOUNT, IN_IGNORED] {
      #expect(outcome(event(Int32(IN_DELETE), Self.name) + event(Int32(mask))) == .lost)
    }
  }

  @Test func bytesThatAreNoEventsAreLeftAlone() {
    let whole = event(Int32(IN_MOVED_TO), Self.name)
    for count in 0..<whole.count { #expect(outcome(Array(whole.prefix(count))) == nil) }
    let endless = number(1) + number(UInt32(IN_MOVED_TO)) + number(0) + number(.max) + Self.name
    #expect(outcome(endless) == nil)
    var random = SeededGenerator(state: 3)
    for _ in 0..<2000 {
      let count = Int.random(in: 0...80, using: &random)
      _ = outcome((0..<count).map { _ in UInt8.random(in: 0...40, using: &random) })
    }
  }
}
