import Foundation
import Testing

@testable import TokenVault

/// The lines of a header that a later version uses, and what this one makes of them.
@Suite struct HeaderLineTests {
  let directory: TemporaryDirectory
  let vault: Vault

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
    try vault.save(token(#"{"user_name":"u","access_token":"1"}"#))
    try vault.save(token(#"{"user_name":"u","access_token":"2"}"#))
  }

  private func header(_ from: String, _ to: String) throws -> VaultHeader {
    let bytes = try withHeader(of: directory.bytes("tokens.vault")) { text in
      let changed = text.replacingOccurrences(of: from, with: to)
      #expect(changed != text)
      return changed
    }
    let (header, size) = try VaultHeader.decode(bytes.span)
    #expect(try header.encode() == Array(bytes[..<size]))
    return header
  }

  @Test func aNewVaultSaysThatItNeedsNothingOfAReader() throws {
    let text = try directory.bytes("tokens.vault").text
    #expect(text.contains("\nafter none\nfeatures none\nlog-extent 262144\ndata-key "))
  }

  @Test func theLogEntryOfACompactionIsRead() throws {
    let tag = "000102030405060708090a0b0c0d0e0f"
    let point = try header("after none", "after 2 \(tag)").after
    #expect(point == CompactionPoint(generation: 2, tag: Array(0...15)))
  }

  @Test(arguments: ["4096", "8192", "1073741824"])
  func everySizeOfAnExtentIsKept(_ size: String) throws {
    #expect(try header("log-extent 262144", "log-extent \(size)").logExtent == UInt64(size))
  }

  @Test(
    arguments: [
      ("after none", "after"), ("after none", "after 0 \(String(repeating: "0", count: 32))"),
      ("after none", "after 4 \(String(repeating: "0", count: 32))"),
      ("after none", "after 1 \(String(repeating: "0", count: 30))"),
      ("after none", "after 1"), ("after none", "after None"), ("after none\n", ""),
      ("features none", "features"), ("features none", "features "),
      ("features none", "features none x"), ("features none", "features a a"),
      ("features none", "features b a"), ("features none", "features A"),
      ("features none", "features a_b"), ("features none", "features a  b"),
      ("features none", "features \(String(repeating: "x", count: 33))"),
      ("features none\n", ""), ("log-extent 262144", "log-extent 0"),
      ("log-extent 262144", "log-extent 2048"), ("log-extent 262144", "log-extent 4097"),
      ("log-extent 262144", "log-extent 2147483648"), ("log-extent 262144", "log-extent 04096"),
      ("log-extent 262144", "log-extent none"), ("log-extent 262144\n", ""),
      ("after none\nfeatures none", "features none\nafter none"),
    ])
  func aLineThatBreaksTheGrammarIsDamage(_ from: String, _ to: String) throws {
    let before = try directory.bytes("tokens.vault")
    try directory.changeHeader(from, to)
    #expect(try directory.bytes("tokens.vault") != before)
    let error = #expect(throws: TokenVaultError.self) { try Vault(directory.configuration()) }
    guard case .damaged(_, let place) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.contains("of its header is not understood"))
  }

  @Test func aVaultWithUnknownFeaturesIsANewerOneAndNothingTouchesIt() throws {
    // A feature may change every other line.
    for rest in ["", "\nanything at all"] {
      let sound = try directory.bytes("tokens.vault")
      try directory.changeHeader("features none", "features 2-seals row-seals\(rest)")
      let (newer, names) = (try directory.bytes("tokens.vault"), try directory.names)
      let configuration = directory.configuration()
      let expected = TokenVaultError.unknownFeatures(
        path: directory.file("tokens.vault"), features: ["2-seals", "row-seals"])
      for work: () throws -> Void in [
        { _ = try Vault(configuration) }, { try vault.save(token(#"{"access_token":"3"}"#)) },
        { _ = try vault.allTokens() }, { try Vault.repair(configuration) },
        { try Vault.restore(configuration) }, { try Vault.rotate(configuration) },
        { _ = try Vault.check(configuration) }, { try Vault.discardDamaged(configuration) },
      ] {
        #expect(throws: expected) { try work() }
      }
      #expect(try directory.bytes("tokens.vault") == newer && directory.names == names)
      #expect(expected.code == .other && expected.hint == "install a newer tokenvault")
      #expect("\(expected)".hasSuffix("does not know: '2-seals', 'row-seals'"))
      try directory.write(sound, to: "tokens.vault")
    }
  }

  @Test func withAWrongDigestAFeatureIsDamageAndIsMended() throws {
    let sound = try directory.bytes("tokens.vault")
    var bytes = sound
    let place = try #require(sound.text.range(of: "features none"))
    let offset = sound.text.utf8.distance(from: sound.text.startIndex, to: place.upperBound)
    bytes[offset - 1] = UInt8(ascii: "a")  // features nona
    #expect(throws: FormatError.headerDigest) { try VaultHeader.decode(bytes.span) }
    try directory.write(bytes, to: "tokens.vault")
    #expect(try Vault.repair(directory.configuration()).tokens == 1)
  }
}
