extension TokenVaultError: CustomStringConvertible {
  /// One sentence in lower case without a full stop; paths in quotes.
  public var description: String {
    switch self {
    case .unknownID(let id): "no token has the id '\(id)'"
    case .noMatch: "no token matches"
    case .noCredential(let record):
      "record \(record) has no access, refresh or grant token, and matches none that is stored"
    case .unstorable(let record):
      "record \(record) is longer than \(RecordFormat.recordSizeLimit) bytes, or has an unusable field name"
    case .tooManyRecords: "a vault holds at most \(RecordFormat.recordCountLimit) records"
    case .countersExhausted: "a generation, revision or id has reached its highest number"
    case .tooManyUnknownFields:
      "a csv vault holds unknown fields of at most \(RecordFormat.attributeColumnLimit) names"
    case .userConflict(let id): "the token with the id '\(id)' belongs to another user"
    case .revisionConflict(let id, let expected, let actual):
      Self.revisions(id, expected: expected, actual: actual)
    case .severalClients(let clients, let record):
      (record.map { "record \($0): its " } ?? "the ")
        + "\(clients.key) fits tokens of several clients: \(clients)"
    case .endpointMoved(let move):
      "the client secret and refresh token of the token '\(move.id)' would go \(move)"
    case .foreignID(let record):
      "record \(record) looks like the answer of a token endpoint, and no token has its id"
    case .clientConflict(let id): "the token with the id '\(id)' belongs to another client"
    case .unusableAnswer(let reason), .notAnswered(let reason): reason
    case .unprintableToken(let id, let field):
      "the \(field) of the token '\(id)' has characters that no token may have (RFC 6749), and is not printed"
    case .ended(let record): "the token '\(record.id)' has ended: \(record)"
    case .sameRecord(let id, let records):
      "the records \(records.map(String.init).joined(separator: " and ")) mean the same token '\(id)', "
        + "and nothing was changed"
    case .inputTooLarge(let source, let limit): "\(source) is larger than \(limit) bytes"
    case .invalidRecords(let source, let error): "\(source): \(error)"
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
    case .damaged(let path, let place): "'\(path)' is damaged or no vault: \(place)"
    case .damagedLogEntry(let path, let offset):
      "'\(path)' is damaged: the save at byte \(offset) was changed"
    case .newerVersion(let path, let version):
      "'\(path)' is a vault of version \(version), newer than this program reads (\(VaultHeader.version))"
    case .unknownFeatures(let path, let features):
      "'\(path)' is a vault with features that this program does not know: \(Self.quoted(features))"
    case .notAFile(let path, let isDirectory):
      "'\(path)' is \(isDirectory ? "a directory" : "not a regular file")"
    case .unsafePermissions(let path, let problem, _): "'\(path)' is not safe: \(problem)"
    case .mountedByItself(let path):
      "'\(path)' is a mount point, which cannot be replaced: nothing was written"
    case .tooLarge(let path, let limit): "'\(path)' is larger than \(limit) bytes"
    case .lockTimeout(let path, let seconds, let holder):
      "waited \(seconds.plain) s for the writer lock of '\(path)'"
        + (holder.map { ", which process \($0) holds" } ?? "")
    case .noDirectory(let path): "there is no directory '\(path)'"
    case .alreadyExists(let path): "'\(path)' already exists"
    case .noCopy(let path): "there is no copy of the vault at '\(path)'"
    case .damagedCopy(let path, let place): "'\(path)' is damaged or no copy: \(place)"
    case .olderCopy(let path, let vault, let madeAt, let generation, let behind, let tokens, _):
      Self.copyAge(of: path, madeAt, generation, behind, tokens)
        + " '\(vault)', and nothing was changed"
    case .otherCopy(let path, let vault, let seen, let found):
      "'\(path)' is no copy of '\(vault)': it is store \(found), but this host has seen store \(seen) there"
    case .unprovenCopy(let path):
      "'\(path)' has another data key than this host has seen last, which does not prove who made the copy, "
        + "and nothing was changed"
    case .irreparable(let path, let place):
      "'\(path)' cannot be repaired, and nothing was changed: \(place)"
    case .limitsLost(let path, _):
      "the limits of '\(path)' are lost with its first records, and nothing was changed"
    case .unprovenDamage(let path):
      "'\(path)' has another data key than this host has seen last, or lacks its key slot, which does not prove "
        + "who made the vault, and nothing was changed"
    case .damagedCopyKept(_, let copy):
      "'\(copy)' may hold what is to be removed, and nothing was changed"
    case .keyUnavailable(let path, let attempts, let slots): Self.attempts(path, attempts, slots)
    case .keyChanged(let path): "the key of '\(path)' was changed"
    case .keyNotReplaceable(let source):
      "the \(source) cannot be replaced where it is, and nothing was changed"
    case .keyShared(let path, let others):
      "the key '\(path)' has opened other vaults too (\(others.joined(separator: ", "))), and nothing was changed"
    case .reservedPath(let path):
      "the vault uses '\(path)' for itself, so nothing else can be there"
    case .otherSlotKind(let slot, let kind):
      "the vault was opened by \(slot.map { "its slot '\($0)'" } ?? "the kernel's keyring"), which is for no \(kind.rawValue)"
    case .keyring(let reason): "the kernel's keyring cannot be used: \(reason)"
    case .unknownSlot(let name): "there is no key slot '\(name)'"
    case .slotExists(let name): "the key slot '\(name)' has this name or this key already"
    case .lastSlot(let name): "the key slot '\(name)' is the last one that opens the vault"
    case .tooManySlots: "a vault has at most \(VaultHeader.slotLimit) key slots"
    case .noHome: "there is no place for a vault: neither XDG_DATA_HOME nor HOME is set"
    case .invalidVaultName(let name):
      "'\(name)' is no name for a vault: 1 to 64 letters, digits, '.', '_' and '-'"
    case .invalidSlotName(let name):
      "'\(name)' is no name for a key slot: 1 to 64 letters, digits, '.', '_' and '-'"
    case .rolledBack(let path, let generation, let highest) where generation == highest:
      "'\(path)' was rolled back: this host has seen another version of its generation \(generation)"
    case .rolledBack(let path, let generation, let highest):
      "'\(path)' was rolled back: it is at generation \(generation), but this host has seen generation \(highest)"
    case .otherVault(let path, let seen, let found?):
      "'\(path)' was replaced by another vault: it is store \(found), but this host has seen store \(seen) there"
    case .otherVault(let path, let seen, nil):
      "'\(path)' is gone: this host has seen store \(seen) there, and made no other one in its place"
    case .otherSlots(let path, let slots, let missing):
      Self.slotDifference(path, slots, missing) + ", and nothing was changed"
    case .slotGone(let path, let slot):
      "'\(path)' has lost the key slot '\(slot)', by which this host has opened it"
    case .unprovenDataKey(let path, let slot):
      "'\(path)' has another data key than this host has seen last, and its key slot '\(slot)' alone "
        + "does not prove who made it"
    case .clockBehindKey(let now, let keyMade):
      "the clock says \(now), but the vault's data key was made at \(keyMade): nothing was purged"
    case .system(let call, let path?, _, let reason): "\(call) '\(path)': \(reason)"
    case .system(let call, nil, _, let reason): "\(call): \(reason)"
    case .cryptography(let reason): "OpenSSL: \(reason)"
    }
  }
}

