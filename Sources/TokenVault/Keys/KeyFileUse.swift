/// The note beside a key file that names a vault which the key opens, as `<key file>.<store>.generation`: so that a
/// rotation of one vault does not take the key of another away.
///
/// It has the generation that the vault had when the note was written, too. Earlier versions kept the highest one there,
/// or in `generations` of the state directory; it is a lower bound as long as `HostMemory` has none.
package struct KeyFileUse: Sendable {
  static let suffix = ".generation"

  private let store: StoreID
  private let vault: VaultLocation
  private let path: String
  private let disk: any Disk

  /// For a vault that a key in this file opens.
  package init(
    of store: StoreID, at vault: VaultLocation, _ keyFile: KeyFile
  ) throws(KeyError) {
    (self.store, self.vault, disk) = (store, vault, keyFile.disk)
    path = "\(try keyFile.target()).\(store.text)\(Self.suffix)"
  }

  /// What a note says.
  package struct Note: Sendable {
    package let generation: UInt64
    let vault: String
  }

  /// The note; nil if there is none.
  ///
  /// What is half written counts as none: who can write there has the key too.
  package func read() throws(FileError) -> Note? { try Self.read(path, disk) }

  /// The generation that an earlier version has remembered in the state directory, or beside the default key file.
  package static func earlierGeneration(
    of store: StoreID, _ locations: StandardLocations, _ disk: any Disk
  ) throws(FileError) -> UInt64? {
    var highest: UInt64?
    let beside = locations.key(of: store).map { "\($0).\(store.text)\(suffix)" }
    for path in [locations.generation(of: store), beside].compactMap(\.self) {
      guard let note = try read(path, disk) else { continue }
      highest = max(highest ?? 0, note.generation)
    }
    return highest
  }

  fileprivate static func read(_ path: String, _ disk: any Disk) throws(FileError) -> Note? {
    let files = PrivateFile(disk: disk)
    do {
      let (file, status) = try files.open(path, .reading)
      return decode(try files.contents(of: file, status, limit: 8192))
    } catch .missing {
      return nil
    } catch .unsafe {
      try? disk.remove(path)  // Others may have written it; the next one is ours alone.
      return nil
    } catch .disk(let error) where error.call == "open" && error.isElsewhere {
      // No place, or another user's: root's, or that of the user whose HOME this process was given.
      return nil
    }
  }

  /// The vault that has this key in truth, if ours is a copy of it: as it was noted first.
  package func original() throws(FileError) -> String? {
    try read().flatMap { isOther($0.vault) ? $0.vault : nil }
  }

  /// Whether a vault of the same store is there, and that is another place than ours.
  private func isOther(_ path: String) -> Bool {
    guard path != vault.path, let other = try? VaultFile(path: path, disk: disk),
      !other.location.isSamePlace(as: vault, disk: disk)
    else { return false }
    return other.header?.store == store
  }

  /// Notes the vault, unless a note names it, or one of its store that is still where it was. Returns whether there was
  /// no note before. Best effort.
  @discardableResult
  package func keep(_ generation: UInt64, over note: Note?) -> Bool {
    if let note, note.vault == vault.path || isOther(note.vault) { return false }
    try? write(max(generation, note?.generation ?? 0))
    return note == nil
  }

  /// Takes a lower generation for right, where `HostMemory` has none.
  package func reset(to generation: UInt64) {
    if let note = try? read(), note.generation > generation { try? write(generation) }
  }

  /// Takes the note away: the key opens the vault no more.
  package func forget() { try? disk.remove(path) }

  private func write(_ generation: UInt64) throws(FileError) {
    let bytes = Self.encode(generation, vault.path)
    try FileError.disk(at: path) { () throws(DiskError) in
      try disk.overwrite(path, with: bytes.span)
    }
  }

  /// The number twice, always in the same number of bytes: a reader that comes between two halves of a write sees that
  /// they differ.
  private static func encode(_ generation: UInt64, _ vault: String) -> [UInt8] {
    let digits = String(generation)
    let padded = String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    return Array("generation \(padded) \(padded) \(vault)\n".utf8)
  }

  private static func decode(_ bytes: [UInt8]) -> Note? {
    let words = String(decoding: bytes, as: UTF8.self).split(
      separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count == 4, let generation = UInt64(words[1]) else { return nil }
    let vault = String(words[3].dropLast())
    return encode(generation, vault) == bytes ? Note(generation: generation, vault: vault) : nil
  }
}

extension VaultFile {
  /// The header of the vault, where one is there.
  fileprivate var header: VaultHeader? {
    guard let start = try? readStart(VaultContainer.startSize) else { return nil }
    return try? VaultContainer.parse(start.bytes.span, size: start.version.status.size).header
  }
}

extension KeyFile {
  /// The other vaults that the key in this file opens, as the notes beside it tell: their paths, or the
  /// store's id where no path can be read. One that is gone, or has no slot for the key any more, is none.
  package func otherVaults(
    than store: StoreID, openedBy id: KeyID?
  ) throws(KeyError) -> [String] {
    let path = try target()
    let directory = PrivateFile.directory(of: path)
    let prefix = Array(
      path.utf8.dropFirst(directory.utf8.count + (directory == "/" ? 0 : 1)) + [0x2E])
    let names: [String]
    do throws(DiskError) { names = try disk.names(in: directory) } catch {
      throw .file(.disk(error))
    }
    return names.compactMap { name in
      guard name.hasSuffix(KeyFileUse.suffix), name.utf8.starts(with: prefix) else {
        return nil
      }
      let digits = name.dropLast(KeyFileUse.suffix.count).utf8.dropFirst(prefix.count)
      let text = String(decoding: Array(digits), as: UTF8.self)
      guard Hexadecimal.decode(text[...], count: 16) != nil, text != store.text else { return nil }
      return vault(rememberedIn: "\(directory)/\(name)", openedBy: id) ?? text
    }.filter { !$0.isEmpty }
  }

  /// Empty for one that the key does not open; nil where nothing can be said.
  private func vault(rememberedIn memory: String, openedBy id: KeyID?) -> String? {
    guard let remembered = try? KeyFileUse.read(memory, disk),
      let file = try? VaultFile(path: remembered.vault, disk: disk)
    else { return nil }
    if let header = file.header, let id {
      return header.slot(openedBy: id) == nil ? "" : remembered.vault
    }
    // Gone, and not only out of reach: the directory is there.
    let place = file.location
    let isReachable = (try? disk.status(of: place.directory + "/.")) != nil
    let isThere = [place.path, place.previous].contains { (try? disk.status(of: $0)) != nil }
    return isReachable && !isThere ? "" : remembered.vault
  }
}
