/// A log entry that was appended, and is to be flushed.
struct AppendedEntry: Sendable {
  let file: VaultFile
  /// The file with the entry.
  let version: VaultFile.Version
  /// The vault's generation with the entry, to remember once it is durable.
  let generation: SeenGeneration
  /// The number of the entry behind its snapshot.
  let number: UInt64
  let store: StoreID
  let memory: HostMemory
  /// Whether the file's name is known to be on the disk.
  let isNameSynchronized: Bool
}