// Sentences of several parts.
extension TokenVaultError {
  private static func revisions(_ id: String?, expected: Int, actual: Int) -> String {
    let name = id.map { "the token '\($0)'" } ?? "the token"
    if actual == 0 { return "\(name) is not there, and was demanded at revision \(expected)" }
    if expected == 0 { return "\(name) is there already, at revision \(actual)" }
    return "\(name) is at revision \(actual), no longer at \(expected)"
  }

  private static func refusal(
    _ id: String, _ code: String, _ explanation: String?, _ unanswered: Timestamp?
  ) -> String {
    let detail = explanation.map { " (\($0))" } ?? ""
    let mystery =
      unanswered.map {
        "; a call at \($0) was never answered, or its process ended before the answer was saved: "
          + "the server has probably taken the refresh token then"
      } ?? ""
    return "the server refused to refresh the token '\(id)': \(code)\(detail)\(mystery)"
  }

  private static func attempts(
    _ path: String, _ attempts: [KeyAttempt], _ slots: [String]
  ) -> String {
    let tried = attempts.map { "\($0.source): \($0.problem)" }.joined(separator: "; ")
    if slots.isEmpty { return "no key for '\(path)': \(tried)" }
    return "no key opens '\(path)', whose key slots are \(quoted(slots)): \(tried)"
  }

  /// How the slots of a vault differ from those that this host has accepted.
  static func slotDifference(_ path: String, _ slots: [String], _ missing: [String]) -> String {
    var parts: [String] = []
    if !slots.isEmpty {
      parts.append("has key slots that this host has not seen: \(quoted(slots))")
    }
    if !missing.isEmpty { parts.append("has lost key slots: \(quoted(missing))") }
    return "'\(path)' \(parts.joined(separator: " and "))"
  }

  private static func quoted(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// How old a copy is, as a sentence that goes on with the vault's name.
  static func copyAge(
    of path: String, _ madeAt: Timestamp?, _ generation: UInt64, _ behind: UInt64?, _ tokens: Int?
  ) -> String {
    let time = madeAt.map { "from \($0), " } ?? ""
    let newer = behind.flatMap { $0 > 0 ? generation + $0 : nil }
    let seen = newer.map { ", but this host has seen generation \($0)" } ?? ""
    let records = tokens.map { counted($0, "token") } ?? "an unknown number of tokens"
    let generations =
      behind.map { counted($0, "generation") } ?? "an unknown number of generations"
    return "'\(path)' is \(time)of generation \(generation)\(seen): "
      + "\(records) and \(generations) behind"
  }

  private static func counted(_ count: some BinaryInteger, _ name: String) -> String {
    "\(count) \(name)\(count == 1 ? "" : "s")"
  }
}

extension Double {
  /// Without a fraction, if it has none.
  package var plain: String { self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)" }
}
