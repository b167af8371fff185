internal import VaultCrypto

/// A vault as it was last read: its records, and what is needed to read and write them again.
struct VaultState: Sendable {
  var version: VaultFile.Version
  var header: VaultHeader
  var dataKey: SecretBytes
  var table: TokenTable

  /// Reads and opens the vault, and finds its key.
  static func load(
    _ file: VaultFile, _ configuration: VaultConfiguration
  ) throws(TokenVaultError) -> (VaultState, KeyFile) {
    let image = try OpenedImage(file)
    let key: KeyFile
    do {
      key = try KeyFile(
        configuration.key, of: image.header.store, configuration.locations, configuration.disk)
    } catch {
      throw TokenVaultError(error)
    }
    return (try image.open(with: image.dataKey(key)), key)
  }

  /// Reads the vault again where its file is no longer the one that was read.
  mutating func refresh(_ file: VaultFile, _ key: KeyFile) throws(TokenVaultError) {
    do {
      if try file.isCurrent(version) { return }
    } catch {
      throw TokenVaultError(error)
    }
    let image = try OpenedImage(file)
    guard image.header.store == header.store else {
      throw .damaged(path: file.location.path, place: "another vault has taken its place")
    }
    let isSameKey = image.header.dataKeyID == header.dataKeyID
    self = try image.open(with: isSameKey ? dataKey : image.dataKey(key))
  }
}

/// The bytes of a vault whose header has been read.
struct OpenedImage {
  private let bytes: [UInt8]
  private let version: VaultFile.Version
  private let parts: VaultImage.Parts
  private let path: String

  var header: VaultHeader { parts.header }

  init(_ file: VaultFile) throws(TokenVaultError) {
    let path = file.location.path
    let bytes: [UInt8]
    do { (bytes, version) = try file.read() } catch { throw TokenVaultError(error) }
    do { parts = try VaultImage.parse(bytes.span) } catch {
      throw TokenVaultError(error, path: path)
    }
    (self.bytes, self.path) = (bytes, path)
  }

  /// Opens the data key with the key in this file.
  func dataKey(_ key: KeyFile) throws(TokenVaultError) -> SecretBytes {
    let opener: SecretBytes
    do { opener = try key.read() } catch { throw TokenVaultError(error) }
    do { return try VaultImage.dataKey(of: header, with: opener) } catch {
      throw TokenVaultError(error, path: path)
    }
  }

  /// Opens the records.
  func open(with dataKey: SecretBytes) throws(TokenVaultError) -> VaultState {
    let text: SecretBytes
    do { text = try VaultImage.open(bytes.span, parts, dataKey: dataKey) } catch {
      throw TokenVaultError(error, path: path)
    }
    do throws(SnapshotFault) {
      let table = try text.withSpan { (span) throws(SnapshotFault) in
        try SnapshotContents.decode(span, as: header.format)
      }
      return VaultState(version: version, header: header, dataKey: dataKey, table: table)
    } catch {
      throw .damaged(path: path, place: error.place)
    }
  }
}
