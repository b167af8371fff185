/// A key that opens a vault, with what is needed to renew it.
package struct UnlockedKey: Sendable {
  /// The data key that it opened.
  package let dataKey: DataKey
  /// Its slot; nil for a data key out of the kernel's keyring, which came by none.
  package let slot: KeySlot?
  /// The slot's key; nil with the slot.
  package let key: SlotKey?
  /// What it came from, as errors call it.
  package let source: String
  /// The file that it is in, where a rotation can put a new one there; nil for all that is not ours to
  /// write.
  package let file: KeyFile?
  /// Whether it is in the file beside that one: a rotation was killed, or is under way.
  package internal(set) var isStaged: Bool
}
