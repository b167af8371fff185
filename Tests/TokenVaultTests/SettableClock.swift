import Synchronization

@testable import TokenVault

/// A time of day that stands still until a test moves it.
final class SettableClock: Sendable {
  private let time: Mutex<Timestamp>

  /// Begins in the year 2026.
  init() { time = Mutex(moment(1_767_225_600_000)) }

  var now: Timestamp { time.withLock { $0 } }

  func advance(seconds: Int64 = 0, milliseconds: Int64 = 0) {
    time.withLock { now in
      now = moment(now.millisecondsSince1970 + seconds * 1000 + milliseconds)
    }
  }

  func set(_ now: Timestamp) { time.withLock { $0 = now } }

  /// Calls the body while the clock is at another time; what passes meanwhile is no time of the right clock.
  func whileAt<Result>(_ wrong: Timestamp, _ body: () throws -> Result) rethrows -> Result {
    let right = now
    set(wrong)
    defer { set(right) }
    return try body()
  }
}

extension TemporaryDirectory {
  /// A vault and a key in the directory, whose time of day is this clock's.
  func configuration(_ clock: SettableClock) -> VaultConfiguration {
    var configuration = configuration()
    configuration.now = { clock.now }
    return configuration
  }
}

extension Vault {
  /// Changes what is noted of a record, as a refresh does.
  func note(id: String, _ change: (inout RecordHistory) -> Void) throws {
    try write { (transaction) throws(TokenVaultError) in
      transaction.table.updateHistory(id: id, change)
      try transaction.commit(previous: .keep)
    }
  }
}
