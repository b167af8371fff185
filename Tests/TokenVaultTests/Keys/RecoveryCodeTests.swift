import Testing

@testable import TokenVault

@Suite struct RecoveryCodeTests {
  @Test func aCodeIsReadAsItIsPrintedAndAsPeopleTypeIt() throws {
    let code = try RecoveryCode.make()
    let text = code.text.revealed
    #expect(text.wholeMatch(of: /([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}/) != nil)
    let typed = [
      text, text.lowercased(), text.replacing("-", with: ""), text.replacing("-", with: " "),
      text.replacing("0", with: "o").replacing("1", with: "l"),
      text.replacing("0", with: "O").replacing("1", with: "I"), " \(text) ",
    ]
    for text in typed { #expect(RecoveryCode(Secret(text))?.text == code.text) }
  }

  @Test func aSlipIsNoticed() throws {
    let text = Array(try RecoveryCode.make().text.revealed)
    for index in text.indices where text[index] != "-" {
      var changed = text
      changed[index] = text[index] == "7" ? "8" : "7"
      #expect(RecoveryCode(Secret(String(changed))) == nil)
      changed.remove(at: index)
      #expect(RecoveryCode(Secret(String(changed))) == nil)
    }
    for none in ["", "-", "hello", String(text) + "0", String(text) + "!", "ü"] {
      #expect(RecoveryCode(Secret(none)) == nil)
    }
  }

  @Test func twoCodesDifferAndNoneIsPrintedByAccident() throws {
    let (one, two) = (try RecoveryCode.make(), try RecoveryCode.make())
    #expect(one.text != two.text)
    var dumped = ""
    dump(one, to: &dumped)
    for shown in ["\(one)", "\(one.text)", String(reflecting: one), dumped, "\([one])"] {
      #expect(!shown.contains(one.text.revealed.prefix(9)))
    }
  }
}
