/// Everything that can go wrong with a vault, grouped by operation. No case carries a secret.
@nonexhaustive public enum TokenVaultError: Error, Sendable, Equatable {
  // MARK: Finding and saving records

  /// No record has this id.
  case unknownID(String)
  /// No record matches the query.
  case noMatch
  /// A new record needs an access, refresh or grant token; `record` counts the given ones from 1.
  case noCredential(record: Int)
  /// The record would not be read back unchanged: it is longer than `RecordFormat.recordSizeLimit`, or has an unknown
  /// field with a known field's name or with invalid JSON.
  case unstorable(record: Int)
  /// The vault would hold more than `RecordFormat.recordCountLimit` records.
  case tooManyRecords
  /// A generation, revision or id has reached 10^15, the highest number.
  case countersExhausted
  /// A CSV vault would have unknown fields of more than `RecordFormat.attributeColumnLimit` names, or names too long
  /// for a header.
  case tooManyUnknownFields
  /// The record with this id belongs to another user than the given one.
  case userConflict(id: String)
  /// The record is not at the expected revision; 0 stands for no record.
  case revisionConflict(id: String?, expected: Int, actual: Int)
  /// The key fits records of several clients, and names none of them; `record` counts the given records from 1, and
  /// is nil for a query.
  case severalClients(SeveralClients, record: Int?)
  /// The save would change where the secrets of a stored record are sent, and does not have all of them.
  case endpointMoved(EndpointMove)
  /// A record looks like the answer of a token endpoint, and has an id that no stored record has.
  case foreignID(record: Int)
  /// The answer is for the record with this id, but of another client.
  case clientConflict(id: String)
  /// The answer of a token endpoint cannot be saved as one; `reason` is a whole sentence.
  case unusableAnswer(reason: String)
  /// A token of the record has other characters than 0x20 to 0x7E (RFC 6749, appendix A), and cannot be printed as a
  /// line.
  case unprintableToken(id: String, field: String)
  /// A retention limit of the vault has ended the record, so that it is not returned.
  case ended(EndedRecord)

  // MARK: Importing records

  /// The given records have more bytes than are read at once.
  case inputTooLarge(source: String, limit: Int64)
  /// Several of the given records, counted from 1, mean the record with this id.
  case sameRecord(id: String, records: [Int])
  /// The given records are not in the expected format.
  case invalidRecords(source: String, RecordError)

  // MARK: Refreshing a token

  /// The server refused to refresh the record. With `rejectsToken` it will refuse this refresh token for ever, and
  /// later calls fail without asking it. `unanswered` is the time of an earlier call whose answer never came or was
  /// never saved, which is probably why.
  case refreshRefused(
    id: String, code: String, explanation: String?, rejectsToken: Bool, unanswered: Timestamp?)
  /// The record lacks what a refresh needs; `reason` is a whole sentence.
  case notRenewable(id: String, reason: String)
  /// The refresh failed without a refusal. If a new refresh token came, it is saved.
  case refreshFailed(id: String, reason: String)
  /// The refresh exceeded its time limit.
  case refreshTimeout(id: String, seconds: Double)
  /// Others were refreshing the record until the time limit; `process` is the last of them.
  case refreshLockTimeout(id: String, seconds: Double, process: Int32?)

  // MARK: Opening and writing a vault

