import Foundation
import Testing
import TokenVaultFoundation

@testable import TokenVault

/// Times as programs calculate with them.
@Suite struct TimestampArithmeticTests {
  @Test func aDurationIsAddedByWholeMilliseconds() {
    #expect(moment(1000) + .seconds(2) == moment(3000))
    #expect(moment(1000) + .seconds(-2) == moment(-1000))
    #expect(moment(1000) + .milliseconds(1) == moment(1001))
    #expect(moment(1000) + .microseconds(1999) == moment(1001))
    #expect(moment(1000) + .microseconds(-1) == moment(999))
  }

  @Test(arguments: [Duration.seconds(Int64.max), .seconds(1 << 45), .seconds(300_000_000_000)])
  func aSumBeyondTheYear9999IsItsLastMomentAndTheSameBefore(_ time: Duration) {
    #expect((moment(0) + time).description == "9999-12-31T23:59:59.999Z")
    #expect((moment(0) + (.zero - time)).description == "0000-01-01T00:00:00.000Z")
  }

  @Test(arguments: [-62_167_219_200_000, -1, 0, 1, 1_790_000_000_123, 253_402_300_799_999])
  func aMomentThatBecomesADateIsTheSameMomentAgain(_ milliseconds: Int64) {
    #expect(Timestamp(Date(moment(milliseconds))) == moment(milliseconds))
  }

  @Test func aDateThatNoTimestampHasIsNil() {
    #expect(Timestamp(Date(timeIntervalSince1970: 253_402_300_800)) == nil)
    #expect(Timestamp(Date(timeIntervalSince1970: .infinity)) == nil)
    #expect(Timestamp(Date(timeIntervalSince1970: .nan)) == nil)
  }

  @Test func aTokenExpiresWithinATimeUnlessItLivesLonger() throws {
    var token = OAuthToken()
    #expect(token.expires(in: .zero, at: moment(0)), "without an access token")
    token.accessToken = "a"
    #expect(!token.expires(in: .seconds(1 << 50), at: moment(0)), "without an end")
    token.expiresAt = .at(moment(60_000))
    #expect(token.expirationDate == Date(timeIntervalSince1970: 60))
    #expect(!token.expires(in: .seconds(60), at: moment(0)))
    #expect(token.expires(in: .milliseconds(60_001), at: moment(0)))
    #expect(!token.expires(in: .seconds(-5), at: moment(59_999)))
    #expect(token.expires(in: .seconds(-5), at: moment(60_000)))
    #expect(token.expires(in: .seconds(Int64.max), at: moment(0)))
    token.expiresAt = .unknown
    #expect(token.expires(in: .zero, at: moment(0)) && token.expirationDate == nil)
  }
}
