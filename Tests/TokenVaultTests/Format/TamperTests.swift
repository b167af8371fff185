import Foundation
import Testing

@testable import TokenVault

/// Any changed, cut, swapped, repeated or spliced byte is an error that names the file.
@Suite struct TamperTests {
  private func vaultOfThree(_ format: RecordFormat) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let vault = try Vault.create(directory.configuration(), format: format)
    for user in ["a", "b", "c"] {
      try vault.save(token(#"{"user_name":"\#(user)","access_token":"1"}"#))
    }
    return directory
  }

  private func expectDamage(_ directory: TemporaryDirectory, _ comment: Comment) {
    do {
      let tokens = try Vault(directory.configuration()).allTokens()
      Issue.record("\(comment): opened with \(tokens.count) tokens")
    } catch {
      guard case .damaged(let path, let place) = error else {
        Issue.record("\(comment): \(error)")
        return
      }
      if path != directory.file("tokens.vault") || place.isEmpty {
        Issue.record("\(comment): \(error)")
      }
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func aVaultCutAtAnyLengthIsAnError(_ format: RecordFormat) throws {
    let directory = try vaultOfThree(format)
    let whole = try directory.bytes("tokens.vault")
    for length in (0..<whole.count).sampled(each: 2) {
      try directory.write(Array(whole[..<length]), to: "tokens.vault")
      expectDamage(directory, "cut at \(length)")
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func aVaultWithAnyByteChangedIsAnError(_ format: RecordFormat) throws {
    let directory = try vaultOfThree(format)
    let whole = try directory.bytes("tokens.vault")
    for index in whole.indices {
      let changes: [UInt8] = [0x01, 0x80, 0xFF]
      for change in isFullTest ? changes : [changes[index % 3]] {
        var bytes = whole
        bytes[index] ^= change
        try directory.write(bytes, to: "tokens.vault")
        expectDamage(directory, "byte \(index) ^ \(change)")
      }
    }
  }

  @Test func aVaultWithBytesAddedRepeatedOrSwappedIsAnError() throws {
    let directory = try vaultOfThree(.json)
    let whole = try directory.bytes("tokens.vault")
    let headerEnd = try #require(whole.firstIndex(of: 0x0A).map { _ in headerSize(whole) })
    let cases: [(Comment, [UInt8])] = [
      ("a byte more", whole + [0]), ("zeros behind", whole + [UInt8](repeating: 0, count: 64)),
      ("twice", whole + whole), ("snapshot twice", whole + whole[headerEnd...]),
      ("a byte before", [0x0A] + whole), ("header twice", Array(whole[..<headerEnd]) + whole),
    ]
    for (comment, bytes) in cases {
      try directory.write(bytes, to: "tokens.vault")
      expectDamage(directory, comment)
    }
  }

  private func headerSize(_ bytes: [UInt8]) -> Int {
    guard let end = bytes.text.range(of: "\nend ") else { return 0 }
    return bytes.text.utf8.distance(from: bytes.text.startIndex, to: end.upperBound) + 65
  }

  @Test func aSnapshotUnderAnOlderHeaderOrAnOlderSnapshotUnderThisOneIsAnError() throws {
    let directory = try vaultOfThree(.json)
    let new = try directory.bytes("tokens.vault")
    let old = try directory.bytes("tokens.vault.previous")
    let (newEnd, oldEnd) = (headerSize(new), headerSize(old))
    #expect(newEnd > 100 && oldEnd > 100)
    try directory.write(Array(new[..<newEnd] + old[oldEnd...]), to: "tokens.vault")
    expectDamage(directory, "new header, old snapshot")
    try directory.write(Array(old[..<oldEnd] + new[newEnd...]), to: "tokens.vault")
    expectDamage(directory, "old header, new snapshot")
  }

  @Test func aHeaderThatWasChangedTogetherWithItsDigestIsStillAnError() throws {
    let directory = try vaultOfThree(.json)
    let whole = try directory.bytes("tokens.vault")
    let end = headerSize(whole)
    for (from, to) in [("generation 4", "generation 5"), ("format json", "format csv")] {
      let lines = Array(whole[..<end]).text.replacingOccurrences(of: from, with: to)
      let body = lines.prefix(upTo: try #require(lines.range(of: "end ")).lowerBound)
      let header = Array(body.utf8) + Array("end \(try sha256(Array(body.utf8)))\n".utf8)
      try directory.write(header + whole[end...], to: "tokens.vault")
      expectDamage(directory, "\(from) made \(to)")
    }
  }

  @Test func aNewerVersionIsToldAsThatWhereItsHeaderIsIntact() throws {
    let directory = try TemporaryDirectory()
    let body = "tokenvault 2\nanything at all\n"
    let header = "\(body)end \(try sha256(Array(body.utf8)))\n"
    try directory.write(Array(header.utf8) + [1, 2, 3], to: "tokens.vault")
    #expect(
      throws: TokenVaultError.newerVersion(path: directory.file("tokens.vault"), version: "2")
    ) {
      try Vault(directory.configuration())
    }
  }

  @Test(arguments: [
    "", "\n", "tokenvault", "tokenvault 1", "tokenvault 1\n", "tokenvault 1\nend \n",
    "{\"access_token\":\"x\"}\n",
    "id,user_name\n", "SQLite format 3\0", "tokenvault one\n",
    "tokenvault 99999999999999999999999999\n",
  ])
  func whatIsNoVaultIsToldAsThat(_ text: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write(Array(text.utf8), to: "tokens.vault")
    expectDamage(directory, "\(text)")
  }

  @Test func aHeaderWithoutAnEndIsRefusedWithoutReadingItAll() throws {
    let directory = try TemporaryDirectory()
    let line = Array("tokenvault 1\n".utf8)
    try directory.write(line + [UInt8](repeating: 0x0A, count: 3_000_000), to: "tokens.vault")
    expectDamage(directory, "three million lines")
  }

  /// Not our own: `sha256sum`.
  private func sha256(_ bytes: [UInt8]) throws -> String {
    let directory = try TemporaryDirectory()
    try directory.write(bytes, to: "bytes")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [directory.file("bytes")]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output.prefix(64), as: UTF8.self)
  }
}
