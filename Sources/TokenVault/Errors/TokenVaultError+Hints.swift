extension TokenVaultError {
  /// What to do next, if there is something.
  public var hint: String? {
    switch self {
    case .tooManyUnknownFields: "a json vault has no such limit: tokenvault convert --format json"
    case .noDirectory(let path): "mkdir -p \(path.shellPath)"
    case .noVault(let path, nil): "make one with: tokenvault init --vault \(path.shellPath)"
    case .noVault(let path, _?):
      "to go back to that snapshot: tokenvault restore --vault \(path.shellPath)"
    case .unsafePermissions(_, _, let remedy): remedy
    case .mountedByItself: "mount the directory that the vault is in, and not the file"
    case .newerVersion, .unknownFeatures: "install a newer tokenvault"
    case .keyUnavailable:
      "name the key with --key-file, --key-command, --passphrase-fd or --recovery-fd"
    case .keyNotReplaceable: "name a file for the new key with --new-key-file, or --keep-key"
    case .keyShared: "give this vault a key of its own with --new-key-file, or --keep-key"
    // First `repair`, which saves the most if it can save anything, and else names the next step.
    case .damagedLogEntry(let path, _), .damaged(let path, _),
      .olderCopy(_, let path, _, _, _, _, isRepairable: true):
      "to go on with what is sound, and keep a copy of the rest: "
        + "tokenvault repair --vault \(path.shellPath)"
    case .olderCopy: "to go back to it all the same, go on with --accept-rollback"
    case .irreparable(let path, _):
      "if it has a previous snapshot, this brings that back: "
        + "tokenvault restore --vault \(path.shellPath)"
    case .limitsLost(let path, nil):
      "give those that it had, or none: "
        + "tokenvault repair --vault \(path.shellPath) --policy none"
    case .limitsLost(let path, let previous?):
      "give those that it had; its previous snapshot has these: "
        + "tokenvault repair --vault \(path.shellPath) --policy \(previous.argument)"
    case .damagedCopyKept(let path, _):
      "when nothing in it is missed: tokenvault repair --discard --vault \(path.shellPath)"
    // OpenSSL's own words, not ours about a message or a key.
    case .cryptography(let reason) where reason.contains("error:"):
      "what OpenSSL may do is up to its configuration, in the file that OPENSSL_CONF names or else the system's openssl.cnf: openssl list -providers"
    case .lastSlot(let name):
      "add another one first: tokenvault key add --name \(name)-2 --recovery"
    case .rolledBack:
      "if a backup was put back on purpose, go on with --accept-rollback"
    case .otherVault(_, _, nil): "to make a new one all the same, go on with --accept-other-vault"
    case .otherVault, .otherCopy:
      "if it was put there on purpose, go on with --accept-other-vault"
    case .otherSlots(let path, _, _), .slotGone(let path, _), .unprovenDataKey(let path, _):
      "if that was done on purpose, this accepts it: tokenvault key accept --vault \(path.shellPath)"
    case .unprovenCopy:
      "if it is a copy from before a rotation, go on with --accept-rollback"
    case .unprovenDamage:
      "if its keys were changed on purpose, go on with --accept-slots; if not, move it away and restore"
    case .clockBehindKey: VaultTime.remedy
    case .lockTimeout: "wait longer with --lock-timeout"
    case .refreshRefused(_, _, _, rejectsToken: true, _):
      "log in again, and save the new refresh token"
    // A program stands behind `--`, so that an id like an option cannot be named.
    case .notRenewable(let id, _) where !id.beginsLikeAnOption:
      "save what is missing (a token_endpoint by save --move-endpoint), or refresh it by a program: "
        + "tokenvault refresh \(id.shellQuoted) -- CMD"
    case .ended(let record):
      "log in again, and save the new tokens; or delete it with: tokenvault delete \(record.id.shellArgument)"
    case .revisionConflict, .userConflict, .clientConflict: "read the token again, then decide"
    case .severalClients:
      "name the client: with --user by --client, in a record by client_id; or name the token by its id"
    case .sameRecord:
      "give each of them the id of the token that it means, or an id of its own"
    case .endpointMoved:
      "if that is wanted, say so with --move-endpoint, or give the client_secret and refresh_token too"
    case .foreignID:
      "to save a login, say whose it is: tokenvault save --user USER"
    // No `default`, so that a new case gets its hint above, or none here.
    case .unknownID, .noMatch, .noCredential, .unstorable, .tooManyRecords, .countersExhausted,
      .unusableAnswer, .unprintableToken, .inputTooLarge, .invalidRecords, .refreshRefused,
      .notRenewable, .refreshFailed, .refreshTimeout, .refreshLockTimeout, .notAFile, .tooLarge,
      .alreadyExists, .noCopy, .damagedCopy, .keyChanged, .reservedPath, .otherSlotKind,
      .notAnswered, .keyring, .unknownSlot, .slotExists, .tooManySlots, .invalidSlotName,
      .noHome, .invalidVaultName, .system, .cryptography:
      nil
    }
  }
}
