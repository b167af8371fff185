import Synchronization
import TokenVault

/// The refresh of every record of a vault that is due, several at a time.
final class RefreshOfAll: Sendable {
  /// Concurrent calls: servers are slow, and no call waits for another.
  private static let width = 16

  /// Why a record is skipped, as the JSON report calls it.
  private enum Skip: String {
    /// The server has rejected its refresh token.
    case rejected
    /// It lacks what a refresh takes.
    case lacking
  }

  /// What is reported in the end.
  private struct Tally {
    var skipped: [Skip: [String]] = [:]
    var ended = 0
    var failures: [Failure] = []
    /// Why nothing more can be printed.
    var outputFailure: Failure?
  }

  private let refresher: TokenRefresher
  private let session: Session
  private let records: [OAuthToken]
  private let next = Atomic(0)
  private let tally = Mutex(Tally())

  init(_ refresher: TokenRefresher, _ session: Session) throws {
    (self.refresher, self.session) = (refresher, session)
    // In random order, so that concurrent processes begin with different records.
    records = try refresher.vault.allTokens().shuffled()
  }

  /// Refreshes the records, and prints a report of each; exit code 11 if a server has refused one.
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
    if token.history.refresh?.isRejected == true { return skip(token, .rejected) }
    // Found out here, without a write for each of them.
    if refresher.cannotRefresh(token) { return skip(token, .lacking) }
    do {
      let fresh = try refresher.keepFresh(TokenQuery(id: token.id ?? ""))
      if fresh.wasRefreshed, let failure = fresh.failure { throw failure }
      tally.withLock { tally in
        RefreshReport.warn(fresh, refresher.minimumLifetime, session)
        print(RefreshReport(fresh), &tally)
      }
    } catch TokenVaultError.noMatch {
      return  // Deleted meanwhile.
    } catch TokenVaultError.ended {
      tally.withLock { $0.ended += 1 }
    } catch let error as TokenVaultError {
      if case .notRenewable = error { skip(token, .lacking, error) } else { fail(token, error) }
    } catch {
      fail(token, error)
    }
  }

  private func skip(_ token: OAuthToken, _ reason: Skip, _ error: (any Error)? = nil) {
    tally.withLock { tally in
      tally.skipped[reason, default: []].append(token.id ?? "")
      print(RefreshReport(token, reason.rawValue, error), &tally)
    }
  }

  private func fail(_ token: OAuthToken, _ error: any Error) {
    guard let failure = Failure(error) else { return }
    tally.withLock { tally in
      tally.failures.append(failure)
      StandardError.write("tokenvault: \(DisplayText.oneLine(failure.sentence))")
      print(RefreshReport(token, "failed", error), &tally)
    }
  }

  private func print(_ report: RefreshReport, _ tally: inout Tally) {
    if tally.outputFailure != nil { return }
    do throws(Failure) { try session.print(report) } catch { tally.outputFailure = error }
  }

  private func report(_ tally: Tally) throws {
    note(tally.skipped[.rejected], "wait for a new login, and were skipped")
    note(tally.skipped[.lacking], "cannot be refreshed, and were skipped")
    if tally.ended > 0 { session.note("\(tally.ended) have ended by a limit of the vault") }
    if let first = tally.failures.first(where: { $0.status == .refused }) ?? tally.failures.first {
      throw Failure(
        first.status, "\(tally.failures.count) of \(records.count) tokens could not be refreshed",
        hint: first.hint)
    }
    if let failure = tally.outputFailure { throw failure }
  }

  private func note(_ ids: [String]?, _ what: String) {
    guard let ids else { return }
    let names = ids.sorted().prefix(10).map { "'\($0)'" }.joined(separator: ", ")
    let more = ids.count > 10 ? " and \(ids.count - 10) more" : ""
    session.note("tokens that \(what): \(names)\(more)")
  }
}