  /// No vault is at the path. `previous` is the previous snapshot if that is still there: the vault was moved or
  /// removed by hand.
  case noVault(path: String, previous: String?)
  /// The file is no vault, or was cut or changed; `place` says what and where.
  case damaged(path: String, place: String)
  /// A log entry was changed, or other bytes are in its place; `offset` is its place in the file, in bytes. The
  /// snapshot and the entries before it are sound.
  case damagedLogEntry(path: String, offset: Int64)
  /// A newer version has written the vault.
  case newerVersion(path: String, version: String)
  /// A newer version has written the vault, with features that a reader must know and this program does not.
  case unknownFeatures(path: String, features: [String])
  /// The path leads to a directory, pipe or device.
  case notAFile(path: String, isDirectory: Bool)
  /// Others can reach the file, or write a directory on the way to it; `remedy` says how to end that.
  case unsafePermissions(path: String, problem: String, remedy: String)
  /// The vault is a mount point, as `docker run -v FILE:FILE` makes it: no new version can replace it.
  case mountedByItself(path: String)
  /// The file has more than `limit` bytes.
  case tooLarge(path: String, limit: Int64)
  /// Another process held the writer lock for longer than the timeout.
  case lockTimeout(path: String, seconds: Double, holder: Int32?)

  // MARK: Creating a vault

  /// The directory for a new vault does not exist.
  case noDirectory(path: String)
  /// Neither `XDG_DATA_HOME` nor `HOME` is set, so that there is no standard place for a vault.
  case noHome
  /// No vault in the standard place can have this name.
  case invalidVaultName(String)
  /// A file is at the path of a new vault or of its previous snapshot.
  case alreadyExists(path: String)

  // MARK: Restoring and repairing a vault

  /// No copy to restore is at the path.
  case noCopy(path: String)
  /// The copy to restore, or the previous snapshot, was cut or changed, or is no copy of this vault.
  case damagedCopy(path: String, place: String)
  /// The copy to restore is more than one generation behind what this host has seen, or lacks what can still be read
  /// of the vault; with `isRepairable`, `repair` saves that. What is nil is unknown.
  case olderCopy(
    path: String, vault: String, madeAt: Timestamp?, generation: UInt64,
    behindGenerations: UInt64?, behindTokens: Int?, isRepairable: Bool)
  /// The copy to restore is of another store than this host has seen at the vault's path.
  case otherCopy(path: String, vault: String, seen: String, found: String)
  /// The copy to restore has a data key that a rotation has replaced, or that this host has never seen.
  case unprovenCopy(path: String)
  /// Nothing can be saved of a damaged vault.
  case irreparable(path: String, place: String)
  /// The retention limits of a damaged vault are lost; `previous` has those of the previous snapshot, if that opens.
  case limitsLost(path: String, previous: RetentionPolicy?)
  /// The vault to repair has another data key than this host has seen, or lacks the slot by which it has opened the
  /// vault: a holder of an old key can have made it.
  case unprovenDamage(path: String)
  /// A damaged vault that was set aside is still there, and may hold what is to be removed.
  case damagedCopyKept(path: String, copy: String)

  // MARK: Unlocking with a key, and rotating it

  /// No key opens the vault: all attempts, and the names of the vault's slots if they are known.
  case keyUnavailable(path: String, attempts: [KeyAttempt], slots: [String])
  /// The key that opened the vault opens it no longer, and cannot be read again: give the new one to `Vault.useKey`.
  case keyChanged(path: String)
  /// The new key has no place: the source of the old one cannot be written.
  case keyNotReplaceable(source: String)
  /// The key in this file has opened other vaults, which would lose it: their store ids, or the path of a copy of
  /// this one.
  case keyShared(path: String, others: [String])
  /// The vault uses this path for itself, and would overwrite a key there.
  case reservedPath(path: String)
  /// The slot that opened the vault is of another kind than the key to renew.
  case otherSlotKind(slot: String?, demanded: SlotKind)
  /// A person gave no passphrase, or saw no code; `reason` is a whole sentence.
  case notAnswered(reason: String)
  /// The kernel's keyring refused.
  case keyring(reason: String)

  // MARK: Changing key slots

  /// No slot has this name.
  case unknownSlot(String)
  /// A slot has this name or this key already.
  case slotExists(String)
  /// The slot is the last one: without it, nothing would open the vault.
  case lastSlot(String)
  /// The vault has as many slots as it can have.
  case tooManySlots
  /// No slot can have this name.
  case invalidSlotName(String)

