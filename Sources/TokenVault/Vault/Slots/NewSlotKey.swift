internal import VaultCrypto

/// The key for a new slot.
struct NewSlotKey {
  let key: SlotKey
  let file: KeyFile?
  /// Whether that file was made for it.
  let isNewFile: Bool

  /// Reads the key of a source; makes a key file that is not there yet.
  ///
  /// The standard source is the credential if there is one, else the default key file.
  init(
    _ source: KeySource, _ header: VaultHeader, _ configuration: VaultConfiguration
  ) throws(TokenVaultError) {
    if source == .passphrase("") { throw .noPassphrase("an empty one protects nothing") }
    do throws(KeyError) {
      switch source {
      case .standard:
        try self.init(standardFor: header, configuration)
      case .file(let path):
        let file = try KeyFile(path: path, disk: configuration.disk)
        let vault = try KeyError.wrap(
          file: VaultLocation(resolving: configuration.path, disk: configuration.disk))
        try file.refuseNames(of: vault)
        try self.init(file)
      default:
        let key =
          if let text = try source.passphrase(configuration.disk) {
            try Self.key(newPassphrase: text, header, configuration.passphraseCost)
          } else {
            try source.slotKey(header, configuration.locations, configuration.disk)
          }
        self.init(key: key, file: nil, isNewFile: false)
      }
    } catch .file(.system(let error)) {
      throw TokenVaultError(error)
    } catch {
      throw TokenVaultError(error, path: configuration.path, source: source)
    }
  }

  init(_ code: RecoveryCode) throws(TokenVaultError) {
    self.init(
      key: try TokenVaultError.wrap(crypto: code.slotKey), file: nil, isNewFile: false)
  }

  /// The key of a new passphrase, or of the slot that it opens already, which the caller refuses: a person who removes one
  /// of two slots must not keep the other without knowing.
  private static func key(
    newPassphrase text: Secret, _ header: VaultHeader, _ cost: Scrypt.Cost
  ) throws(KeyError) -> SlotKey {
    if header.slots.contains(where: { $0.kind == .passphrase }) {
      let key = try KeySource.key(passphrase: text, header)
      if header.slot(openedBy: key.id) != nil { return key }
    }
    return try KeySource.key(newPassphrase: text, cost: cost)
  }

  private init(key: SlotKey, file: KeyFile?, isNewFile: Bool) {
    (self.key, self.file, self.isNewFile) = (key, file, isNewFile)
  }

  private init(
    standardFor header: VaultHeader, _ configuration: VaultConfiguration
  ) throws(KeyError) {
    let (disk, locations) = (configuration.disk, configuration.locations)
    if let path = locations.credential(KeySearch.credentialName),
      (try? disk.status(of: path)) != nil
    {
      let key = try KeySource.credential(KeySearch.credentialName).slotKey(
        header, locations, disk)
      self.init(key: key, file: nil, isNewFile: false)
      return
    }
    guard let path = locations.key(of: header.store) else {
      throw .unavailable(problem: "neither XDG_STATE_HOME nor HOME is set")
    }
    try self.init(KeyFile(path: path, disk: disk))
  }

  /// The key in the file, or a new one there.
  private init(_ file: KeyFile) throws(KeyError) {
    do throws(KeyError) {
      try self.init(existing: file)
    } catch .file(.missing) {
      do throws(KeyError) {
        self.init(key: try file.create(), file: file, isNewFile: true)
      } catch .file(.alreadyThere) {
        try self.init(existing: file)  // Another process was first.
      }
    }
  }

  /// The key in the file, made durable before a vault needs it.
  private init(existing file: KeyFile) throws(KeyError) {
    let key = try file.read()
    try file.synchronize()
    self.init(key: key, file: file, isNewFile: false)
  }
}
