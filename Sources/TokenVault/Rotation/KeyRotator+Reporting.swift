extension KeyRotator {
  /// Reports what has changed; without a new header, what would change.
  func report(
    of base: Base, _ newKey: NewKey, _ header: VaultHeader? = nil, _ found: UnlockedKey? = nil,
    tokens: Int
  ) -> RotationReport {
    let renewed = newKey.isKept ? nil : base.slot
    return RotationReport(
      path: access.file.location.path,
      generation: header?.generation ?? base.generation,
      oldDataKeyID: base.header.dataKeyID.text, newDataKeyID: header?.dataKeyID.text,
      slot: renewed?.name, kind: renewed?.kind, source: base.found.source,
      oldKeyID: renewed?.keyID.text,
      newKeyID: renewed == nil ? nil : found?.key?.id.text, keyPath: newKey.file?.path,
      rewrapped: (header ?? base.header).slots.map(\.name).filter { $0 != renewed?.name },
      dropped: rotation.otherSlots == .drop ? base.slots.others : [], tokens: tokens)
  }
}
