internal import VaultCrypto

/// One way to open a vault: its DEK (``DataKey``), wrapped under a KEK (``SlotKey``) that is kept elsewhere.
struct KeySlot: Sendable, Equatable {
  /// How the DEK is wrapped.
  enum Wrapping: Sendable, Equatable {
    /// Sealed under the KEK, by a holder of it: 104 bytes.
    case sealed([UInt8])
    /// Sealed under the slot's authenticator, then by HPKE to the slot's public key, without the KEK: 152 bytes.
    case hpke([UInt8])

    static let sealedSize = MessageLayout.size(sealing: SymmetricKey.size)
    static let hpkeSize = HPKE.size(sealing: sealedSize)
  }

  let name: String
  /// Where its KEK comes from.
  let kind: SlotKind
  /// When it was added.
  let added: Timestamp
  /// When its KEK was made or last changed.
  let renewed: Timestamp
  /// The name of its KEK.
  let keyID: KeyID
  /// The X25519 public key derived from the KEK.
  let publicKey: [UInt8]
  /// The authenticator derived from the KEK, sealed under the DEK: 104 bytes.
  let authenticator: [UInt8]
  let wrapping: Wrapping
  /// How a passphrase becomes its KEK; nil for every other kind.
  let derivation: PassphraseDerivation?
  /// Authenticates the list of slots, by this slot's authenticator: 32 bytes of ``VaultHeader/authenticateSlots(with:)``.
  var mac: [UInt8] = []

  /// Wraps a DEK for a KEK that is at hand.
  static func make(
    _ name: String, for key: SlotKey, _ dataKey: DataKey, store: StoreID, added: Timestamp,
    renewed: Timestamp
  ) throws(CryptoError) -> KeySlot {
    let binding = Binding(store: store, name: name, dataKey: dataKey.id)
    let authenticator = try key.authenticator()
    let publicKey = try key.keyPair().publicKey
    // Symmetric for random keys: quicker to open, and safe from quantum computers. A passphrase is the weaker part of its
    // slot anyway, and a recovery code is rarely used.
    let wrapping: Wrapping =
      key.kind.isRandomKey
      ? .sealed(try dataKey.secret.sealed(under: key.secret, binding.wrapped))
      : .hpke(try wrap(dataKey, authenticator, publicKey, binding))
    return KeySlot(
      name: name, kind: key.kind, added: added, renewed: renewed, keyID: key.id,
      publicKey: publicKey,
      authenticator: try authenticator.sealed(under: dataKey.secret, binding.authenticator),
      wrapping: wrapping, derivation: key.derivation)
  }

  private static func wrap(
    _ dataKey: DataKey, _ authenticator: SymmetricKey, _ publicKey: [UInt8], _ binding: Binding
  ) throws(CryptoError) -> [UInt8] {
    let inner = try dataKey.secret.sealed(under: authenticator, binding.wrapped)
    return try HPKE.seal(inner.span, to: publicKey, info: binding.hpke)
  }

  /// Unwraps the DEK with this slot's KEK.
  ///
  /// - Throws: `CryptoError.notAuthentic` if the wrapped key was changed, or the KEK is another one.
  func unwrap(
    with key: SlotKey, store: StoreID, dataKeyID: DataKeyID
  ) throws(CryptoError) -> DataKey {
    let binding = Binding(store: store, name: name, dataKey: dataKeyID)
    let secret: SymmetricKey
    switch wrapping {
    case .sealed(let bytes):
      secret = try .opened(bytes.span, under: key.secret, binding.wrapped)
    case .hpke(let bytes):
      let inner = try HPKE.open(bytes.span, with: key.keyPair(), info: binding.hpke)
      let authenticator = try key.authenticator()
      secret = try inner.withSpan { (inner) throws(CryptoError) in
        try .opened(inner, under: authenticator, binding.wrapped)
      }
    }
    return DataKey(id: dataKeyID, secret: secret)
  }

  /// The same slot for a new DEK, wrapped without the slot's KEK.
  func rewrapped(
    from old: DataKey, to new: DataKey, store: StoreID
  ) throws(CryptoError) -> KeySlot {
    let opened = try openedAuthenticator(with: old, store: store)
    let binding = Binding(store: store, name: name, dataKey: new.id)
    return KeySlot(
      name: name, kind: kind, added: added, renewed: renewed, keyID: keyID, publicKey: publicKey,
      authenticator: try opened.sealed(under: new.secret, binding.authenticator),
      wrapping: .hpke(try Self.wrap(new, opened, publicKey, binding)), derivation: derivation)
  }

  /// The authenticator, which the DEK seals.
  ///
  /// - Throws: `CryptoError.notAuthentic` if it was changed, or the DEK is another one.
  func openedAuthenticator(
    with dataKey: DataKey, store: StoreID
  ) throws(CryptoError) -> SymmetricKey {
    let binding = Binding(store: store, name: name, dataKey: dataKey.id)
    return try .opened(authenticator.span, under: dataKey.secret, binding.authenticator)
  }

  /// The contexts that bind a slot's messages, so that they open nowhere else.
  private struct Binding {
    let store: StoreID
    let name: String
    let dataKey: DataKeyID

    var wrapped: [UInt8] { context("slot") }
    var authenticator: [UInt8] { context("slot authenticator sealed") }
    var hpke: [UInt8] { context("slot hpke") }

    private func context(_ what: String) -> [UInt8] {
      Array("tokenvault/1 \(what)\n\(store.text)\n\(name)\n\(dataKey.text)".utf8)
    }
  }
}

extension KeySlot {
  /// Whether a slot may have this name: 1 to 64 of the letters, digits, `.`, `_` and `-`, no `-` first.
  static func isValidName(_ name: some StringProtocol) -> Bool {
    let isAllowed = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isAllowed && (1...64).contains(name.utf8.count) && name.utf8.first != UInt8(ascii: "-")
  }
}

extension SymmetricKey {
  /// The key that a message seals.
  fileprivate static func opened(
    _ message: Span<UInt8>, under key: SymmetricKey, _ context: [UInt8]
  ) throws(CryptoError) -> SymmetricKey {
    guard message.count == KeySlot.Wrapping.sealedSize else { throw .notAuthentic(.length) }
    return try SymmetricKey(OpeningReader.open(message, MessageKey(key, context: context)))
  }

  fileprivate func sealed(
    under key: SymmetricKey, _ context: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    try withSpan { (bytes) throws(CryptoError) in
      try SealingWriter.seal(bytes, MessageKey(key, context: context))
    }
  }
}
