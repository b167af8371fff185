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

  /// Makes a new key, durable, in a file that is not there yet; missing directories are made.
  ///
  /// The file gets its name when it is whole: a kill never leaves half a key in its place. On failure it is
  /// gone again.
  func create() throws(KeyError) -> SecretBytes {
    let key: SecretBytes
    let staging: String
    do {
      key = try SecretBytes.random(count: SealedMessage.keySize)
      staging = "\(path).\(Hexadecimal.encode(try RandomBytes.make(count: 8))).new"
    } catch {
      throw .crypto(error)
    }
    do throws(FileError) {
      let files = PrivateFile(disk: disk)
      try files.makeDirectories(above: path)
      try key.withSpan { (bytes) throws(FileError) in _ = try files.create(staging, bytes) }
      try name(staging)
      do { try files.synchronizeDirectory(PrivateFile.directory(of: path)) } catch {
        discard()
        throw error
      }
    } catch {
      throw .file(error)
    }
    return key
  }

  private func name(_ staging: String) throws(FileError) {
    do {
      try disk.link(staging, to: path)
    } catch {
      try? disk.remove(staging)
      throw error.isAlreadyThere ? .alreadyThere(path: path) : .disk(error)
    }
    do {
      try disk.remove(staging)
    } catch {
      try? disk.remove(staging)
      discard()
      throw .disk(error)
    }
  }

  /// Takes a key away again that opens nothing yet.
  func discard() { try? disk.remove(path) }
}
