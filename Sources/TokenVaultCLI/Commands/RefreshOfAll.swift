import Synchronization
import TokenVault

/// The refresh of every record of a vault that is due, several at a time.
final class RefreshOfAll: Sendable {
  /// Calls at a time: servers are slow, and wait for nobody else's answer.
  private static let width = 16

  /// What is told in the end.
  private struct Tally {
    /// Records that wait for a new login, and those that cannot be refreshed at all.
    var rejected: [String] = []
    var lacking: [String] = []
    var ended = 0
    var failures: [Failure] = []
    /// Why nothing can be printed any more.
    var outputFailure: Failure?
  }

  private let refresher: TokenRefresher
  private let printer: RefreshPrinter
  private let records: [OAuthToken]
  private let next = Atomic(0)
  private let tally = Mutex(Tally())

  init(_ refresher: TokenRefresher, _ printer: RefreshPrinter) throws {
    (self.refresher, self.printer) = (refresher, printer)
    // In any order, so that processes that do this at once begin with different ones.
    records = try refresher.vault.allTokens().shuffled()
  }

  /// Refreshes them, and tells of each. Exit code 11 where a server has refused one.
  func run() throws {
    Workers.run(min(Self.width, records.count)) { self.work() }
    try report(tally.withLock(\.self))
  }

  private func work() {
    while !SignalDeferral.isPending {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < records.count else { return }
      refresh(records[index])
    }
  }

  private func refresh(_ token: OAuthToken) {
    if token.history.refresh?.isRejected == true { return passOver(token, "rejected") }
    // Without a write for each of them.
    if refresher.cannotRefresh(token) { return passOver(token, "lacking") }
    let result: Result<FreshToken, any Error>
    do {
      let fresh = try refresher.keepFresh(TokenQuery(id: token.id ?? ""))
      if fresh.wasRefreshed, let failure = fresh.failure { throw failure }
      result = .success(fresh)
    } catch TokenVaultError.noMatch {
      return  // Deleted meanwhile.
    } catch TokenVaultError.ended {
      return tally.withLock { $0.ended += 1 }
    } catch TokenVaultError.notRenewable(_, let reason) {
      return passOver(
        token, "lacking", TokenVaultError.notRenewable(id: token.id ?? "", reason: reason))
    } catch {
      result = .failure(error)
    }
    tell(token, result)
  }

  private func passOver(_ token: OAuthToken, _ result: String, _ error: (any Error)? = nil) {
    tally.withLock { tally in
      let id = token.id ?? ""
      if result == "rejected" { tally.rejected.append(id) } else { tally.lacking.append(id) }
      print(&tally) { () throws(Failure) in try printer.printJSON(token, result, error) }
    }
  }

  private func tell(_ token: OAuthToken, _ result: Result<FreshToken, any Error>) {
    tally.withLock { tally in
      switch result {
      case .success(let fresh):
        printer.warn(of: fresh)
        print(&tally) { () throws(Failure) in try printer.print(fresh) }
      case .failure(let error):
        guard let failure = Failure(error) else { return }
        tally.failures.append(failure)
        StandardError.write("tokenvault: \(DisplayText.oneLine(failure.sentence))")
        print(&tally) { () throws(Failure) in try printer.printJSON(token, "failed", error) }
      }
    }
  }

  private func print(_ tally: inout Tally, _ body: () throws(Failure) -> Void) {
    if tally.outputFailure != nil { return }
    do throws(Failure) { try body() } catch { tally.outputFailure = error }
  }

  private func report(_ tally: Tally) throws {
    note(tally.rejected, "wait for a new login, and were passed over")
    note(tally.lacking, "cannot be refreshed, and were passed over")
    if tally.ended > 0 { printer.session.note("\(tally.ended) have ended by a limit of the vault") }
    if let first = tally.failures.first(where: { $0.status == .refused }) ?? tally.failures.first {
      throw Failure(
        first.status, "\(tally.failures.count) of \(records.count) tokens could not be refreshed",
        hint: first.hint)
    }
    if let failure = tally.outputFailure { throw failure }
  }

  private func note(_ ids: [String], _ what: String) {
    guard !ids.isEmpty else { return }
    let names = ids.sorted().prefix(10).map { "'\($0)'" }.joined(separator: ", ")
    let more = ids.count > 10 ? " and \(ids.count - 10) more" : ""
    printer.session.note("tokens that \(what): \(names)\(more)")
  }
}
