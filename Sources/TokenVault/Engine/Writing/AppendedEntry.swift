/// A commit that is behind the others in the file, and is to be made durable.
struct AppendedEntry: Sendable {
  let file: VaultFile
  /// The file with it.
  let version: VaultFile.Version
  /// The vault's generation with it, which is to be remembered.
  let generation: SeenGeneration
  let store: StoreID
  let memory: HostMemory
  /// Whether the file's name is known to be on the disk.
  let isNameSynchronized: Bool
}
