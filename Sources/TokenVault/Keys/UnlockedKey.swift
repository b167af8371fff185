/// The data-encryption key (DEK) of a vault, with the key-encryption key (KEK) that unwrapped it.
package struct UnlockedKey: Sendable {
  /// The data key, or DEK, which seals the records.
  package let dataKey: DataKey
  /// The slot that wraps the DEK; nil if it came from the kernel's keyring.
  package let slot: KeySlot?
  /// The slot's key, or KEK; nil with the slot.
  package let key: SlotKey?
  /// The source of the KEK, as errors name it.
  package let source: String
  /// The KEK's file, which a rotation can replace; nil for other sources.
  package let file: KeyFile?
  /// Whether the KEK is in the staged file beside that one: a rotation was killed, or is running.
  package internal(set) var isStaged: Bool
}
