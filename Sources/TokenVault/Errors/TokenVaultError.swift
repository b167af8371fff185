/// Everything that can go wrong with a store, in the terms of whoever uses it. No case carries a secret.
@nonexhaustive public enum TokenVaultError: Error, Sendable, Equatable {
  /// No record has this id.
  case unknownID(String)
  /// A new record needs an access, refresh or grant token; `record` counts the given ones from 1.
  case noCredential(record: Int)
  /// The record would not be read back as it is: it is longer than `RecordFormat.recordSizeLimit`, or has an
  /// unknown field whose name is a known one's or whose JSON is none.
  case unstorable(record: Int)
  /// The store would hold more than `RecordFormat.recordCountLimit` records.
  case tooManyRecords
  /// A generation, revision or id has been counted up to 10^15, where counting ends.
  case countersExhausted
  /// A CSV vault would have unknown fields of more than `RecordFormat.attributeColumnLimit` names, or names
  /// too long for a header.
  case tooManyUnknownFields
  /// The record with this id belongs to another user than the one given.
  case userConflict(id: String)
  /// The record is no longer at the revision demanded; 0 stands for no record.
  case revisionConflict(id: String?, expected: Int, actual: Int)
  /// The key fits records of several clients, and names none of them; `record` counts given records from 1, and is nil
  /// for a query.
  case severalClients(SeveralClients, record: Int?)
  /// The save would change where the secrets of a stored record go, and has not all of them.
  case endpointMoved(EndpointMove)
  /// A record looks like the answer of a token endpoint, and has an id that no stored record has.
  case foreignID(record: Int)
  /// An answer is for the record with this id, but for another client than that record has.
  case clientConflict(id: String)
  /// What was given as the answer of a token endpoint cannot be saved as one; a whole sentence.
  case unusableAnswer(reason: String)

  /// No record is meant by what was asked for.
  case noMatch
  /// A token of the record is none by RFC 6749: it has other characters than 0x20 to 0x7E, and cannot be printed as a
  /// line.
  case unprintableToken(id: String, field: String)
  /// A limit of the vault has ended the record, so that it is not handed out.
  case ended(EndedRecord)

  /// The server refused to refresh the record; `rejectsToken` says that it will never take this refresh token
  /// again, and later calls fail without asking it. Where a call before was never answered, or its answer never
  /// saved, that is probably why: `unanswered` is its time.
  case refreshRefused(
    id: String, code: String, explanation: String?, rejectsToken: Bool, unanswered: Timestamp?)
  /// The record has nothing to be refreshed with; a whole sentence says what is missing.
  case notRenewable(id: String, reason: String)
  /// The refresh failed; nobody refused it. A new refresh token, if one came, is saved.
  case refreshFailed(id: String, reason: String)
  /// What was to refresh the record took longer than it may.
  case refreshTimeout(id: String, seconds: Double)
  /// Others were refreshing the record for longer than anyone may; `process` is the last of them.
  case refreshLockTimeout(id: String, seconds: Double, process: Int32?)

  /// There is no vault at the path. `previous` is the snapshot before the last save, where that is still
  /// there: the vault was moved or removed by hand.
  case noVault(path: String, previous: String?)
  /// There is no copy of the vault at the path, to be restored.
  case noCopy(path: String)
  /// The copy to be restored, or the previous snapshot, has been cut or changed, or is no copy of this vault.
  case damagedCopy(path: String, place: String)
  /// The copy to be restored is more than one generation behind what this host has seen of the vault, or lacks what can
  /// still be read of it; `isRepairable` says that `repair` saves that. Nothing is known of what is nil.
  case olderCopy(
    path: String, vault: String, madeAt: Timestamp?, generation: UInt64,
    behindGenerations: UInt64?, behindTokens: Int?, isRepairable: Bool)
  /// The directory that a vault was to be made in is not there.
  case noDirectory(path: String)
  /// There is something at the path where a vault was to be made, or the snapshot of one.
  case alreadyExists(path: String)
  /// The file is no vault, or has been cut or changed; `place` says what and where.
  case damaged(path: String, place: String)
  /// A save behind the snapshot was changed, or something else is there; `offset` says where in the file, in bytes.
  /// The records of the snapshot and of the saves before it are sound.
  case damagedLogEntry(path: String, offset: Int64)
  /// Nothing can be saved of a damaged vault.
  case irreparable(path: String, place: String)
  /// The limits of a damaged vault are lost; `previous` has those of the previous snapshot, where that opens.
  case limitsLost(path: String, previous: RetentionPolicy?)
  /// A damaged vault that was set aside is still there, and may hold what is to be removed.
  case damagedCopyKept(path: String, copy: String)
  /// The vault was written by a newer version.
  case newerVersion(path: String, version: String)
  /// The path leads to a directory, pipe or device.
  case notAFile(path: String, isDirectory: Bool)
  /// Others can get at the file, or at a directory on the way to it; `remedy` says how to end that.
  case unsafePermissions(path: String, problem: String, remedy: String)
  /// The vault is a mount of its own, as `docker run -v FILE:FILE` makes it: no new version can take its place.
  case mountedByItself(path: String)
  /// The file has more than `limit` bytes.
  case tooLarge(path: String, limit: Int64)

