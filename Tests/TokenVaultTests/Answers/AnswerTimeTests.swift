import Testing

@testable import TokenRecords

/// The times and numbers that servers and programs write.
@Suite struct AnswerTimeTests {
  @Test(arguments: [
    "2030-01-01T00:00:00Z", "2030-01-01t00:00:00z", "2030-01-01 00:00:00Z",
    "2030-01-01T00:00:00UTC",
    "2030-01-01T00:00:00 UTC", "2030-01-01 00:00:00 +0000", "2030-01-01T00:00:00+00:00",
    "2030-01-01T01:30:00+01:30", "2029-12-31T16:00:00.0000000-08:00", "2029-12-31 16:00:00 -0800",
    "2030-01-01T08:00:00+08", "2030-01-01 08:00:00 +0800 CST", "2030-01-01T00:00:00,000Z",
    "2030-01-01T00:00Z", "2030-01-01T00:00:00GMT", " 2030-01-01T00:00:00Z ", "1893456000",
    "1893456000000", "1893456000.0", "1893456000.0009", "1.893456e9", "1.893456E+12", "01893456000",
  ])
  func everySpellingOfAMomentIsRead(_ text: String) throws {
    #expect(AnswerTime(text) == .moment(try #require(Timestamp("2030-01-01T00:00:00Z"))))
  }

  @Test func fractionsAreTruncatedToMilliseconds() throws {
    for text in ["2031-02-03T19:44:13.1239UTC", "1927914253.1239", "1927914253123.9"] {
      #expect(AnswerTime(text) == .moment(try #require(Timestamp("2031-02-03T19:44:13.123Z"))))
    }
  }

  @Test(arguments: ["2030-01-01T00:00:00", "2030-01-01 00:00:00.123456", "2030-01-01T00:00"])
  func aTimeWithoutAZoneIsNoMoment(_ text: String) {
    #expect(AnswerTime(text) == .withoutZone)
  }

  @Test(arguments: ["0001-01-01T00:00:00Z", "0001-01-01 00:00:00 +0000 UTC"])
  func theZeroTimeOfGoIsNoEnd(_ text: String) {
    #expect(AnswerTime(text) == .never)
  }

  @Test(arguments: [
    "", "soon", "0", "-1", "3600", "189345600", "18934560000", "1893456000000000", "-1893456000",
    "1893456000s", "1e", "1e99", "2030-01-01", "2030-13-01T00:00:00Z", "2030-02-30 00:00:00",
    "2030-01-01T25:00:00Z", "2030-01-01T00:00:00 PST", "2030-01-01T00:00:00+1", "01/01/2030 00:00",
    "2030-01-01T00:00:00+00:00:00", "2030-01-01Tnoon Z", "0x70dbd880", "1893456000 ", "\u{0}",
    "2030-01-01T00:00:00+0é", "éééééééééé 00:00:00Z", "2030-01-01T00:00:00Z[UTC]",
  ])
  func everythingElseIsNotUnderstood(_ text: String) {
    #expect(AnswerTime(text) == .unreadable)
  }

  @Test(arguments: [
    ("3600", 3600), ("3599.5", 3599), ("3.6e3", 3600), ("36000e-1", 3600), ("+5", 5), ("-60", -60),
    ("0", 0), ("0.9", 0), ("0.0036e6", 3600), ("000", 0), ("0e999999999999999999999", 0),
    ("9223372036854775807", 1_000_000_000_000_000), ("1e300", 1_000_000_000_000_000),
    ("-1e300", -1_000_000_000_000_000), ("1e-300", 0), (".5e1", 5), ("5.", 5),
  ])
  func numbersAreReadWithoutRounding(_ text: String, _ seconds: Int64) {
    #expect(AnswerNumber(text.utf8.span)?.seconds == seconds)
  }

  @Test func whatIsNoNumberIsNone() {
    for text in ["", "-", ".", "e5", "1e", "1e+", "0x10", "1,5", "1_000", "1 ", " 1", "nan", "--1"]
    {
      #expect(AnswerNumber(text.utf8.span) == nil, "\(text)")
    }
    let long = String(repeating: "1", count: 100_000)
    #expect(AnswerNumber(long.utf8.span) == nil)
  }
}
