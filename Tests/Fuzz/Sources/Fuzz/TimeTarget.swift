@testable import TokenRecords
@testable import TokenVault

/// Times as text and as numbers: each has one text, and none traps.
struct TimeTarget {
  static let seeds = [
    "2026-01-01T00:00:00.000Z", "0000-02-29t23:59:60.5z", "9999-12-31T23:59:59.9999+23:59",
    "rejected 2026-01-01T00:00:00.000Z invalid_grant 2026-01-01T00:00:00.001Z",
    "begun 2026-01-01T00:00:00.000Z -1", "1700000000000", "unknown",
  ].map { Array($0.utf8) }

  func check(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    if let moment = Timestamp(text) { check(moment, text) }
    require(Expiry(Expiry(text).text) == Expiry(text), "an end survives as text")
    let zoho = Expiry(zohoMilliseconds: text)
    if zoho.moment != nil { require(zoho.zohoMilliseconds == text, "Zoho's number survives") }
    if let state = RefreshState(text) { require(state.text == text, "a state has one text") }
    var choices = Choices(input)
    checkNumbers(&choices)
  }

  private func check(_ moment: Timestamp, _ text: String) {
    let canonical = moment.description
    require(Timestamp(canonical) == moment, "a time survives as text")
    require(Timestamp.isCanonical(canonical), "its text is canonical")
    require(Timestamp.isCanonical(text) == (canonical == text), "no other text is")
  }

  private func checkNumbers(_ choices: inout Choices) {
    let (first, second) = (choices.word(), Int64(bitPattern: choices.word()))
    let limits = Timestamp.limits
    let offset = Int64(first % UInt64(limits.upperBound - limits.lowerBound + 1))
    guard let moment = Timestamp(millisecondsSince1970: limits.lowerBound + offset) else {
      return require(false, "a number within the limits is a time")
    }
    check(moment, moment.description)
    if let later = moment.adding(seconds: second) {
      require(later.milliseconds(since: moment) == second * 1000, "seconds add up")
    }
    let time = VaultTime(clock: moment, keyMade: Timestamp(millisecondsSince1970: second))
    var token = OAuthToken()
    (token.accessToken, token.expiresAt) = ("a", .at(time.stamp))
    token.history.markSaved(at: time, beginsAnew: choices.byte() % 2 == 0)
    token.history.markRefreshed(at: time)
    _ = token.isGood(for: second, at: time)
    _ = token.hasUncertainEnd(at: time)
  }
}
