import TokenVault

extension VaultStatus {
  /// What `status`, `check`, `init` and `convert` print with `--json`.
  var json: JSONObject {
    let protection = Protection(self)
    let object: JSONObject = [
      "path": path, "store": storeID, "format": format.rawValue, "tokens": tokens,
      "generation": generation, "size": size, "opened_by": keySource, "key_file": keyPath,
      "key_id": keyID, "policy": PolicyReport(policy: policy).object,
      "damaged_copies": damagedCopies, "remembered": isRemembered,
      "shared_directory": sharedDirectory, "slots": slots.map(\.json),
    ]
    return object + KeyAge(self).json + [
      "protects_against": protection.against,
      "does_not_protect_against": protection.notAgainst,
    ]
  }
}

extension KeySlotStatus {
  var json: JSONObject {
    [
      "name": name, "kind": kind.rawValue, "added": added.description,
      "rotated": rotated?.description, "key_id": keyID, "in_use": isInUse, "accepted": isAccepted,
    ]
  }
}
