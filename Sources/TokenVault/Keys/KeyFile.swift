internal import Glibc
internal import VaultCrypto

/// A file that holds a key: 32 bytes, or their 64 hexadecimal digits, for its owner alone.
///
/// A rotation makes the new key in a file beside it, `<key>.<store>.staged`, and gives that the key file's name once
/// the vault needs it. So where a rotation was killed, one of the two has the vault's key.
package struct KeyFile: Sendable {
  /// What was named.
  package let path: String
  let disk: any Disk
  private var files: PrivateFile { PrivateFile(disk: disk) }

  /// The file at a path, which is made absolute, and whose directories must be safe (``DirectoryCheck``).
  package init(path: String, disk: any Disk) throws(KeyError) {
    self.disk = disk
    do throws(FileError) {
      self.path = try PrivateFile(disk: disk).absolute(path)
      try Self.checkDirectories(self.path, disk)
    } catch {
      throw .file(error)
    }
  }

  private static func checkDirectories(_ path: String, _ disk: any Disk) throws(FileError) {
    var check = DirectoryCheck(disk: disk)
    try check.run(path, for: .key)
  }

  /// Reads the key; links are followed, for services that keep secrets behind them.
  package func read() throws(KeyError) -> SlotKey { try read(path, groupMayRead: false) }

  /// The same for what systemd made, which shows the service's right to read it as the group's.
  func readCredential() throws(KeyError) -> SlotKey { try read(path, groupMayRead: true) }

  private func read(_ path: String, groupMayRead: Bool) throws(KeyError) -> SlotKey {
    let bytes: [UInt8]
    do throws(FileError) {
      let (file, status) = try files.open(path, .readingThroughLinks, groupMayRead: groupMayRead)
      guard status.size <= KeyMaterial.sizeLimit else {
        throw FileError.tooLarge(path: path, limit: Int64(KeyMaterial.sizeLimit))
      }
      bytes = try files.contents(of: file, status, limit: Int64(KeyMaterial.sizeLimit))
    } catch .tooLarge {
      throw .notAKey(problem: "it has more than \(KeyMaterial.sizeLimit) bytes")
    } catch {
      throw .file(error)
    }
    return try KeyMaterial.decode(bytes)
  }

  /// Makes a new key, durable, in a file that is not there yet; missing directories are made. On failure
  /// the file is gone again.
  package func create() throws(KeyError) -> SlotKey {
    let key = try Self.newKey()
    try write(key, to: path)
    return key
  }

  private static func newKey() throws(KeyError) -> SlotKey {
    do { return try .random(.key) } catch { throw .crypto(error) }
  }

  private func write(_ key: SlotKey, to path: String) throws(KeyError) {
    do throws(FileError) {
      try files.makeDirectories(above: path)
      // Another user may have been faster, in a directory like /tmp.
      try Self.checkDirectories(path, disk)
      try key.secret.withSpan { (bytes) throws(FileError) in try files.createWhole(path, bytes) }
    } catch {
      throw .file(error)
    }
  }

  /// Makes a key that is there survive a power cut, its name too: the process that made it may have been killed before it was
  /// on the disk. Not where it is another user's, who keeps us from it.
  package func synchronize() throws(KeyError) {
    let target = try target()
    do throws(FileError) {
      let (file, _) = try files.open(target, .reading)
      try files.synchronizeIfPossible(file)
      try files.synchronizeIfPossible(directory: PrivateFile.directory(of: target))
    } catch {
      throw .file(error)
    }
  }

  /// Takes a key away again that opens nothing yet.
  package func discard() { try? disk.remove(path) }
}

// What a rotation does; its order is told by `KeyRotation`.
extension KeyFile {
  /// Where the key file is behind its symbolic links, so that a link stays one.
  func target() throws(KeyError) -> String {
    do { return try VaultLocation(resolving: path, disk: disk).path } catch { throw .file(error) }
  }

