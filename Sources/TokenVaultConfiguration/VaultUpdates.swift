#if Configuration
  internal import TokenVault

  /// What `read` returns now, and again after each change of a vault if it differs; in the end, what an error makes of it.
  struct VaultUpdates<Element: Sendable>: AsyncSequence, Sendable {
    private let changes: VaultChanges
    private let read: @Sendable () async -> Element
    private let failure: @Sendable (TokenVaultError) -> Element
    private let isSame: @Sendable (Element, Element) -> Bool

    init(
      of changes: VaultChanges, read: @escaping @Sendable () async -> Element,
      failure: @escaping @Sendable (TokenVaultError) -> Element,
      isSame: @escaping @Sendable (Element, Element) -> Bool = { _, _ in false }
    ) {
      (self.changes, self.read, self.failure, self.isSame) = (changes, read, failure, isSame)
    }

    func makeAsyncIterator() -> Iterator {
      Iterator(updates: self, changes: changes.makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
      fileprivate let updates: VaultUpdates
      /// Nil at the end.
      fileprivate var changes: VaultChanges.AsyncIterator?
      private var last: Element?

      fileprivate init(updates: VaultUpdates, changes: VaultChanges.AsyncIterator) {
        (self.updates, self.changes) = (updates, changes)
      }

      mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> Element? {
        while let element = await nextRead() {
          if let last, updates.isSame(last, element) { continue }
          last = element
          return element
        }
        return nil
      }

      private mutating func nextRead() async -> Element? {
        guard var changes else { return nil }
        self.changes = nil
        do throws(TokenVaultError) {
          if last != nil, try await changes.next() == nil { return nil }
        } catch { return updates.failure(error) }
        let element = await updates.read()
        if Task.isCancelled { return nil }
        self.changes = changes
        return element
      }
    }
  }
#endif
