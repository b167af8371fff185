import Testing

@testable import TokenRecords
@testable import TokenVault

/// One call serves all that wait for it, even if its token is due at once.
@Suite struct FreshnessRequestTests {
  private let asked = moment(1_700_000_000_000)

  private func token(_ access: Secret, _ expiry: Expiry?) -> OAuthToken {
    var token = OAuthToken()
    (token.accessToken, token.expiresAt) = (access, expiry)
    return token
  }

  private func isSatisfied(
    by current: OAuthToken, isForced: Bool = false, asked: Timestamp?
  ) -> Bool {
    let seen = token("old", .at(moment(0)))
    let request = FreshnessRequest(
      seen, minimumLifetime: .seconds(60), isForced: isForced, asked: asked)
    let later = VaultTime(clock: moment(1_700_000_005_000))
    return request.satisfied(by: current, at: later) != nil
  }

  @Test(arguments: [true, false])
  func anAnswerThatCameMeanwhileCountsThoughItsTokenIsDue(_ isForced: Bool) {
    let due = token("new", .at(moment(1_700_000_001_000)))
    #expect(isSatisfied(by: due, isForced: isForced, asked: asked))
    #expect(isSatisfied(by: token("new", .unknown), isForced: isForced, asked: asked))
  }

  @Test func anOlderTokenAndTheSameOneDoNotCount() {
    let old = token("new", .at(moment(1_699_999_999_999)))
    #expect(!isSatisfied(by: old, asked: asked))
    #expect(!isSatisfied(by: token("old", .unknown), asked: asked))
    #expect(!isSatisfied(by: token("new", .unreadable("soon")), asked: asked))
    #expect(!isSatisfied(by: token("new", .at(moment(1_700_000_001_000))), asked: nil))
    var without = OAuthToken()
    without.expiresAt = .unknown
    #expect(!isSatisfied(by: without, asked: asked))
  }
}
