// The same operations for tasks: limits, slots and maintenance. None blocks the thread of the task.
//
// A task that is cancelled stops waiting for other writers, and nothing is changed. Once the call has the lock, it goes on to
// its end, and returns its result.
extension Vault {
  /// Gives the vault these limits, in one commit.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func setPolicy(_ policy: RetentionPolicy) async throws {
    try await writers.run { try self.setPolicy(policy) }
  }

  /// Deletes every record that a limit of the vault or of `options` has ended, in one commit, if there is any.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public func purge(_ options: PurgeOptions = PurgeOptions()) async throws -> PurgeReport {
    try await writers.run { try self.purge(options) }
  }

  /// Adds a key slot: the key of `source` opens the vault, too.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public func addSlot(named name: String, key source: KeySource) async throws -> KeySlotStatus {
    try await writers.run { try self.addSlot(named: name, key: source) }
  }

  /// Removes a key slot, and the previous snapshot, which its key still opens.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func removeSlot(named name: String) async throws {
    try await writers.run { try self.removeSlot(named: name) }
  }

  /// Opens the vault with another key from now on.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func useKey(_ source: KeySource) async throws {
    try await writers.run { try self.useKey(source) }
  }

  /// Keeps the data-encryption key in the kernel's user keyring until the time is up.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func unlock(for time: Duration) async throws {
    try await readers.run { try self.unlock(for: time) }
  }

  /// Rotates the keys.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public func rotate(
    _ rotation: RotationOptions = RotationOptions()
  ) async throws -> RotationReport {
    try await writers.run { try self.rotate(rotation) }
  }

  /// Copies the vault to a new file, as it is at one moment, and opens all of the copy.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public func backUp(to path: String) async throws -> BackupReport {
    try await writers.run { try self.backUp(to: path) }
  }

  /// Reads and opens everything again.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func check() async throws -> VaultStatus { try await readers.run { try self.check() } }

  /// Compacts the vault (a checkpoint).
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public func compact() async throws -> CompactReport {
    try await writers.run { try self.compact() }
  }

  /// Writes the records in another format from now on.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func convert(to format: RecordFormat) async throws {
    try await writers.run { try self.convert(to: format) }
  }
}
