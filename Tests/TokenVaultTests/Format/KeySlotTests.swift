import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

@Suite struct KeySlotTests {
  let store: StoreID
  let dataKey: DataKey

  init() throws {
    store = try .random()
    dataKey = try .random()
  }

  private func slot(_ key: SlotKey, _ name: String = "a") throws -> KeySlot {
    try .make(name, for: key, dataKey, store: store, added: moment(0), renewed: moment(0))
  }

  private func bytes(_ key: DataKey) -> [UInt8] { key.secret.withSpan { $0.array } }

  @Test(arguments: SlotKind.allCases)
  func aSlotOpensWithItsKeyAndNoOther(_ kind: SlotKind) throws {
    let key = try SlotKey.random(kind)
    let slot = try slot(key)
    let opened = try slot.unwrap(with: key, store: store, dataKeyID: dataKey.id)
    #expect(bytes(opened) == bytes(dataKey))
    let other = try SlotKey.random(kind)
    #expect(throws: CryptoError.self) {
      try slot.unwrap(with: other, store: store, dataKeyID: dataKey.id)
    }
    #expect(throws: CryptoError.self) {
      try slot.unwrap(with: key, store: .random(), dataKeyID: dataKey.id)
    }
    #expect(throws: CryptoError.self) {
      try slot.unwrap(with: key, store: store, dataKeyID: .random())
    }
  }

  @Test(arguments: SlotKind.allCases)
  func aSlotIsWrappedAgainWithoutItsKeyAndOpensOnlyTheNewDataKey(_ kind: SlotKind) throws {
    let key = try SlotKey.random(kind)
    let first = try slot(key)
    let (second, third) = (try DataKey.random(), try DataKey.random())
    let once = try first.rewrapped(from: dataKey, to: second, store: store)
    let twice = try once.rewrapped(from: second, to: third, store: store)
    let opened = try twice.unwrap(with: key, store: store, dataKeyID: third.id)
    #expect(bytes(opened) == bytes(third))
    #expect(twice.keyID == first.keyID && twice.publicKey == first.publicKey)
    // The old data key, and the wrapping that it was in, open nothing of the new one.
    #expect(throws: CryptoError.self) {
      try first.unwrap(with: key, store: store, dataKeyID: third.id)
    }
    #expect(throws: CryptoError.self) {
      try twice.rewrapped(from: dataKey, to: .random(), store: store)
    }
  }

  @Test(arguments: SlotKind.allCases)
  func whoHasOnlyTheHeaderCannotWrapADataKeyOfHisOwn(_ kind: SlotKind) throws {
    let victim = try SlotKey.random(kind)
    let real = try slot(victim)
    // All that the header gives: the public key. The authenticator has to be made up.
    let mine = try DataKey.random()
    let guess = [UInt8](repeating: 7, count: 32)
    let context = "tokenvault/1 slot authenticator sealed\n\(store.text)\na\n\(dataKey.id.text)"
    let made = try SealingWriter.seal(
      guess.span, MessageKey(mine.secret, context: Array(context.utf8)))
    let template = KeySlot(
      name: "a", kind: kind, added: moment(0), renewed: moment(0), keyID: real.keyID,
      publicKey: real.publicKey, authenticator: made, wrapping: real.wrapping,
      derivation: nil)
    let forged = try template.rewrapped(
      from: DataKey(id: dataKey.id, secret: mine.secret), to: mine, store: store)
    #expect(throws: CryptoError.self) {
      try forged.unwrap(with: victim, store: store, dataKeyID: mine.id)
    }
  }

  @Test(arguments: [
    ("a", true), ("A.b_c-1", true), (String(repeating: "x", count: 64), true), ("", false),
    ("-a", false), ("a b", false), ("ä", false), ("a/b", false), ("a\n", false),
    (String(repeating: "x", count: 65), false),
  ])
  func namesAreCheckedByTheirBytes(_ name: String, _ isValid: Bool) {
    #expect(KeySlot.isValidName(name) == isValid)
  }

  // MARK: Headers with slots

  private func vaultWithAllKinds(_ directory: TemporaryDirectory) throws -> RecoveryCode {
    var configuration = directory.configuration()
    configuration.passphraseCost = try #require(Scrypt.Cost(exponent: 15))
    let code = try RecoveryCode.make()
    let vault = try Vault.create(configuration, recovery: code)
    try vault.addSlot(named: "ann", key: .passphrase("secret"))
    try vault.save(token(#"{"user_name":"a","access_token":"1"}"#))
    return code
  }

  @Test func theHeaderComesBackAsItWasWritten() throws {
    let directory = try TemporaryDirectory()
    _ = try vaultWithAllKinds(directory)
    let bytes = try directory.bytes("tokens.vault")
    let (header, size) = try VaultHeader.decode(bytes.span)
    #expect(header.slots.map(\.kind) == [.key, .recovery, .passphrase])
    #expect(try header.encode() == Array(bytes[..<size]))
  }

  @Test(arguments: [
    ("scrypt:15:8:1:", "scrypt:14:8:1:"), ("scrypt:15:8:1:", "scrypt:19:8:1:"),
    ("scrypt:15:8:1:", "scrypt:20:8:1:"), ("scrypt:15:8:1:", "scrypt:21:8:1:"),
    ("scrypt:15:8:1:", "scrypt:63:8:1:"), ("scrypt:15:8:1:", "scrypt:15:9:1:"),
    ("scrypt:15:8:1:", "scrypt:15:8:2:"), ("scrypt:15:8:1:", "scrypt:99999999999999999999:8:1:"),
    ("scrypt:15:8:1:", "scrypt:015:8:1:"), ("scrypt:15:8:1:", "scrypt:-1:8:1:"),
    ("scrypt:15:8:1:", "scrypt:15:8:1:00"), ("scrypt:15:8:1:", "argon:15:8:1:"),
    ("scrypt:15:8:1:", "- "), ("scrypt:15:8:1:", "scrypt:15:8:"),
    (" - ", " scrypt:15:8:1:\(String(repeating: "0", count: 32)) "), (" - ", " none "),
    (" - ", " "),
    (" passphrase ", " password "), (" passphrase ", " key "), (" key ", " passphrase "),
    ("slot ann ", "slot default "), ("slot ann ", "slot -ann "),
    (" hpke ", " sealed "), ("slot ann ", "slot  ann "),
  ])
  func aHeaderThatSaysWhatNoneSaysIsRefusedBeforeAnyWork(_ from: String, _ to: String) throws {
    let directory = try TemporaryDirectory()
    _ = try vaultWithAllKinds(directory)
    let whole = try directory.bytes("tokens.vault")
    let changed = try withHeader(of: whole) { $0.replacingOccurrences(of: from, with: to) }
    #expect(changed != whole)
    // With a passphrase that would have to be stretched, so that it is seen not to be.
    let error = #expect(throws: FormatError.self) {
      try VaultContainer.parse(changed.span, size: Int64(changed.count))
    }
    guard case .header(let line) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect((9...11).contains(line))
  }

  /// Each passphrase slot may cost one scrypt, so that their number is bounded before any work.
  @Test(arguments: [(32, true), (33, false)])
  func aHeaderHasAtMostThirtyTwoSlots(_ count: Int, _ isSound: Bool) throws {
    var header = VaultHeader.make(format: .json, store: store, dataKey: dataKey, now: moment(0))
    for number in 0..<count {
      let derivation = try PassphraseDerivation.random(cost: .standard)
      let key = try SlotKey(.passphrase, .random(), derivation: derivation)
      header.slots.append(try slot(key, "s\(number)"))
    }
    try header.authenticateSlots(with: dataKey)
    let bytes = try header.encode()
    #expect(((try? VaultHeader.decode(bytes.span)) != nil) == isSound)
  }

  @Test func aVaultWithAllKindsOfSlotsAndAnyByteChangedIsAnError() throws {
    let directory = try TemporaryDirectory()
    _ = try vaultWithAllKinds(directory)
    let whole = try directory.bytes("tokens.vault")
    for index in whole.indices {
      var bytes = whole
      bytes[index] ^= 1
      try directory.write(bytes, to: "tokens.vault")
      let error = #expect(throws: TokenVaultError.self, "byte \(index)") {
        try Vault(directory.configuration())
      }
      guard case .damaged = error else {
        Issue.record("byte \(index): \(String(describing: error))")
        continue
      }
    }
  }
}
