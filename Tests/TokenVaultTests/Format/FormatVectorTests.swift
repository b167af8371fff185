import Foundation
import Testing

@testable import TokenVault

/// The published test kit, in four ways: open all, find one record, check, repair.
@Suite struct FormatVectorTests {
  @Test(arguments: try FormatVector.names)
  func aVectorEndsAsItSays(_ name: String) throws {
    let vector = try FormatVector(name)
    let vault = try vector.vault()
    try expect(vector, "open", vault, wanted: vector.records("record")) { configuration in
      ("records", try Vault(configuration).allTokens())
    }
    try expect(vector, "one", vault, wanted: vector.records("found")) { configuration in
      let found = try Vault(configuration).findWithoutUse(TokenQuery(id: vector["find"]))
      return (found == nil ? "absent" : "record", found.map { [$0] } ?? [])
    }
    try expect(vector, "check", vault, wanted: []) { configuration in
      _ = try Vault.check(configuration)
      return ("sound", [])
    }
    try expect(vector, "repair", vault, wanted: vector.records("left")) { configuration in
      if try Vault.repair(configuration).copy == nil { return ("unchanged", []) }
      return ("records", try Vault(configuration).allTokens())
    }
  }

  private func expect(
    _ vector: FormatVector, _ way: String, _ vault: [UInt8], wanted: [NSDictionary],
    _ work: (VaultConfiguration) throws -> (String, [OAuthToken])
  ) throws {
    let directory = try TemporaryDirectory()
    let configuration = try directory.configuration(vector, vault)
    var (ending, records): (String, [NSDictionary])
    do {
      let (word, tokens) = try work(configuration)
      (ending, records) = (word, try tokens.map(FormatVector.record))
    } catch let error as TokenVaultError {
      (ending, records) = (error.refusal, [])
      if ending != vector[way] { ending += " (\(error))" }
      #expect(try way == "repair" || directory.bytes("tokens.vault") == vault, "it was changed")
    }
    #expect(ending == vector[way], "\(way)")
    #expect(records == wanted, "\(way)")
  }
}

extension TemporaryDirectory {
  /// The vault of a vector, on a host that remembers what the vector says.
  fileprivate func configuration(
    _ vector: FormatVector, _ vault: [UInt8]
  ) throws -> VaultConfiguration {
    try write(vault, to: "tokens.vault")
    var configuration = configuration()
    configuration.key = vector.key
    guard let seen = vector.seen else { return configuration }
    let store = try VaultHeader.decode(vault.span).header.store
    let memory = try configuration.memory(of: configuration.file())
    memory.remember(SeenGeneration(seen, tag: nil), of: store)
    return configuration
  }
}

extension FormatVector {
  fileprivate static func record(_ token: OAuthToken) throws -> NSDictionary {
    try record(Data(RecordFormat.json.encode([token])))
  }
}

extension TokenVaultError {
  /// The class of a refusal, as FileFormat names it.
  fileprivate var refusal: String {
    switch self {
    case .newerVersion, .unknownFeatures: "newer-vault"
    case .keyUnavailable: "wrong-key"
    case .damagedLogEntry: "damaged-entry"
    case .rolledBack: "rolled-back"
    case .limitsLost: "limits-lost"
    case .damaged(_, let place), .irreparable(_, let place): Self.refusal(place)
    default: "another error"
    }
  }

  private static func refusal(_ place: String) -> String {
    let classes = [
      ("its records", "invalid-records"), ("it is empty", "not-a-vault"),
      ("does not begin like a vault", "not-a-vault"),
      ("where its header, snapshot and index make", "wrong-length"), ("slot", "damaged-slot"),
      ("header", "damaged-header"), ("newer than this program reads", "damaged-header"),
      ("its snapshot was changed", "damaged-snapshot"),
      ("nothing of its snapshot", "damaged-snapshot"), ("its index", "damaged-index"),
      ("a summary in its log", "damaged-index"),
    ]
    // What opens, and is then not what it should be, has other words for each rule.
    return classes.first { place.contains($0.0) }?.1 ?? "invalid-records"
  }
}
