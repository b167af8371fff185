import Dispatch
import Synchronization
import TokenVault

/// The refresh of every record of a vault that is due, several at a time.
final class RefreshOfAll: Sendable {
  /// Calls at a time: servers are slow, and wait for nobody else's answer.
  private static let width = 16

  private let refresher: TokenRefresher
  private let printer: Mutex<RefreshPrinter>
  private let records: [OAuthToken]
  private let passedOver: Int
  private let next = Atomic(0)
  private let firstFailure = Mutex<Failure?>(nil)
  private let failures = Atomic(0)

  /// Passes over the records whose refresh token was rejected, and those without one where the server wants it.
  init(_ refresher: TokenRefresher, _ printer: RefreshPrinter, needsRefreshToken: Bool) throws {
    self.refresher = refresher
    self.printer = Mutex(printer)
    let all = try refresher.vault.allTokens()
    // In any order, so that processes that do this at once begin with different ones.
    records = all.filter { token in
      token.isRenewable || (!needsRefreshToken && token.refreshToken == nil)
    }.shuffled()
    passedOver = all.count { $0.history.refresh?.isRejected == true }
  }

  /// Refreshes them, and tells of each. The first failure decides the exit code.
  func run() throws {
    let group = DispatchGroup()
    for number in 0..<min(Self.width, records.count) {
      DispatchQueue(label: "tokenvault.refresh.\(number)").async(group: group) { self.work() }
    }
    group.wait()
    try report()
  }

  private func work() {
    while !SignalDeferral.isPending {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < records.count else { return }
      refresh(records[index])
    }
  }

  private func refresh(_ token: OAuthToken) {
    do {
      let fresh = try refresher.keepFresh(TokenQuery(id: token.id ?? ""))
      try printer.withLock { printer in
        printer.warn(of: fresh)
        try printer.print(fresh)
      }
    } catch TokenVaultError.noMatch, TokenVaultError.ended {
      // Deleted meanwhile, or not to be handed out any more.
    } catch {
      failures.add(1, ordering: .relaxed)
      if let failure = Failure(error) { firstFailure.withLock { $0 = $0 ?? failure } }
      printer.withLock { try? $0.print(token, failed: error) }
    }
  }

  private func report() throws {
    if passedOver > 0 {
      let (noun, verb) = passedOver == 1 ? ("token", "waits") : ("tokens", "wait")
      printer.withLock {
        $0.session.note(
          "\(passedOver) \(noun) \(verb) for a new login, and \(passedOver == 1 ? "was" : "were") passed over"
        )
      }
    }
    guard let failure = firstFailure.withLock(\.self) else { return }
    throw Failure(
      failure.status,
      "\(failures.load(ordering: .relaxed)) of \(records.count) tokens were not refreshed")
  }
}
