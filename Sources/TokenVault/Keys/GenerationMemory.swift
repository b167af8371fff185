/// The highest generation of a vault that was seen on this host, and where that vault is; kept apart from the
/// vault, so that an older one put in its place is noticed.
///
/// It is beside the key file, as `<key file>.<store>.generation`, or, for a key that is in no file of ours, in
/// the state directory. It costs no flush: after a power cut it may be some generations behind, or not there.
package struct GenerationMemory: Sendable {
  static let suffix = ".generation"

  private let store: StoreID
  private let vault: VaultLocation
  /// Beside the key, where that is in a file; in the state directory.
  private let beside: String?
  private let inState: String?
  /// Beside the default key file, where the vault was opened by something else: read, and never written.
  private let besideDefault: String?
  private let disk: any Disk
  /// What is written with the generation: the vault that was remembered first, as long as it is there.
  private var owner: String
  /// Whether nothing is remembered beside the key, which is then not known to be this vault's.
  package private(set) var isMissingBeside = false

  /// For a vault that was opened with a key in this file, or in none.
  package init(
    of store: StoreID, at vault: VaultLocation, keyFile: KeyFile?, _ locations: StandardLocations,
    _ disk: any Disk
  ) throws(KeyError) {
    (self.store, self.vault, self.disk) = (store, vault, disk)
    owner = vault.path
    let suffix = ".\(store.text)\(Self.suffix)"
    beside = try keyFile?.target().appendingText(suffix)
    inState = locations.generation(of: store)
    let other = locations.key(of: store)?.appendingText(suffix)
    besideDefault = other == beside ? nil : other
  }

  /// What one of the places says.
  fileprivate struct Remembered {
    let generation: UInt64
    let vault: String
  }

  /// The highest generation; nil where none is remembered.
  ///
  /// What is half written, or no number at all, counts as none: whoever can write there has the key too.
  package mutating func highest() throws(FileError) -> UInt64? {
    var highest: UInt64?
    for place in [beside, inState, besideDefault].compactMap(\.self) {
      guard let remembered = try Self.read(place, disk) else {
        if place == beside { isMissingBeside = true }
        continue
      }
      highest = max(highest ?? 0, remembered.generation)
      if place == beside ?? inState, isOther(remembered.vault) { owner = remembered.vault }
    }
    return highest
  }

  fileprivate static func read(_ path: String, _ disk: any Disk) throws(FileError) -> Remembered? {
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

  /// The vault that has this key in truth, where ours is a copy of it: as it was remembered first.
  package func original() throws(FileError) -> String? {
    for place in [beside, inState].compactMap(\.self) {
      if let remembered = try Self.read(place, disk), isOther(remembered.vault) {
        return remembered.vault
      }
    }
    return nil
  }

  /// Whether a vault of the same store is there, and that is another place than ours.
  private func isOther(_ path: String) -> Bool {
    guard path != vault.path, let other = try? VaultFile(path: path, disk: disk),
      !other.location.isSamePlace(as: vault, disk: disk)
    else { return false }
    return other.header?.store == store
  }

  /// Remembers a generation, at the first place that can be written. Best effort: the vault itself is
  /// written already.
  package func remember(_ generation: UInt64) {
    for place in [beside, inState].compactMap(\.self) {
      if (try? write(generation, to: place)) != nil { return }
    }
  }

  /// Remembers what was read where none or a lower one is; `everywhere`, in the state directory too, for
  /// whoever opens the vault by something else than this key.
  package func raise(to generation: UInt64, from highest: UInt64?, everywhere: Bool) {
    guard highest.map({ $0 < generation }) ?? true else {
      if isMissingBeside, let beside { try? write(highest ?? generation, to: beside) }
      return
    }
    guard everywhere else { return remember(generation) }
    for place in [beside, inState].compactMap(\.self) { try? write(generation, to: place) }
  }

  /// Makes this generation the highest, also where a higher one was: a person has said so.
  package mutating func reset(to generation: UInt64) {
    for place in [beside, inState, besideDefault].compactMap(\.self)
    where (try? disk.status(of: place)) != nil {
      try? write(generation, to: place)
    }
    if (try? highest()) == nil { remember(generation) }
  }

  /// Forgets it beside the key, which opens the vault no more.
  package func forget() {
    if let beside { try? disk.remove(beside) }
  }

  private func write(_ generation: UInt64, to path: String) throws(FileError) {
    let bytes = Self.encode(generation, owner)
    do throws(DiskError) {
      return try disk.overwrite(path, with: bytes.span)
    } catch  where error.isNoSuchFile {
      // Once in a store's life: the state directory is not there yet.
      try PrivateFile(disk: disk).makeDirectories(above: path)
    } catch {
      throw .disk(error.at(path))
    }
    try FileError.disk(at: path) { () throws(DiskError) in
      try disk.overwrite(path, with: bytes.span)
    }
  }

  /// The number twice, always in the same number of bytes: a reader that comes between two halves of a
  /// write sees that they differ.
  private static func encode(_ generation: UInt64, _ vault: String) -> [UInt8] {
    let digits = String(generation)
    let padded = String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    return Array("generation \(padded) \(padded) \(vault)\n".utf8)
  }

  private static func decode(_ bytes: [UInt8]) -> Remembered? {
    let words = String(decoding: bytes, as: UTF8.self).split(
      separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count == 4, let generation = UInt64(words[1]) else { return nil }
    let vault = String(words[3].dropLast())
    return encode(generation, vault) == bytes
      ? Remembered(generation: generation, vault: vault) : nil
  }
}

extension String {
  fileprivate func appendingText(_ text: String) -> String { self + text }
}

extension VaultFile {
  /// The header of the vault, where one is there.
  fileprivate var header: VaultHeader? {
    guard let start = try? readStart(VaultImage.startSize) else { return nil }
    return try? VaultImage.parse(start.bytes.span, size: start.version.status.size).header
  }
}

extension KeyFile {
  /// The other vaults that the key in this file opens, as the memories beside it tell: their paths, or the
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
      guard name.hasSuffix(GenerationMemory.suffix), name.utf8.starts(with: prefix) else {
        return nil
      }
      let digits = name.dropLast(GenerationMemory.suffix.count).utf8.dropFirst(prefix.count)
      let text = String(decoding: Array(digits), as: UTF8.self)
      guard Hexadecimal.decode(text[...], count: 16) != nil, text != store.text else { return nil }
      return vault(rememberedIn: "\(directory)/\(name)", openedBy: id) ?? text
    }.filter { !$0.isEmpty }
  }

  /// Empty for one that the key does not open; nil where nothing can be said.
  private func vault(rememberedIn memory: String, openedBy id: KeyID?) -> String? {
    guard let remembered = try? GenerationMemory.read(memory, disk),
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
