/// The note beside a key file, `<key file>.<store>.generation`, that names a vault which the key opens, so that the
/// rotation of another vault does not replace the key.
///
/// It also has the vault's generation when the note was written: a lower bound while `HostMemory` has none.
struct KeyFileUse: Sendable {
  static let suffix = ".generation"

  private let store: StoreID
  private let vault: VaultLocation
  private let path: String
  private let disk: any Disk

  init(of store: StoreID, at vault: VaultLocation, _ keyFile: KeyFile) throws(FileError) {
    (self.store, self.vault, disk) = (store, vault, keyFile.disk)
    path = "\(try keyFile.target()).\(store.text)\(Self.suffix)"
  }

  struct Note: Sendable {
    let generation: UInt64
    let vault: String

    var leastSeen: SeenGeneration { SeenGeneration(generation, tag: nil) }
  }

  /// Reads the note; nil if there is none, or a half-written one. It is no protection: who can write it has the key.
  func read() throws(FileError) -> Note? { try Self.read(path, disk) }

  fileprivate static func read(_ path: String, _ disk: any Disk) throws(FileError) -> Note? {
    let files = PrivateFile(disk: disk)
    do {
      let (file, status) = try files.open(path, .reading)
      return decode(try files.contents(of: file, status, limit: 8192))
    } catch .missing {
      return nil
    } catch .unsafe {
      try? disk.remove(path)  // Others may have written it; the next one is for us alone.
      return nil
    } catch .system(let error) where error.call == "open" && error.isElsewhere {
      // Another user's directory: root's, or that of the user whose HOME this process has.
      return nil
    }
  }

  /// The vault that was noted first, if this one is a copy of it.
  func original() throws(FileError) -> String? {
    try read().flatMap { isOther($0.vault) ? $0.vault : nil }
  }

  /// Whether another vault of the same store is at this path.
  private func isOther(_ path: String) -> Bool {
    guard path != vault.path, let other = try? VaultFile(path: path, disk: disk),
      !other.location.isSamePlace(as: vault, disk: disk)
    else { return false }
    return other.header?.store == store
  }

  /// Writes the note, unless one names this vault, or another one of its store that is still there. Best effort.
  ///
  /// - Returns: whether there was no note before.
  @discardableResult
  func keep(_ generation: UInt64, over note: Note?) -> Bool {
    if let note, note.vault == vault.path || isOther(note.vault) { return false }
    try? write(max(generation, note?.generation ?? 0))
    return note == nil
  }

  /// Lowers the generation of the note.
  func reset(to generation: UInt64) {
    if let note = try? read(), note.generation > generation { try? write(generation) }
  }

  /// Removes the note: the key opens the vault no longer.
  func forget() { try? disk.remove(path) }

  private func write(_ generation: UInt64) throws(FileError) {
    try disk.overwrite(path, with: Self.encode(generation, vault.path).span)
  }

  private static let start = Array("generation ".utf8)
  private static let digits = 16

  /// The number twice, always in the same number of bytes: a reader during a write sees that the two differ.
  private static func encode(_ generation: UInt64, _ vault: String) -> [UInt8] {
    let number = String(generation).utf8
    let padding = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, digits - number.count))
    var bytes = start
    for _ in 0..<2 {
      bytes += padding
      bytes += number
      bytes.append(UInt8(ascii: " "))
    }
    bytes += vault.utf8
    bytes.append(0x0A)
    return bytes
  }

  private static func decode(_ bytes: [UInt8]) -> Note? {
    let (first, path) = (start.count + digits, start.count + 2 * (digits + 1))
    guard bytes.count > path,
      let generation = UInt64(String(decoding: bytes[start.count..<first], as: UTF8.self))
    else { return nil }
    let vault = String(decoding: bytes[path..<bytes.count - 1], as: UTF8.self)
    return encode(generation, vault) == bytes ? Note(generation: generation, vault: vault) : nil
  }
}

extension VaultFile {
  /// The header of the vault, if there is one.
  fileprivate var header: VaultHeader? {
    guard let start = try? readStart(VaultContainer.startSize) else { return nil }
    return try? VaultContainer.parse(start.bytes.span, size: start.version.status.size).header
  }
}

extension KeyFile {
  /// The other vaults that the key in this file opens, by the notes beside it: their paths, or the id of a store whose
  /// path cannot be read. A vault that is gone, or has no slot for the key any more, does not count.
  func otherVaults(
    than store: StoreID, openedBy id: KeyID?
  ) throws(KeyError) -> [String] {
    let place = VaultLocation(plain: try KeyError.wrap(file: target()))
    let (directory, prefix) = (place.directory, place.fileName + [0x2E])
    return try KeyError.wrap(file: disk.names(in: directory)).compactMap { name in
      guard name.hasSuffix(KeyFileUse.suffix), name.utf8.starts(with: prefix) else {
        return nil
      }
      let digits = name.dropLast(KeyFileUse.suffix.count).utf8.dropFirst(prefix.count)
      let text = String(decoding: Array(digits), as: UTF8.self)
      guard Hexadecimal.decode(text[...], count: 16) != nil, text != store.text else { return nil }
      return vault(rememberedIn: "\(directory)/\(name)", openedBy: id) ?? text
    }.filter { !$0.isEmpty }
  }

  /// Empty for a vault that the key does not open; nil if that is unknown.
  private func vault(rememberedIn memory: String, openedBy id: KeyID?) -> String? {
    guard let remembered = try? KeyFileUse.read(memory, disk),
      let file = try? VaultFile(path: remembered.vault, disk: disk)
    else { return nil }
    if let header = file.header, let id {
      return header.slot(openedBy: id) == nil ? "" : remembered.vault
    }
    // Removed, and not only out of reach, if its directory is there.
    let place = file.location
    let isReachable = (try? disk.status(of: place.directory + "/.")) != nil
    let isThere = [place.path, place.previous].contains { (try? disk.status(of: $0)) != nil }
    return isReachable && !isThere ? "" : remembered.vault
  }
}
