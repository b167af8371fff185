import Testing
import VaultCrypto

@testable import TokenRecords
@testable import TokenVault

/// A long text is let go while it is read, and means what it means as a whole.
@Suite struct SpentTextTests {
  private let now = moment(1_700_000_000_000)
  private static let pad = String(repeating: "x", count: 20_000)

  /// Texts of some four megabytes, which are released more than once.
  enum Text: CaseIterable {
    case lines, array, csv, zoho, utf16

    /// With another record at the end.
    fileprivate func text(endingWith last: String = "") -> [UInt8] {
      let (head, between, end) =
        switch self {
        case .lines, .utf16: ("\n\n", "\n", "\n")
        case .array: ("[ ", " , ", "]")
        case .csv: ("user_name,access_token,expires_at,acces_tokn\n", "\n", "\n")
        case .zoho:
          ("user_mail,client_id,refresh_token,access_token,grant_token,expiry_time\n", "\n", "\n")
        }
      let rows = (0..<200).map(row) + (last.isEmpty ? [] : [last])
      let text = head + rows.joined(separator: between) + end
      guard self == .utf16 else { return Array(text.utf8) }
      return ("\u{FEFF}" + text).utf16.flatMap {
        [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]
      }
    }

    private func row(_ number: Int) -> String {
      switch self {
      case .lines, .array, .utf16:
        """
        {"user_name":"Zoë \(number)",
          "access_token":"\(number)\(pad)","expires_at":"soon"}
        """
      case .csv: "Zoë \(number),\"\(number)\n\(pad)\",soon,x"
      case .zoho: "Zoë \(number),c,r\(number)\(pad),a\(number),,soon"
      }
    }

    fileprivate var badRow: String {
      switch self {
      case .lines, .array, .utf16: "{\"access_token\":\"ä\",\n \"id\":tru}"
      case .csv: "ä,\"a\"b"
      case .zoho: "too few"
      }
    }
  }

  private func area(_ bytes: [UInt8]) throws -> TextArea {
    guard var area = TextArea(capacity: bytes.count) else {
      throw CryptoError.outOfMemory(bytes: bytes.count)
    }
    while area.count < bytes.count {
      let start = area.count
      _ = unsafe area.append(atMost: bytes.count - start) { memory in
        for index in memory.indices { unsafe memory[index] = bytes[start + index] }
        return memory.count
      }
    }
    return area
  }

  private func isZero(_ area: borrowing TextArea, before end: Int) -> Bool {
    area.withText { text in (0..<end).allSatisfy { text[$0] == 0 } }
  }

  @Test(arguments: Text.allCases)
  func aTextThatIsLetGoMeansWhatItMeansAsAWhole(_ text: Text) throws {
    let bytes = text.text()
    var area = try area(bytes)
    let whole = try OutsideText.read(bytes.span, .imported(at: now))
    let spent = try OutsideText.read(spending: &area, .imported(at: now))
    #expect(spent.tokens == whole.tokens && spent.tokens.count == 200)
    #expect(spent.lifetimes == whole.lifetimes)
    #expect(spent.remarks.entries.map(\.remark) == whole.remarks.entries.map(\.remark))
    #expect(spent.remarks.entries.map(\.count) == whole.remarks.entries.map(\.count))
    #expect(!whole.remarks.entries.isEmpty)
    let isGone = isZero(area, before: bytes.count / 2)
    #expect(isGone)
  }

  @Test(arguments: Text.allCases)
  func aFaultBehindWhatWasLetGoHasItsPlaceInTheWholeText(_ text: Text) throws {
    let bytes = text.text(endingWith: text.badRow)
    var area = try area(bytes)
    let whole = #expect(throws: RecordError.self) {
      try OutsideText.read(bytes.span, .imported(at: now))
    }
    do {
      _ = try OutsideText.read(spending: &area, .imported(at: now))
      Issue.record("no fault")
    } catch {
      let isGone = isZero(area, before: bytes.count / 2)
      #expect(error == whole && error.line > 150 && isGone)
    }
  }

  @Test func aTextOfAnotherKindIsNamed() throws {
    var area = try area(Array("token: abc\n".utf8) + [UInt8](repeating: 0x20, count: 4_000_000))
    do {
      _ = try OutsideText.read(spending: &area, .imported(at: now))
      Issue.record("no fault")
    } catch { #expect(error.reason == .notRecords("YAML")) }
  }

  // MARK: Reading

  @Test func aFileThatGrowsOrShrinksWhileItIsReadIsReadToItsEnd() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/input"
    let text = #"{"user_name":"ann","access_token":"1"}"#
    try directory.write(Array(text.utf8), to: "input")
    for size: Int64 in [0, 7, 1_000_000] {
      let file = try OpenFile(LinuxDisk(), path, .input)
      let input = RecordInput.file(path)
      var read = try input.read(file.descriptor, path, expecting: size)
      let count = read.count
      let users = try read.records(as: nil).tokens.map(\.userName)
      #expect(count == text.utf8.count && users == ["ann"])
    }
  }
}
