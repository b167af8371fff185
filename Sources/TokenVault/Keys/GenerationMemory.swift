/// The highest generation of a vault that was seen on this host, kept apart from the vault: an older vault
/// put in its place is noticed by it.
///
/// It is beside the key file, as `<key file>.<store>.generation`, or, for a key that is in no file of ours,
/// in the state directory. It costs no flush: after a power cut it may be some generations behind, or not
/// there, and is never ahead of what was seen.
package struct GenerationMemory: Sendable {
  private let places: [String]
  private let disk: any Disk

  static let suffix = ".generation"

  /// For a store that was opened with a key in this file, or in none.
  package init(
    of store: StoreID, keyFile: KeyFile?, _ locations: StandardLocations, _ disk: any Disk
  ) throws(KeyError) {
    self.disk = disk
    var beside = try keyFile?.target()
    beside?.append(".\(store.text)\(Self.suffix)")
    places = [beside, locations.generation(of: store)].compactMap(\.self)
  }

  /// The highest generation; nil where none is remembered.
  ///
  /// What is half written, or no number at all, counts as none: whoever can write there has the key too.
  package func highest() throws(FileError) -> UInt64? {
    var highest: UInt64?
    for place in places {
      guard let generation = try Self.read(place, disk) else { continue }
      highest = max(highest ?? 0, generation)
    }
    return highest
  }

  private static func read(_ path: String, _ disk: any Disk) throws(FileError) -> UInt64? {
    let files = PrivateFile(disk: disk)
    do {
      let (file, status) = try files.open(path, .reading)
      return decode(try files.contents(of: file, status, limit: 4096))
    } catch .missing {
      return nil
    } catch .disk(let error) where error.call == "open" && error.isForbidden {
      // Another user's place: root's, or that of the user whose HOME this process was given.
      return nil
    }
  }

  /// Remembers a generation, at the first place that can be written. Best effort: the vault itself is
  /// written already. `raising` leaves a higher one alone.
  package func remember(_ generation: UInt64) {
    for place in places {
      if (try? write(generation, to: place)) != nil { return }
    }
  }

  /// Remembers a generation where none or a lower one is: what a reader does.
  package func raise(to generation: UInt64, from highest: UInt64?) {
    if highest.map({ $0 < generation }) ?? true { remember(generation) }
  }

  /// Makes this generation the highest, also where a higher one was: a person has said so.
  package func reset(to generation: UInt64) {
    for place in places where (try? disk.status(of: place)) != nil {
      try? write(generation, to: place)
    }
    if (try? highest()) == nil { remember(generation) }
  }

  /// Forgets it: the key that it is beside opens the vault no more.
  package func forget() {
    for place in places { try? disk.remove(place) }
  }

  private func write(_ generation: UInt64, to path: String) throws(FileError) {
    let bytes = Self.encode(generation)
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
  private static func encode(_ generation: UInt64) -> [UInt8] {
    let digits = String(generation)
    let padded = String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    return Array("generation \(padded) \(padded)\n".utf8)
  }

  private static func decode(_ bytes: [UInt8]) -> UInt64? {
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard words.count == 3, let generation = UInt64(words[1]), encode(generation) == bytes
    else { return nil }
    return generation
  }
}

extension KeyFile {
  /// The other stores that the key in this file has opened, as the memories beside it tell.
  package func otherStores(than store: StoreID) throws(KeyError) -> [StoreID] {
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
      return StoreID(text: text)
    }
  }
}
