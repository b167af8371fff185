#if Configuration
  internal import TokenVault

  /// What `read` returns now, and again after changes of a vault if it differs; in between, what an error makes of it.
  struct VaultUpdates<Element: Sendable>: AsyncSequence, Sendable {
    private let vault: Vault
    private let read: @Sendable () async -> Element
    private let failure: @Sendable (any Error) -> Element
    private let isSame: @Sendable (Element, Element) -> Bool

    init(
      of vault: Vault, read: @escaping @Sendable () async -> Element,
      failure: @escaping @Sendable (any Error) -> Element,
      isSame: @escaping @Sendable (Element, Element) -> Bool
    ) {
      (self.vault, self.read, self.failure, self.isSame) = (vault, read, failure, isSame)
    }

    func makeAsyncIterator() -> Iterator { Iterator(updates: self) }

    struct Iterator: AsyncIteratorProtocol {
      fileprivate let updates: VaultUpdates
      /// Nil before the vault is watched, and after an error.
      private var changes: VaultChanges.AsyncIterator?
      private var last: Element?

      fileprivate init(updates: VaultUpdates) { self.updates = updates }

      mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> Element? {
        while let element = await nextRead() {
          if let last, updates.isSame(last, element) { continue }
          last = element
          return element
        }
        return nil
      }

      /// Nil at the end of the task.
      private mutating func nextRead() async -> Element? {
        do {
          try await waitForChange()
          let element = await updates.read()
          return Task.isCancelled ? nil : element
        } catch {
          changes = nil
          return error is CancellationError ? nil : updates.failure(error)
        }
      }

      private mutating func waitForChange() async throws {
        guard var changes else {
          // What was in the way may soon be gone.
          if last != nil { try await Task.sleep(for: .seconds(1)) }
          // Before the value is read, so that no change is missed in between.
          self.changes = try await updates.vault.changes().makeAsyncIterator()
          return
        }
        self.changes = nil
        guard try await changes.next() != nil else { throw CancellationError() }
        changes.skipRest()
        self.changes = changes
      }
    }
  }
#endif