  /// No key opens the vault: all that was tried, and the names of the vault's slots, where it has any yet.
  case keyUnavailable(path: String, attempts: [KeyAttempt], slots: [String])
  /// The key that this store was opened with opens the vault no more, and cannot be had again: give the new
  /// one to `Vault.useKey`.
  case keyChanged(path: String)
  /// The new key has no place: the old one came from somewhere that cannot be written.
  case keyNotReplaceable(source: String)
  /// Other vaults have been opened with the key in this file, and would be lost with it: their store ids, or
  /// the path of a copy of this one.
  case keyShared(path: String, others: [String])
  /// The vault uses this path for itself, and a key there would be lost.
  case reservedPath(path: String)
  /// The slot that opened the vault is of another kind than what was to be renewed.
  case otherSlotKind(slot: String?, demanded: SlotKind)
  /// Nobody gave a passphrase, or saw a code; a whole sentence.
  case notAnswered(reason: String)
  /// The kernel's keyring refused.
  case keyring(reason: String)

  /// No slot has this name.
  case unknownSlot(String)
  /// A slot has this name, or this key, already.
  case slotExists(String)
  /// The slot is the only one: without it, nothing would open the vault.
  case lastSlot(String)
  /// The vault has as many slots as it can have.
  case tooManySlots
  /// No slot can have this name.
  case invalidSlotName(String)

  /// The vault is older than one that was seen before on this host, or another version of the same generation: a copy was
  /// put in its place.
  case rolledBack(path: String, generation: UInt64, highest: UInt64)
  /// Another store is at the path than this host has seen there, or, without `found`, none: both are ids of stores.
  case otherVault(path: String, seen: String, found: String?)
  /// The copy to be restored is another store's than this host has seen at the vault's path.
  case otherCopy(path: String, vault: String, seen: String, found: String)
  /// The vault has key slots that this host has not accepted, or lacks some that it has; a rotation would wrap its new
  /// data key for them.
  case otherSlots(path: String, slots: [String], missing: [String])
  /// The vault has no slot any more for the key by which this host has opened it.
  case slotGone(path: String, slot: String)
  /// The copy to be restored is sealed under a data key that a rotation has replaced, or that this host has never seen.
  case unprovenCopy(path: String)
  /// The vault has another data key than this host has seen, and the slot that opened it does not show that it comes from
  /// a rotation.
  case unprovenDataKey(path: String, slot: String)
  /// The vault that is to be repaired has another data key than this host has seen, or lacks the slot by which it has
  /// opened it: who had an old key can have made it.
  case unprovenDamage(path: String)
  /// The clock lies before the time of the data key: it is wrong or was wrong then, and what has ended is unknown.
  case clockBehindKey(now: Timestamp, keyMade: Timestamp)
  /// Another process kept the right to write for longer than the timeout.
  case lockTimeout(path: String, seconds: Double, holder: Int32?)

  /// More bytes of records were given than are read at once.
  case inputTooLarge(source: String, limit: Int64)
  /// Records that were given are not in the format they should be in.
  case invalidRecords(source: String, RecordError)
  /// A system call failed.
  case system(call: String, path: String?, errno: Int32, reason: String)
  /// OpenSSL refused its work.
  case cryptography(String)
}

extension Double {
  /// Without a fraction, where it has none.
  package var plain: String { self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)" }
}

