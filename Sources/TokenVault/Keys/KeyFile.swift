internal import VaultCrypto

/// A file that holds a key: 32 bytes and nothing else, for its owner alone.
struct KeyFile {
  let path: String
  let disk: any Disk

  /// The file that `source` means for a store.
  init(
    _ source: KeySource, of store: StoreID, _ locations: StandardLocations, _ disk: any Disk
  ) throws(KeyError) {
    self.disk = disk
    switch source {
    case .file(let path):
      do { self.path = try PrivateFile(disk: disk).absolute(path) } catch { throw .file(error) }
    case .standard:
      guard let path = locations.key(of: store) else { throw .noStateDirectory }
      self.path = path
    }
  }

  /// Reads the key; links are followed, for services that keep secrets behind them.
  func read() throws(KeyError) -> SecretBytes {
    var bytes = try contents()
    defer { bytes.cleanse() }
    guard bytes.count == SealedMessage.keySize else {
      throw .size(path: path, bytes: Int64(bytes.count))
    }
    do { return try SecretBytes(copying: bytes.span) } catch { throw .crypto(error) }
  }

  private func contents() throws(KeyError) -> [UInt8] {
    let size: Int64
    do throws(FileError) {
      let files = PrivateFile(disk: disk)
      let (file, status) = try files.open(path, .readingThroughLinks)
      size = status.size
      if size == SealedMessage.keySize { return try files.contents(of: file, status, limit: size) }
    } catch {
      throw .file(error)
    }
    throw .size(path: path, bytes: size)
  }

  /// Makes a new key, durable, in a file that is not there yet; missing directories are made. On failure
  /// the file is gone again.
  func create() throws(KeyError) -> SecretBytes {
    let key: SecretBytes
    do { key = try SecretBytes.random(count: SealedMessage.keySize) } catch { throw .crypto(error) }
    do throws(FileError) {
      let files = PrivateFile(disk: disk)
      try files.makeDirectories(above: path)
      try key.withSpan { (bytes) throws(FileError) in try files.createWhole(path, bytes) }
    } catch {
      throw .file(error)
    }
    return key
  }

  /// Takes a key away again that opens nothing yet.
  func discard() { try? disk.remove(path) }
}
