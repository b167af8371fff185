internal import VaultCrypto

extension VaultSession {
  /// What has come of saves in place.
  struct SavedInPlace: Sendable {
    let results: [SaveRequest.Result]
    /// What is to be made durable before anybody hears of the results; nil where that is done.
    let appended: AppendedEntry?
  }

  /// Whether the vault is so large that saves go behind its snapshot.
  var isLarge: Bool { tail.start > Int64(VaultContainer.replaceLimit) }

  /// Whether another commit may be written: not behind what a killed writer has left, which would be taken for it then,
  /// nor where a flush has failed.
  var mayAppend: Bool {
    isReliable && tail.hasRoom(for: 0, in: header) && tail.end == version.status.size
      && header.dataKeyID == found.dataKey.id
  }

  /// Saves in this state's own table and writes the commit, under the lock; nil where the file has to be replaced.
  ///
  /// On failure the state is as it was.
  mutating func saveInPlace(
    _ requests: [SaveRequest], now: Timestamp
  ) throws(TokenVaultError) -> SavedInPlace? {
    guard mayAppend, !table.changes.isRewrite else { return nil }
    let mark = table.mark()
    defer { table.forgetMarks() }
    let results = table.saveEach(requests, now: header.time(at: now), as: header.format)
    guard results.contains(where: \.hasChanges) else {
      // What is there already may be another process's, and on its way to the disk.
      return SavedInPlace(results: results, appended: hasUnsynchronized ? newest : nil)
    }
    do throws(TokenVaultError) {
      if let appended = try appendChanges(of: table) {
        table.markClean()
        uses.remove(uses)
        return SavedInPlace(results: results, appended: appended)
      }
    } catch {
      table.takeBack(to: mark)
      throw error
    }
    table.takeBack(to: mark)
    return nil
  }

  /// Writes what has changed in a table behind the commits, and goes on behind that; nil where there is no room.
  mutating func appendChanges(
    of table: TokenTable
  ) throws(TokenVaultError) -> AppendedEntry? {
    var text = LogEntry.encode(table, as: header.format)
    defer { text.cleanse() }
    guard tail.hasRoom(for: LogFrame.size(sealing: text.count), in: header) else { return nil }
    var next = tail
    let commit: [UInt8]
    do { commit = try next.chain.seal(text.span, found.dataKey) } catch {
      throw TokenVaultError(error)
    }
    do { version = try access.file.append(commit.span, to: version) } catch {
      throw TokenVaultError(error)
    }
    next.pass(Int64(commit.count))
    tail = next
    return newest
  }

  /// The last commit that is known.
  var newest: AppendedEntry {
    AppendedEntry(
      file: access.file, version: version, generation: seen, store: header.store,
      memory: access.memory, isNameSynchronized: isNameSynchronized)
  }
}

extension SaveRequest.Result {
  /// Whether anything is another than it was.
  var hasChanges: Bool {
    (try? get())?.contains { $0.change != .unchanged } ?? false
  }
}