extension TokenVaultError: CustomStringConvertible {
  /// One sentence in lower case without a full stop; paths in quotes.
  public var description: String {
    switch self {
    case .unknownID(let id): "no token has the id '\(id)'"
    case .noCredential(let record):
      "record \(record) has no access, refresh or grant token, and matches none that is stored"
    case .unstorable(let record):
      "record \(record) is longer than \(RecordFormat.recordSizeLimit) bytes, or has an unusable field name"
    case .tooManyRecords: "a vault holds at most \(RecordFormat.recordCountLimit) records"
    case .countersExhausted: "a generation, revision or id has been counted to its end"
    case .tooManyUnknownFields:
      "a csv vault holds unknown fields of at most \(RecordFormat.attributeColumnLimit) names"
    case .userConflict(let id): "the token with the id '\(id)' belongs to another user"
    case .revisionConflict(let id, let expected, let actual):
      Self.revisions(id, expected: expected, actual: actual)
    case .severalClients, .endpointMoved, .foreignID, .clientConflict, .unusableAnswer:
      saveSentence
    case .noMatch: "no token matches"
    case .unprintableToken(let id, let field):
      "the \(field) of the token '\(id)' has characters that no token may have (RFC 6749), and is not printed"
    case .ended(let record): "the token '\(record.id)' has come to its end: \(record)"
    case .refreshRefused(let id, let code, let explanation, _, let unanswered):
      Self.refusal(id, code, explanation, unanswered)
    case .notRenewable(let id, let reason): "the token '\(id)' cannot be refreshed: \(reason)"
    case .refreshFailed(let id, let reason): "the token '\(id)' was not refreshed: \(reason)"
    case .refreshTimeout(let id, let seconds):
      "the token '\(id)' was not refreshed: there was no answer within \(seconds.plain) s"
    case .refreshLockTimeout(let id, let seconds, let process):
      "waited \(seconds.plain) s while others refreshed the token '\(id)'"
        + (process.map { ", last process \($0)" } ?? "")
    case .noVault(let path, nil): "there is no vault at '\(path)'"
    case .noVault(let path, let previous?):
      "there is no vault at '\(path)', but its previous snapshot is at '\(previous)'"
    case .noCopy(let path): "there is no copy of the vault at '\(path)'"
    case .noDirectory(let path): "there is no directory '\(path)'"
    case .alreadyExists(let path): "'\(path)' already exists"
    case .damaged(let path, let place): "'\(path)' is damaged or no vault: \(place)"
    case .damagedCopy, .olderCopy, .irreparable, .limitsLost, .damagedCopyKept: damageSentence
    case .damagedLogEntry(let path, let offset):
      "'\(path)' is damaged: the save at byte \(offset) was changed"
    case .newerVersion(let path, let version):
      "'\(path)' is a vault of version \(version), newer than this program reads (\(VaultHeader.version))"
    case .notAFile(let path, let isDirectory):
      "'\(path)' is \(isDirectory ? "a directory" : "not a regular file")"
    case .unsafePermissions(let path, let problem, _): "'\(path)' is not safe: \(problem)"
    case .mountedByItself(let path):
      "'\(path)' is a file that is mounted by itself, which cannot be replaced: nothing was written"
    case .inputTooLarge(let source, let limit): "\(source) is larger than \(limit) bytes"
    case .tooLarge(let path, let limit): "'\(path)' is larger than \(limit) bytes"
    case .keyUnavailable(let path, let attempts, let slots):
      Self.attempts(path, attempts, slots)
    case .keyChanged(let path): "the key of '\(path)' was changed"
    case .keyNotReplaceable(let source):
      "the \(source) cannot be replaced where it is, and nothing was changed"
    case .keyShared(let path, let others):
      "the key '\(path)' has opened other vaults too (\(others.joined(separator: ", "))), and nothing was changed"
    case .reservedPath(let path): "the vault uses '\(path)' for itself, so no key can be there"
    case .otherSlotKind(let slot, let kind):
      "the vault was opened by \(slot.map { "its slot '\($0)'" } ?? "the kernel's keyring"), which is for no \(kind.rawValue)"
    case .notAnswered(let reason): reason
    case .keyring(let reason): "the kernel's keyring cannot be used: \(reason)"
    case .unknownSlot(let name): "there is no key slot '\(name)'"
    case .slotExists(let name): "the key slot '\(name)' has this name or this key already"
    case .lastSlot(let name): "the key slot '\(name)' is the last one that opens the vault"
    case .tooManySlots: "a vault has at most \(VaultHeader.slotLimit) key slots"
    case .invalidSlotName(let name):
      "'\(name)' is no name for a key slot: 1 to 64 letters, digits, '.', '_' and '-'"
    case .rolledBack, .otherVault, .otherCopy, .otherSlots, .slotGone, .unprovenCopy,
      .unprovenDataKey, .unprovenDamage:
      memorySentence
    case .clockBehindKey(let now, let keyMade):
      "the clock says \(now), but the vault's data key was made at \(keyMade): nothing was purged"
    case .lockTimeout(let path, let seconds, let holder):
      "waited \(seconds.plain) s for the right to write '\(path)'"
        + (holder.map { ", which process \($0) has" } ?? "")
    case .invalidRecords(let source, let error): "\(source): \(error)"
    case .system(let call, let path?, _, let reason): "\(call) '\(path)': \(reason)"
    case .system(let call, nil, _, let reason): "\(call): \(reason)"
    case .cryptography(let reason): "OpenSSL: \(reason)"
    }
  }
}
