internal import Synchronization
internal import VaultCrypto

/// The search for a key that opens a vault, in the places that a source stands for, in their order.
final class KeySearch: Sendable {
  /// What a search has found.
  enum Outcome {
    /// The first key that opens the vault.
    case key(UnlockedKey)
    /// None opens it: all attempts.
    case none([KeyAttempt])
  }

  /// Asks a person, once.
  typealias Prompt = @Sendable (_ kinds: [SlotKind]) -> PassphraseAnswer

  private let source: KeySource
  private let prompt: Prompt?
  private let promptAgain: Prompt?
  private let usesKeyring: Bool
  private let locations: StandardLocations
  private let disk: any Disk
  /// The keys that cannot be read twice, by their sources: those that were typed, or came through a descriptor.
  private let typed = Mutex<[TypedKey]>([])

  /// A class, for which a process that ends soon need not find the type of a tuple.
  private final class TypedKey: Sendable {
    let source: String
    let key: SlotKey

    init(_ source: String, _ key: SlotKey) { (self.source, self.key) = (source, key) }
  }

  init(
    _ source: KeySource, prompt: Prompt? = nil, promptAgain: Prompt? = nil,
    usesKeyring: Bool = true, _ locations: StandardLocations, _ disk: any Disk
  ) {
    (self.source, self.prompt, self.promptAgain) = (source, prompt, promptAgain)
    self.usesKeyring = usesKeyring
    (self.locations, self.disk) = (locations, disk)
  }

  /// Finds the first key that opens the vault with this header.
  ///
  /// - Parameter isCurrent: whether the vault still has this header; if not, no person is asked for its key.
  /// - Throws: The first error that is not about one source.
  func find(
    _ header: VaultHeader, isCurrent: () -> Bool
  ) throws(KeyError) -> Outcome {
    var attempts: [KeyAttempt] = []
    func attempt(
      _ name: String, _ way: @autoclosure () throws(KeyError) -> UnlockedKey
    ) throws(KeyError) -> UnlockedKey? {
      do { return try way() } catch {
        guard let problem = error.problem else { throw error }
        attempts.append(KeyAttempt(name, problem))
        return nil
      }
    }
    for source in try sources(header.store) {
      if let found = try attempt(source.description, open(header, source)) { return .key(found) }
    }
    guard source == .standard else { return .none(attempts) }
    if locations.key(of: header.store) == nil {
      attempts.append(KeyAttempt("default key file", "neither XDG_STATE_HOME nor HOME is set"))
    }
    if usesKeyring, let found = try attempt("kernel keyring", openWithKeyring(header)) {
      return .key(found)
    }
    if header.slots.contains(where: { $0.kind == .secretService }) {
      attempts.append(KeyAttempt("Secret Service", "this version cannot ask one"))
    }
    let kinds = SlotKind.allCases.filter { kind in
      kind.isTyped && header.slots.contains { $0.kind == kind }
    }
    guard !kinds.isEmpty, isCurrent() else { return .none(attempts) }
    let name = kinds.map(\.typedName).joined(separator: " or ")
    var isAnswered = false
    if let found = try attempt(name, openByAsking(header, kinds, &isAnswered)) {
      return .key(found)
    }
    // First what was wrong with the person's answer, then what was tried before the question.
    if isAnswered { attempts.insert(attempts.removeLast(), at: 0) }
    return .none(attempts)
  }

  /// The sources to try; the standard one stands for several.
  private func sources(_ store: StoreID) throws(KeyError) -> [KeySource] {
    guard source == .standard else { return [source] }
    var sources: [KeySource] = []
    if let path = locations.credential(Self.credentialName), try isThere(path) {
      sources.append(.credential(Self.credentialName))
    }
    if let path = locations.key(of: store) { sources.append(.file(path)) }
    return sources
  }

  private func isThere(_ path: String) throws(KeyError) -> Bool {
    do throws(KeyError) { return try KeyError.wrap(file: disk.isThere(path)) } catch .file(
      .system(let error)) where error.isAboutItsPlace
    { return false }
  }

  static let credentialName = "tokenvault.key"

  private func open(
    _ header: VaultHeader, _ source: KeySource
  ) throws(KeyError) -> UnlockedKey {
    if case .file(let path) = source {
      return try open(header, KeyFile(path: path, disk: disk), source)
    }
    return try found(header, key(of: source, header), source.description)
  }

