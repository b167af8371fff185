import Foundation
import Testing

@testable import TokenVault

@Suite struct GenerationMemoryTests {
  let directory: TemporaryDirectory
  let store: StoreID

  init() throws {
    directory = try TemporaryDirectory()
    store = try .random()
  }

  private func memory(_ keyFile: String? = "key") throws -> GenerationMemory {
    let file = try keyFile.map { try KeyFile(path: directory.file($0), disk: LinuxDisk()) }
    return try memory(of: store, file)
  }

  private func memory(of store: StoreID, _ file: KeyFile?) throws -> GenerationMemory {
    let location = try VaultLocation(resolving: directory.file("vault"), disk: LinuxDisk())
    return try GenerationMemory(
      of: store, at: location, keyFile: file, directory.locations(), LinuxDisk())
  }

  private var place: String { "key.\(store.text).generation" }

  @Test func itRemembersTheHighestAndGoesDownOnlyWhenTold() throws {
    var memory = try memory()
    #expect(try memory.highest() == nil)
    memory.raise(to: 7, from: nil, everywhere: true)
    #expect(try memory.highest() == 7)
    memory.raise(to: 5, from: 7, everywhere: true)
    #expect(try memory.highest() == 7)
    memory.remember(1_000_000_000_000_000)
    #expect(try memory.highest() == 1_000_000_000_000_000)
    memory.reset(to: 3)
    #expect(try memory.highest() == 3)
    memory.forget()
    #expect(try directory.names.isEmpty)
    #expect(try memory.highest() == 3, "the state directory knows it too")
  }

  @Test func whatIsHalfWrittenOrNoNumberCountsAsNone() throws {
    var memory = try memory()
    memory.remember(9)
    let nine = try directory.bytes(place)
    memory.remember(10)
    let ten = try directory.bytes(place)
    #expect(nine.count == ten.count)
    for cut in 0...ten.count {
      try directory.write(Array(ten[..<cut] + nine[cut...]), to: place)
      let read = try memory.highest()
      #expect(read == nil || read == 9 || read == 10, "torn at \(cut)")
      try directory.write(Array(ten[..<cut]), to: place)
      #expect(try memory.highest() == (cut == ten.count ? 10 : nil))
    }
    for text in [
      "", "\n", "generation 5 5\n", "generation -1 -1\n", String(repeating: "9", count: 90),
    ] {
      try directory.write(Array(text.utf8), to: place)
      #expect(try memory.highest() == nil)
      memory.remember(4)
      #expect(try memory.highest() == 4)
    }
  }

  @Test func withoutAKeyFileItIsInTheStateDirectory() throws {
    let memory = try memory(nil)
    memory.remember(6)
    let path = "state/tokenvault/generations/\(store.text).generation"
    #expect(try directory.bytes(path).text.hasPrefix("generation 0000000000000006"))
    var other = try self.memory()
    #expect(try other.highest() == 6, "and is read for a key file too")
  }

  @Test func aKeyFileKnowsTheOtherVaultsThatItHasOpened() throws {
    let file = try KeyFile(path: directory.file("key"), disk: LinuxDisk())
    try memory().remember(1)
    #expect(try file.otherVaults(than: store, openedBy: nil).isEmpty)
    let other = try StoreID.random()
    // What cannot be read counts as one.
    try directory.write([1, 2, 3], to: "key.\(other.text).generation")
    try directory.write([], to: "key.xyz.generation")
    try directory.write([], to: "key2.\(other.text).generation")
    #expect(try file.otherVaults(than: store, openedBy: nil) == [other.text])
    // The vault that it names is not there.
    try memory(of: other, file).remember(2)
    #expect(try file.otherVaults(than: store, openedBy: nil).isEmpty)
    try directory.write([], to: "vault")
    #expect(
      try file.otherVaults(than: store, openedBy: nil) == [directory.file("vault")],
      "it is there, and does not say by what it is opened")
  }

  @Test func aMemoryThatOthersCouldWriteCountsAsNone() throws {
    var memory = try memory()
    memory.remember(9)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: directory.file(place))
    #expect(try memory.highest() == nil)
    memory.remember(3)
    #expect(try memory.highest() == 3)
  }
}
