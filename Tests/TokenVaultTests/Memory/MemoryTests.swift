import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// What is left in the memory of a process when nothing of a vault is in use any more.
///
/// The vault is made by another process, since the texts that this one makes are Swift's.
@Suite struct MemoryTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// The first record has its texts as they are, the last one with escapes.
  private func makeVault(
    _ format: RecordFormat, records: Int, in directory: TemporaryDirectory,
    text: (Canary) -> String = \.text
  ) throws {
    try directory.write(Array(text(.key).utf8), to: "tokens.vault.key")
    let vault = try Vault.create(directory.configuration(), format: format)
    let (first, last) = (text(.first), text(.last))
    try vault.save(
      token(
        #"{"user_name":"u1","client_secret":"\#(first)","access_token":"\#(first)","own":"\#(text(.unknown))"}"#
      ))
    let long = String(repeating: "x", count: 200)
    try vault.save((0..<records).map { try smallToken("old\($0)", long) })
    try vault.save(
      token(#"{"user_name":"u2","refresh_token":"\"\n\#(last)","access_token":"\#(last)"}"#))
    try writeInputs(to: directory, text)
  }

  private func writeInputs(to directory: TemporaryDirectory, _ text: (Canary) -> String) throws {
    let (saved, refreshed) = (text(.saved), text(.refreshed))
    let input =
      #"{"user_name":"u3","refresh_token":"\"\u000a\#(saved)\n","access_token":"\#(saved)"}"#
    try directory.write(Array(input.utf8), to: "input")
    let answer = #"{"access_token":"\#(refreshed)","refresh_token":"\/\#(refreshed)"}"#
    try directory.write(Array(answer.utf8), to: "answer")
    // One that is to be repaired.
    var bytes = try directory.bytes("tokens.vault")
    bytes[bytes.count / 2] ^= 1
    try directory.write(bytes, to: "damaged")
  }

  @Test(arguments: [(RecordFormat.json, 0), (.csv, 0), (.json, 400), (.csv, 400)])
  func noOperationLeavesATokenOrAKeyInFreedMemory(_ format: RecordFormat, _ records: Int)
    async throws
  {
    try makeVault(format, records: records, in: directory)
    // Other texts of the same length.
    let other = try TemporaryDirectory()
    try makeVault(format, records: records, in: other) { String($0.text.reversed()) }
    await #expect(processExitsWith: .success) {
      [path = directory.path as String, other = other.path as String] in
      // All is done once before, for the key, which a register can hold.
      let search = try MemorySearch()
      for (_, operation) in MemoryOperation(path: other).all {
        try operation()
        _ = try MemoryTests.found(by: search)
      }
      // So does a thread that takes over the stack of an ended one: `pthread_create` then calls `_dl_allocate_tls_init`.
      Workers.run(2) {}
      var known: Set<String> = []
      for (name, operation) in MemoryOperation(path: path).all {
        try operation()
        let found = try MemoryTests.found(by: search)
        let new = found.subtracting(known)
        #expect(new == [], "\(name): \(new.sorted())")
        known.formUnion(found)
      }
    }
  }

  private static func found(by search: MemorySearch) throws -> Set<String> {
    var found: [String] = []
    for canary in [Canary.key, .first, .last, .saved] {
      found += try search.places(of: canary).map { "\(canary.number): \($0)" }
    }
    // These values become Swift strings; the texts that they are read from and written to do not.
    found += try search.places(of: .unknown, behind: #""own":""#).map(\.description)
    found += try search.places(of: .refreshed, behind: #""access_token":""#).map(\.description)
    return Set(found)
  }

  @Test func aKeyThatIsInUseIsInLockedMemoryAlone() async throws {
    try makeVault(.json, records: 0, in: directory)
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      try synchronously {
        let vault = try Vault(VaultConfiguration(in: path))
        #expect(try vault.allTokens().count == 2)
        let places = try MemorySearch().places(of: .key).map(\.address)
        let key = try #require(vault.read { $0.found.key?.secret })
        let own = key.withSpan { span in
          unsafe span.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
        }
        #expect(places == [own])
      }
    }
  }
}