  private func found(
    _ header: VaultHeader, _ key: SlotKey, _ source: String, _ file: KeyFile? = nil,
    isStaged: Bool = false
  ) throws(KeyError) -> UnlockedKey {
    // Not its id: that of a mistyped passphrase would help a reader of the log to guess.
    guard key.kind == .key || header.slot(openedBy: key.id) != nil else {
      throw .unavailable(problem: "it opens none of the key slots")
    }
    return try KeyError.wrap(
      format: UnlockedKey(header, key, source: source, file: file, isStaged: isStaged))
  }

  /// Opens with a key file, or with the key that a rotation has staged beside it.
  ///
  /// Tries the file again at the end: a rotation may have promoted the staged key meanwhile.
  private func open(
    _ header: VaultHeader, _ file: KeyFile, _ source: KeySource
  ) throws(KeyError) -> UnlockedKey {
    func opened(_ key: SlotKey?, isStaged: Bool) throws(KeyError) -> UnlockedKey? {
      guard let key, header.slot(openedBy: key.id) != nil else { return nil }
      return try found(header, key, source.description, file, isStaged: isStaged)
    }
    if let found = try opened(file.readIfThere(), isStaged: false) { return found }
    if let found = try opened(file.readStaged(for: header.store), isStaged: true) { return found }
    return try found(header, file.read(), source.description, file)
  }

  private func openWithKeyring(_ header: VaultHeader) throws(KeyError) -> UnlockedKey {
    guard let kept = try KeyError.wrap(call: KernelKeyring.dataKey(of: header.store)) else {
      throw .unavailable(problem: "it has no key of this vault")
    }
    guard kept.id == header.dataKeyID else {
      throw .unavailable(problem: "its key is from before the vault's keys were rotated")
    }
    try KeyError.wrap(format: header.verifySlots(with: kept))
    return UnlockedKey(
      dataKey: kept, slot: nil, key: nil, source: "kernel keyring", file: nil, isStaged: false)
  }

  /// Asks a person, and again after an answer that opens no slot, while there is an answer.
  private func openByAsking(
    _ header: VaultHeader, _ kinds: [SlotKind], _ isAnswered: inout Bool
  ) throws(KeyError) -> UnlockedKey {
    if let key = typedKey(Self.promptName) {
      return try found(header, key, key.kind.typedName)
    }
    var wrong: KeyError?
    for ask in [prompt, promptAgain, promptAgain].compactMap(\.self) {
      switch ask(kinds) {
      case .none(let reason): throw wrong ?? .unavailable(problem: reason)
      case .text(let text):
        isAnswered = true
        do throws(KeyError) { return try open(header, typed: text, kinds) } catch {
          guard case .unavailable = error else { throw error }
          wrong = error
        }
      }
    }
    throw wrong ?? .unavailable(problem: "no passphrase can be asked for")
  }

  private func open(
    _ header: VaultHeader, typed text: Secret, _ kinds: [SlotKind]
  ) throws(KeyError) -> UnlockedKey {
    let key: SlotKey
    // A code has a checksum, so that no passphrase passes for one.
    if kinds.contains(.recovery), let code = RecoveryCode(text) {
      key = try KeySource.key(code)
    } else if kinds.contains(.passphrase) {
      key = try KeySource.key(passphrase: text, header)
    } else {
      throw .unavailable(problem: KeySource.noRecoveryCode)
    }
    // Kept even if it is wrong, so that the person is not asked for the same vault again.
    keep(key, Self.promptName)
    return try found(header, key, key.kind.typedName)
  }

  /// Reads a source anew each time if it can be read again, so that a new key is seen; else keeps its key.
  private func key(of source: KeySource, _ header: VaultHeader) throws(KeyError) -> SlotKey {
    let name = source.description
    if !source.canBeReadAgain, let key = typedKey(name) { return key }
    let key = try source.slotKey(header, locations, disk)
    if !source.canBeReadAgain { keep(key, name) }
    return key
  }

  private static let promptName = "prompt"

  private func typedKey(_ source: String) -> SlotKey? {
    typed.withLock { $0.first { $0.source == source }?.key }
  }

  private func keep(_ key: SlotKey, _ source: String) {
    typed.withLock { keys in
      keys.removeAll { $0.source == source }
      keys.append(TypedKey(source, key))
    }
  }
}

extension SlotKind {
  /// Whether a person types the key.
  fileprivate var isTyped: Bool { self == .passphrase || self == .recovery }

  /// The name of what a person types.
  fileprivate var typedName: String {
    switch self {
    case .key, .secretService: "key"
    case .passphrase: "passphrase"
    case .recovery: "recovery code"
    }
  }
}
