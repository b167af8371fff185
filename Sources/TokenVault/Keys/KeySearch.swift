internal import Synchronization
internal import VaultCrypto

/// Looks for a key that opens a vault: in the places that a source means, in their order, and nowhere else.
package final class KeySearch: Sendable {
  /// Asks a person, once.
  package typealias Prompt = @Sendable (_ kinds: [SlotKind]) -> PassphraseAnswer

  private let source: KeySource
  private let prompt: Prompt?
  private let promptAgain: Prompt?
  private let usesKeyring: Bool
  private let locations: StandardLocations
  private let disk: any Disk
  /// What cannot be had twice: what was typed, or came through a descriptor.
  private let typed = Mutex<[String: SlotKey]>([:])

  /// A search that starts when it is asked to.
  package init(
    _ source: KeySource, prompt: Prompt? = nil, promptAgain: Prompt? = nil,
    usesKeyring: Bool = true, _ locations: StandardLocations, _ disk: any Disk
  ) {
    (self.source, self.prompt, self.promptAgain) = (source, prompt, promptAgain)
    self.usesKeyring = usesKeyring
    (self.locations, self.disk) = (locations, disk)
  }

  /// The first key that opens the vault with this header; `noneOpens` with all that was tried.
  ///
  /// Nobody is asked for the key of a vault that is no longer the one with this header.
  package func find(
    _ header: VaultHeader, isCurrent: () -> Bool
  ) throws(KeyError) -> UnlockedKey {
    var attempts: [KeyAttempt] = []
    func attempt(
      _ name: String, _ way: () throws(KeyError) -> UnlockedKey
    ) throws(KeyError) -> UnlockedKey? {
      do { return try way() } catch {
        guard let problem = error.problem else { throw error }
        attempts.append(KeyAttempt(name, problem))
        return nil
      }
    }
    for source in try sources(header.store) {
      let name = source.description
      if let found = try attempt(name, { () throws(KeyError) in try open(header, source) }) {
        return found
      }
    }
    if source == .standard {
      if locations.key(of: header.store) == nil {
        attempts.append(
          KeyAttempt("default key file", "neither XDG_STATE_HOME nor HOME is set"))
      }
      if usesKeyring,
        let found = try attempt(
          "kernel keyring", { () throws(KeyError) in try openWithKeyring(header) })
      {
        return found
      }
      let kinds = SlotKind.allCases.filter { kind in
        kind != .key && header.slots.contains { $0.kind == kind }
      }
      if !kinds.isEmpty, isCurrent() {
        let name = kinds.map(\.typedName).joined(separator: " or ")
        var isAnswered = false
        let found = try attempt(name) { () throws(KeyError) in
          try openByAsking(header, kinds, &isAnswered)
        }
        if let found { return found }
        // A person looks for what was wrong with the answer, and not for what was tried before the question.
        if isAnswered { attempts.insert(attempts.removeLast(), at: 0) }
      }
    }
    throw .noneOpens(attempts)
  }

  /// The sources that are tried, the standard one taken apart.
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
    do throws(DiskError) { return try disk.status(of: path) != nil } catch {
      if error.isAboutItsPlace { return false }
      throw .file(.disk(error))
    }
  }

  /// The credential that is looked for.
  package static let credentialName = "tokenvault.key"

  private func open(
    _ header: VaultHeader, _ source: KeySource
  ) throws(KeyError) -> UnlockedKey {
    if case .file(let path) = source {
      return try open(header, KeyFile(path: path, disk: disk), source)
    }
    let key = try key(of: source, header)
    return try found(header, key, source.description)
  }

  private func found(
    _ header: VaultHeader, _ key: SlotKey, _ source: String, _ file: KeyFile? = nil,
    isStaged: Bool = false
  ) throws(KeyError) -> UnlockedKey {
    do {
      let (slot, dataKey) = try VaultContainer.dataKey(of: header, with: key)
      return UnlockedKey(
        dataKey: dataKey, slot: slot, key: key, source: source, file: file, isStaged: isStaged)
    } catch .wrongKey where key.kind != .key {
      // Not its name: that of a mistyped passphrase would help whoever reads the log to guess.
      throw .unavailable(problem: "it opens none of the key slots")
    } catch {
      throw .format(error)
    }
  }

  /// Opens with a key file, or with the key that a rotation has staged beside it.
  ///
  /// The file once more at the end: a rotation under way may have moved the staged key there meanwhile.
  private func open(
    _ header: VaultHeader, _ file: KeyFile, _ source: KeySource
  ) throws(KeyError) -> UnlockedKey {
    func opened(_ key: SlotKey, isStaged: Bool) throws(KeyError) -> UnlockedKey? {
      do {
        return try found(header, key, source.description, file, isStaged: isStaged)
      } catch .format(.wrongKey) {
        return nil
      }
    }
    func current() throws(KeyError) -> UnlockedKey? {
      do { return try opened(file.read(), isStaged: false) } catch .file(.missing) { return nil }
    }
    if let found = try current() { return found }
    if let staged = try file.readStaged(for: header.store),
      let found = try opened(staged, isStaged: true)
    {
      return found
    }
    return try found(header, file.read(), source.description, file)
  }

  private func openWithKeyring(_ header: VaultHeader) throws(KeyError) -> UnlockedKey {
    let kept: DataKey?
    do { kept = try KernelKeyring.dataKey(of: header.store) } catch {
      throw .file(.disk(error.diskError))
    }
    guard let kept else { throw .unavailable(problem: "it has no key of this vault") }
    guard kept.id == header.dataKeyID else {
      throw .unavailable(problem: "its key is from before the vault's keys were rotated")
    }
    return UnlockedKey(
      dataKey: kept, slot: nil, key: nil, source: "kernel keyring", file: nil, isStaged: false)
  }

  /// Asks a person, and again after an answer that opens nothing, as long as there is an answer.
  private func openByAsking(
    _ header: VaultHeader, _ kinds: [SlotKind], _ isAnswered: inout Bool
  ) throws(KeyError) -> UnlockedKey {
    if let key = typed.withLock({ $0[Self.promptName] }) {
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
    // A code has a checksum, so a passphrase is not taken for one.
    if kinds.contains(.recovery), let code = RecoveryCode(text) {
      key = try KeySource.key(code)
    } else if kinds.contains(.passphrase) {
      key = try KeySource.key(passphrase: text, header)
    } else {
      throw .unavailable(problem: KeySource.noRecoveryCode)
    }
    // What was typed last is kept, right or wrong: the person is not asked for the same store later.
    typed.withLock { $0[Self.promptName] = key }
    return try found(header, key, key.kind.typedName)
  }

  private static let promptName = "prompt"
}

extension SlotKind {
  /// What a person types for it.
  fileprivate var typedName: String {
    switch self {
    case .key: "key"
    case .passphrase: "passphrase"
    case .recovery: "recovery code"
    }
  }
}

extension KeySearch {
  /// What can be read later is read anew each time, so that a new key is seen; everything else is kept.
  private func key(of source: KeySource, _ header: VaultHeader) throws(KeyError) -> SlotKey {
    if source.canBeReadAgain { return try source.slotKey(header, locations, disk) }
    return try once(source.description) { () throws(KeyError) in
      try source.slotKey(header, locations, disk)
    }
  }

  private func once(
    _ name: String, _ read: () throws(KeyError) -> SlotKey
  ) throws(KeyError) -> SlotKey {
    if let key = typed.withLock({ $0[name] }) { return key }
    let key = try read()
    typed.withLock { $0[name] = key }
    return key
  }
}
