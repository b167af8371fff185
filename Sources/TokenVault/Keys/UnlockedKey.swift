/// The data-encryption key (DEK) of a vault, with the key-encryption key (KEK) that unwrapped it.
struct UnlockedKey: Sendable {
  let dataKey: DataKey
  /// The slot that wraps the DEK; nil if it came from the kernel's keyring.
  let slot: KeySlot?
  /// The slot's key, or KEK; nil with the slot.
  let key: SlotKey?
  /// The source of the KEK, as errors name it.
  let source: String
  /// The KEK's file, which a rotation can replace; nil for other sources.
  let file: KeyFile?
  /// Whether the KEK is in the staged file beside that one: a rotation was killed, or is running.
  var isStaged: Bool
}

extension UnlockedKey {
  /// Verifies the list of slots of a header that is under the same DEK: by the slot of the KEK, or with the DEK if the
  /// KEK is not at hand, or its slot is gone.
  ///
  /// - Throws: `FormatError.slotList` or `FormatError.slot` if the list was changed.
  func verifySlots(of header: VaultHeader) throws(FormatError) {
    if let key, let slot = header.slot(openedBy: key.id) {
      try header.verifySlots(by: slot, with: key)
    } else {
      try header.verifySlots(with: dataKey)
    }
  }

  /// Unwraps the DEK with the KEK of one of the header's slots.
  ///
  /// - Throws: As ``VaultContainer/dataKey(of:with:)``.
  init(
    _ header: VaultHeader, _ key: SlotKey, source: String, file: KeyFile? = nil,
    isStaged: Bool = false
  ) throws(FormatError) {
    let (slot, dataKey) = try VaultContainer.dataKey(of: header, with: key)
    self.init(
      dataKey: dataKey, slot: slot, key: key, source: source, file: file, isStaged: isStaged)
  }
}
