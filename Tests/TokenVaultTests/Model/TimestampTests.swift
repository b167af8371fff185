import Foundation
import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-01-01T00:00:00.000Z", 1_767_225_600_000),
    ("2026-01-01T00:00:00.0019Z", 1_767_225_600_001),
    ("2026-01-01t01:30:00.5+01:30", 1_767_225_600_500),
    ("2000-02-29T12:00:00-00:00", 951_825_600_000), ("1969-12-31T23:59:59.999z", -1),
    ("0000-01-01T00:00:00Z", -62_167_219_200_000),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000),
  ])
  func readsRFC3339(_ text: String, _ milliseconds: Int64) {
    #expect(Timestamp(text)?.millisecondsSince1970 == milliseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-01-01", "2026-01-01T00:00:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00", " 2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00Zx", "+026-01-01T00:00:00Z", "9999-12-31T23:59:59-00:01", "soon",
  ])
  func refusesAnythingElse(_ text: String) { #expect(Timestamp(text) == nil) }

  @Test func agreesWithFoundationOnDaysAcrossAllYears() throws {
    let formatter = ISO8601DateFormatter()
    for milliseconds in stride(
      from: Int64(-62_135_596_800_000), to: 253_402_300_800_000, by: 7_654_321_987_000)
    {
      let text = formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
      // Foundation's calendar is Julian before 1582.
      guard milliseconds > -12_219_292_800_000 else { continue }
      #expect(moment(milliseconds).description == text.dropLast() + ".000Z")
      #expect(Timestamp(text) == moment(milliseconds))
    }
  }

  @Test func addingSecondsStopsAtTheEndOfTimeInsteadOfTrapping() {
    #expect(moment(0).adding(seconds: 3600) == moment(3_600_000))
    #expect(moment(0).adding(seconds: .max) == nil)
    #expect(moment(0).adding(seconds: .min) == nil)
    #expect(moment(0).adding(seconds: 253_402_300_800) == nil)
  }

  @Test(arguments: ["soon", "+5", "007", "-0", "9999999999999999999999999", "1767225600.5", ""])
  func zohoExpiriesThatAreNoPlainNumberStayAsTheyAre(_ text: String) {
    #expect(Expiry(zohoMilliseconds: text) == .unreadable(text))
    #expect(Expiry(zohoMilliseconds: text).zohoMilliseconds == text)
  }

  @Test(arguments: ["1767225600", "1767225600000", "-5"])
  func zohoExpiriesThatAreNumbersComeBackAsTheyWere(_ text: String) {
    #expect(Expiry(zohoMilliseconds: text).moment != nil)
    #expect(Expiry(zohoMilliseconds: text).zohoMilliseconds == text)
  }

  @Test func zohosZeroIsAnUnknownEnd() {
    #expect(Expiry(zohoMilliseconds: "0") == .unknown)
    #expect(Expiry(zohoMilliseconds: "0").zohoMilliseconds == "0")
  }
}