  /// Named after the store, so that it is in nobody else's way, another vault's staged key for the same
  /// file least of all.
  private func staged(_ store: StoreID) throws(KeyError) -> String {
    try target() + ".\(store.text).staged"
  }

  /// Makes the key that shall take this file's place, durable, beside it. The caller holds the vault's
  /// lock: what a killed rotation left there opens nothing.
  package func stage(for store: StoreID) throws(KeyError) -> SlotKey {
    let (key, path) = (try Self.newKey(), try staged(store))
    do {
      try write(key, to: path)
    } catch .file(.alreadyThere) {
      try removeStaged(for: store)
      try write(key, to: path)
    }
    return key
  }

  /// The key that a rotation made and that has not taken its place; nil where there is none.
  package func readStaged(for store: StoreID) throws(KeyError) -> SlotKey? {
    do { return try read(try staged(store), groupMayRead: false) } catch .file(.missing) {
      return nil
    }
  }

  /// Puts the staged key in this file's place: the old one is gone.
  package func promote(for store: StoreID) throws(KeyError) {
    let (path, staged) = (try target(), try staged(store))
    do throws(FileError) {
      let isThere = try FileError.disk(at: path) { () throws(DiskError) in
        let isThere = try disk.status(of: path) != nil
        // Not over a file that has come there meanwhile.
        if isThere { try disk.rename(staged, to: path) } else { try disk.link(staged, to: path) }
        return isThere
      }
      try files.synchronizeDirectory(PrivateFile.directory(of: path))
      // Only now: no file system has to keep the order of the two, and one name must survive.
      if !isThere { try remove(staged) }
    } catch {
      throw .file(error)
    }
  }

  /// Takes the staged key away, which opens nothing.
  package func removeStaged(for store: StoreID) throws(KeyError) {
    let staged = try staged(store)
    do { try remove(staged) } catch { throw .file(error) }
  }

  private func remove(_ path: String) throws(FileError) {
    try FileError.disk(at: path) { () throws(DiskError) in try disk.remove(path) }
  }

  /// Whether anything has this file's name.
  package func isThere() throws(KeyError) -> Bool {
    do throws(DiskError) { return try disk.status(of: path) != nil } catch {
      throw .file(.disk(error))
    }
  }

  /// Whether a key could be staged and promoted here; a directory that is missing would be made.
  package func isReplaceable(for store: StoreID) throws(KeyError) -> Bool {
    var directory = PrivateFile.directory(of: try target())
    do throws(DiskError) {
      while try disk.status(of: directory) == nil, directory != "/" {
        directory = PrivateFile.directory(of: directory)
      }
    } catch {
      throw .file(.disk(error))
    }
    guard disk.isWritable(directory: directory) else { return false }
    return try isMovable(store)
  }

  /// Whether the file itself can be replaced: not where it is a mount of its own, as containers have it, or
  /// immutable. A second name for it tells; that is gone again at once.
  private func isMovable(_ store: StoreID) throws(KeyError) -> Bool {
    let (path, probe) = (try target(), try target() + ".\(store.text).check")
    do throws(DiskError) {
      guard try disk.status(of: path) != nil else { return true }
      // Where it is there, it was made by one that was killed, or that does the same now.
      do { try disk.link(path, to: probe) } catch  where error.isAlreadyThere {}
      try disk.remove(probe)
      return true
    } catch {
      // Else the old key would stay under that name when it is gone from its place.
      try? disk.remove(probe)
      if [EXDEV, EPERM, EBUSY, EROFS, EACCES].contains(error.errno) { return false }
      throw .file(.disk(error.at(path)))
    }
  }
}

extension KeyFile {
  /// Refuses to be a file that a vault at this place makes and removes as it likes.
  package func refuseNames(of vault: VaultLocation) throws(KeyError) {
    let mine = VaultLocation(plain: try target())
    if vault.places.contains(where: { $0.isSamePlace(as: mine, disk: disk) }) {
      throw .reserved(path: path)
    }
  }
}
