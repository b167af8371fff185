// What of the vault this store knows to be on the disk.
extension VaultSession {
  /// Marks the file of this version, and its log entries up to this number, as on the disk.
  mutating func markSynchronized(_ version: VaultFile.Version, entries number: UInt64) {
    guard version.status.inode == self.version.status.inode else { return }
    log.chain.markFlushed(number)
    isNameSynchronized = true
  }

  /// Whether a flush of the file proves anything.
  var isReliable: Bool { unreliableInode != version.status.inode }

  /// Marks the file of this version as one whose flush has failed, so that the next commit replaces it.
  mutating func markFlushFailed(of version: VaultFile.Version) {
    unreliableInode = version.status.inode
  }

  /// Marks a generation as remembered by this host.
  mutating func markRemembered(_ generation: SeenGeneration) {
    if highest?.number ?? 0 < generation.number { highest = generation }
  }

  /// Whether there are log entries, or a name of the file, that this store has not seen on the disk: the process that
  /// wrote them may have been killed before it flushed them.
  var hasUnsynchronized: Bool {
    !isNameSynchronized || log.chain.count > log.chain.flushed
  }

  /// Whether this host has seen later entries on the disk than are there: their bytes are zeros again, and a writer must
  /// not write over them.
  func lacksEntries() throws(TokenVaultError) -> Bool {
    try access.newestEntry(behind: header) > log.chain.count
  }
}