  // MARK: What this host has seen

  /// The vault was rolled back: it is older than this host has seen, or another version of the same generation.
  case rolledBack(path: String, generation: UInt64, highest: UInt64)
  /// Another store is at the path than this host has seen there, or, if `found` is nil, none. Both are store ids.
  case otherVault(path: String, seen: String, found: String?)
  /// The vault has key slots that this host has not accepted, or lacks some that it has; a rotation would wrap its
  /// new data key for them.
  case otherSlots(path: String, slots: [String], missing: [String])
  /// The vault has no slot any more for the key by which this host has opened it.
  case slotGone(path: String, slot: String)
  /// The vault has another data key than this host has seen, and the slot that opened it does not prove that a
  /// rotation made it.
  case unprovenDataKey(path: String, slot: String)

  // MARK: Purging

  /// The clock is before the time of the data key: one of the two is wrong, so that what has ended is unknown.
  case clockBehindKey(now: Timestamp, keyMade: Timestamp)

  // MARK: The system

  /// A system call failed.
  case system(call: String, path: String?, errno: Int32, reason: String)
  /// OpenSSL failed.
  case cryptography(String)
}

extension TokenVaultError {
  /// What an error comes to for a script: the exit code of `tokenvault`, documented and never renumbered.
  public enum Code: Int32, Sendable {
    /// Any other failure; the sentence says which.
    case other = 1
    /// No such record or key slot, or the record has ended.
    case notFound = 3
    /// No key opens the vault, or a new one has no place.
    case key = 4
    /// The vault, or the copy to restore, was cut or changed.
    case damaged = 5
    /// Another process held a lock for longer than the timeout.
    case lockTimeout = 6
    /// The request conflicts with what is stored.
    case conflict = 7
    /// Others can reach a file that should be for its owner alone.
    case unsafePermissions = 8
    /// No vault or copy is at the path.
    case noVault = 9
    /// The vault is not the one that this host has seen.
    case rolledBack = 10
    /// A person must act: the server refuses the refresh, or the record lacks what it needs.
    case refused = 11
    /// The request itself is wrong (EX_USAGE of sysexits.h).
    case usage = 64
  }

  /// The exit code of each case. No `default`, so that a new case gets its code here.
  public var code: Code {
    switch self {
    case .noCredential, .unstorable, .tooManyRecords, .countersExhausted, .tooManyUnknownFields,
      .foreignID, .unusableAnswer, .unprintableToken, .inputTooLarge, .invalidRecords,
      .refreshFailed, .refreshTimeout, .newerVersion, .unknownFeatures, .notAFile,
      .mountedByItself, .tooLarge, .noDirectory, .noHome, .keyring, .tooManySlots, .clockBehindKey,
      .system,
      .cryptography:
      .other
    case .unknownID, .noMatch, .ended, .unknownSlot: .notFound
    case .keyUnavailable, .keyChanged, .keyNotReplaceable, .notAnswered: .key
    case .damaged, .damagedLogEntry, .damagedCopy, .irreparable: .damaged
    case .lockTimeout, .refreshLockTimeout: .lockTimeout
    case .userConflict, .revisionConflict, .severalClients, .endpointMoved, .clientConflict,
      .sameRecord, .alreadyExists, .slotExists, .lastSlot, .keyShared, .damagedCopyKept,
      .limitsLost:
      .conflict
    case .unsafePermissions: .unsafePermissions
    case .noVault, .noCopy: .noVault
    case .rolledBack, .olderCopy, .otherVault, .otherCopy, .otherSlots, .slotGone, .unprovenCopy,
      .unprovenDataKey, .unprovenDamage:
      .rolledBack
    case .refreshRefused, .notRenewable: .refused
    case .invalidSlotName, .invalidVaultName, .reservedPath, .otherSlotKind: .usage
    }
  }
}
