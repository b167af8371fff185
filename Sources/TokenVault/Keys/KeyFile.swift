internal import Glibc
internal import VaultCrypto

/// A file that holds a key: 32 bytes, or their 64 hexadecimal digits, for its owner alone.
///
/// A rotation makes the new key in a file beside it, `<key>.<store>.staged`, and renames that to the key file once the
/// vault needs it. So after a killed rotation, one of the two files has the vault's key.
struct KeyFile: Sendable {
  /// The absolute path, as it was named.
  let path: String
  let disk: any Disk
  private var files: PrivateFile { PrivateFile(disk: disk) }

  /// The file at a path, all directories of which must be safe (``DirectoryCheck``).
  init(path: String, disk: any Disk) throws(KeyError) {
    self.disk = disk
    self.path = try KeyError.wrap(file: PrivateFile(disk: disk).absolute(path))
    try KeyError.wrap(file: Self.checkDirectories(self.path, disk))
  }

  private static func checkDirectories(_ path: String, _ disk: any Disk) throws(FileError) {
    var check = DirectoryCheck(disk: disk)
    try check.run(path, for: .key)
  }

  /// Reads the key; follows links, for services that keep secrets behind them.
  func read() throws(KeyError) -> SlotKey { try read(path, groupMayRead: false) }

  /// Reads the key; nil if there is no file.
  func readIfThere() throws(KeyError) -> SlotKey? { try readIfThere(path) }

  private func readIfThere(_ path: String) throws(KeyError) -> SlotKey? {
    do { return try read(path, groupMayRead: false) } catch .file(.missing) { return nil }
  }

  /// Reads a credential that systemd made, whose group mode bits show the service's right to read it.
  func readCredential() throws(KeyError) -> SlotKey { try read(path, groupMayRead: true) }

  private func read(_ path: String, groupMayRead: Bool) throws(KeyError) -> SlotKey {
    let limit = KeyMaterial.sizeLimit
    let (file, status) = try KeyError.wrap(
      file: files.open(path, .readingThroughLinks, groupMayRead: groupMayRead))
    guard status.size <= limit else {
      throw .unavailable(problem: "it has more than \(limit) bytes")
    }
    return try KeyMaterial.decode(
      KeyError.wrap(file: files.contents(of: file, status, limit: Int64(limit))))
  }

  /// Makes a new key, durable, in a file that is not there yet; makes missing directories. A failure removes the file.
  func create() throws(KeyError) -> SlotKey { try create(at: path) }

  private func create(at path: String) throws(KeyError) -> SlotKey {
    let key = try KeyError.wrap(crypto: SlotKey.random(.key))
    try KeyError.wrap(file: write(key, to: path))
    return key
  }

  private func write(_ key: SlotKey, to path: String) throws(FileError) {
    try files.makeDirectories(above: path)
    // Another user may have been faster, in a directory like /tmp.
    try Self.checkDirectories(path, disk)
    try files.createWhole(path) { (file) throws(FileError) in try key.secret.withSpan(file.write) }
  }

  /// Makes an existing key file durable with its name: the process that made it may have been killed before. Does
  /// nothing if the file is another user's who denies it.
  func synchronize() throws(KeyError) {
    try KeyError.wrap(file: synchronize(target()))
  }

  private func synchronize(_ target: String) throws(FileError) {
    let (file, _) = try files.open(target, .reading)
    try files.synchronizeIfPossible(file)
    try files.synchronizeIfPossible(directory: PrivateFile.directory(of: target))
  }

  /// Removes a key that opens nothing yet.
  func discard() { try? disk.remove(path) }

  func isThere() throws(KeyError) -> Bool { try KeyError.wrap(file: disk.isThere(path)) }

  /// Refuses to be a file that a vault at this place makes and removes.
  func refuseNames(of vault: VaultLocation) throws(KeyError) {
    let mine = VaultLocation(plain: try KeyError.wrap(file: target()))
    if vault.places.contains(where: { $0.isSamePlace(as: mine, disk: disk) }) {
      throw .reserved(path: path)
    }
  }
}

// The steps of a rotation; `KeyRotation` has their order.
extension KeyFile {
  /// The path behind the file's symbolic links, so that a link stays one.
  func target() throws(FileError) -> String {
    try VaultLocation(resolving: path, disk: disk).path
  }

  /// Has the store's name, so that several vaults can stage keys for the same file.
  private func staged(_ store: StoreID) throws(FileError) -> String {
    try target() + ".\(store.text).staged"
  }

  /// Makes the key that is to replace this file, durable, beside it, under the vault's lock. Replaces what a killed
  /// rotation left there, which opens nothing.
  func stage(for store: StoreID) throws(KeyError) -> SlotKey {
    let path = try KeyError.wrap(file: staged(store))
    do throws(KeyError) { return try create(at: path) } catch .file(.alreadyThere) {
      try removeStaged(for: store)
      return try create(at: path)
    }
  }

  /// The key that a rotation has staged and not yet promoted; nil if there is none.
  func readStaged(for store: StoreID) throws(KeyError) -> SlotKey? {
    try readIfThere(KeyError.wrap(file: staged(store)))
  }

  /// Replaces this file by the staged key.
  func promote(for store: StoreID) throws(KeyError) {
    try KeyError.wrap(file: promote(target(), from: staged(store)))
  }

  private func promote(_ path: String, from staged: String) throws(FileError) {
    let isThere = try disk.isThere(path)
    // `link` does not replace a file that has come there meanwhile.
    if isThere { try disk.rename(staged, to: path) } else { try disk.link(staged, to: path) }
    try files.synchronizeDirectory(PrivateFile.directory(of: path))
    // Only now: a file system may reorder the two, and one name must survive.
    if !isThere { try disk.remove(staged) }
  }

  /// Removes the staged key, which opens nothing.
  func removeStaged(for store: StoreID) throws(KeyError) {
    try KeyError.wrap(file: disk.remove(staged(store)))
  }

  /// Whether a key could be staged and promoted here; missing directories would be made.
  func isReplaceable(for store: StoreID) throws(KeyError) -> Bool {
    try KeyError.wrap(file: isReplaceable(target(), store))
  }

  private func isReplaceable(_ path: String, _ store: StoreID) throws(FileError) -> Bool {
    var directory = PrivateFile.directory(of: path)
    while try !disk.isThere(directory), directory != "/" {
      directory = PrivateFile.directory(of: directory)
    }
    return disk.isWritable(directory: directory) ? try isMovable(path, store) : false
  }

  /// Whether the file itself can be replaced, which a mount point or an immutable file cannot. Gives it a second name
  /// to find out, and removes that at once.
  private func isMovable(_ path: String, _ store: StoreID) throws(FileError) -> Bool {
    let probe = path + ".\(store.text).check"
    do throws(FileError) {
      guard try disk.isThere(path) else { return true }
      // A killed process has left the name, or another one probes now.
      do throws(FileError) { try disk.link(path, to: probe) } catch  where error.errno == EEXIST {}
      try disk.remove(probe)
      return true
    } catch {
      // Else the old key would outlive its replacement under that name.
      try? disk.remove(probe)
      if let errno = error.errno, [EXDEV, EPERM, EBUSY, EROFS, EACCES].contains(errno) {
        return false
      }
      throw error
    }
  }
}
