import Foundation
import Testing

@testable import TokenVault

@Suite struct KeyFileUseTests {
  let directory: TemporaryDirectory
  let store: StoreID
  let file: KeyFile

  init() throws {
    directory = try TemporaryDirectory()
    store = try .random()
    file = try KeyFile(path: directory.file("key"), disk: LinuxDisk())
  }

  private func use(of store: StoreID? = nil, at path: String = "vault") throws -> KeyFileUse {
    let location = try VaultLocation(resolving: directory.file(path), disk: LinuxDisk())
    return try KeyFileUse(of: store ?? self.store, at: location, file)
  }

  private var place: String { "key.\(store.text).generation" }

  @Test func aNoteNamesTheVaultAndIsWrittenAnewWhereThatIsGone() throws {
    #expect(try use().read() == nil)
    #expect(try use().keep(3, over: nil))
    #expect(try directory.bytes(place).text.hasSuffix(" \(directory.file("vault"))\n"))
    let moved = try use(at: "moved")
    #expect(try !moved.keep(5, over: moved.read()), "there was a note")
    #expect(try directory.bytes(place).text.hasSuffix(" \(directory.file("moved"))\n"))
    #expect(try use().read()?.generation == 5)
    try use().forget()
    #expect(try directory.names.isEmpty)
  }

  @Test func whatIsHalfWrittenOrNoNoteCountsAsNone() throws {
    try use().keep(9, over: nil)
    let nine = try directory.bytes(place)
    try use().forget()
    try use().keep(10, over: nil)
    let ten = try directory.bytes(place)
    #expect(nine.count == ten.count)
    for cut in 0...ten.count {
      try directory.write(Array(ten[..<cut] + nine[cut...]), to: place)
      let read = try use().read()?.generation
      #expect(read == nil || read == 9 || read == 10, "torn at \(cut)")
      try directory.write(Array(ten[..<cut]), to: place)
      #expect(try use().read()?.generation == (cut == ten.count ? 10 : nil))
    }
    for text in [
      "", "\n", "generation 5 5\n", "generation -1 -1\n", String(repeating: "9", count: 90),
    ] {
      try directory.write(Array(text.utf8), to: place)
      #expect(try use().read() == nil)
    }
  }

  @Test func aKeyFileKnowsTheOtherVaultsThatItHasOpened() throws {
    try use().keep(1, over: nil)
    #expect(try file.otherVaults(than: store, openedBy: nil).isEmpty)
    let other = try StoreID.random()
    // What cannot be read counts as one.
    try directory.write([1, 2, 3], to: "key.\(other.text).generation")
    try directory.write([], to: "key.xyz.generation")
    try directory.write([], to: "key2.\(other.text).generation")
    #expect(try file.otherVaults(than: store, openedBy: nil) == [other.text])
    // The vault that it names is not there.
    try use(of: other).keep(2, over: nil)
    #expect(try file.otherVaults(than: store, openedBy: nil).isEmpty)
    try directory.write([], to: "vault")
    #expect(
      try file.otherVaults(than: store, openedBy: nil) == [directory.file("vault")],
      "it is there, and does not say by what it is opened")
  }

  @Test func aNoteThatOthersCouldWriteCountsAsNone() throws {
    try use().keep(9, over: nil)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: directory.file(place))
    #expect(try use().read() == nil)
  }
}
