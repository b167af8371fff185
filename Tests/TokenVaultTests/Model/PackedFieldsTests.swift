import Testing
import VaultCrypto

@testable import TokenRecords
@testable import TokenVault

/// A record's fields against a dictionary of them.
@Suite struct PackedFieldsTests {
  private func fields(_ token: OAuthToken) -> [TokenField: String] {
    var fields: [TokenField: String] = [:]
    token.forEachField { index, text in
      guard let field = TokenField(rawValue: index) else { return }
      fields[field] = String(decoding: text.array, as: UTF8.self)
    }
    return fields
  }

  private func token(_ fields: [TokenField: String]) -> OAuthToken {
    var token = OAuthToken()
    for (field, text) in fields { token[field] = text }
    return token
  }

  /// Few texts, so that equal ones are common.
  private func randomFields(_ random: inout SeededGenerator) -> [TokenField: String] {
    var fields: [TokenField: String] = [:]
    for field in TokenField.allCases where Bool.random(using: &random) {
      fields[field] = ["", "a", "é", "e\u{301}", "a long text of many words"].randomElement(
        using: &random)
    }
    return fields
  }

  @Test func thereIsRoomForEveryField() {
    #expect(PackedFields.PerField<Int>(repeating: 0).count == TokenField.allCases.count)
  }

  @Test func absentAndEmptyAreNotTheSame() {
    for field in TokenField.allCases {
      let empty = token([field: ""])
      #expect(empty[field] == "" && empty.has(field) && empty.fieldSize == 0)
      #expect(empty != OAuthToken() && !empty.hasSameText(field, as: OAuthToken()))
    }
    #expect(OAuthToken()[.id] == nil && !OAuthToken().has(.id))
  }

  @Test func aRecordIsWhatWasSetLastWhateverTheOrder() {
    var random = SeededGenerator(state: 7)
    for _ in 0..<300 {
      var (model, token) = ([TokenField: String](), OAuthToken())
      for _ in 0..<30 {
        let field = TokenField.allCases.randomElement(using: &random) ?? .id
        let text = [nil, "", "a", "東京", "some text"].randomElement(using: &random) ?? nil
        model[field] = text
        token[field] = text
      }
      #expect(fields(token) == model)
      for field in TokenField.allCases {
        #expect(token[field] == model[field])
        #expect(token.withText(of: field) { $0.array } == model[field].map { Array($0.utf8) })
      }
      #expect(token == self.token(model))
    }
  }

  @Test func twoRecordsAreComparedByBytes() {
    var random = SeededGenerator(state: 8)
    for _ in 0..<500 {
      let (left, right) = (randomFields(&random), randomFields(&random))
      let (one, other) = (token(left), token(right))
      for field in TokenField.allCases {
        let isSame = left[field].map(ExactText.init) == right[field].map(ExactText.init)
        #expect(one.hasSameText(field, as: other) == isSame)
      }
      #expect(one.hasSameContent(as: one))
      #expect(
        one.hasSameContent(as: other)
          == (left.mapValues(ExactText.init) == right.mapValues(ExactText.init)))
    }
  }

  @Test func whatIsLaidOverOverwritesClearsAndKeeps() {
    var random = SeededGenerator(state: 9)
    for _ in 0..<500 {
      let (old, new) = (randomFields(&random), randomFields(&random))
      let laid = new.filter { $0.key != .id }
      let expected = old.merging(laid) { $1 }.filter {
        laid[$0.key] != "" || $0.key == .secret
      }
      #expect(fields(token(old).overlaid(with: token(new))) == expected)
    }
  }

  @Test func theBuilderTakesFieldsInAnyOrderFromTheTextAndFromElsewhere() {
    var random = SeededGenerator(state: 10)
    for _ in 0..<300 {
      let expected = randomFields(&random)
      var (text, builder) = ([UInt8](), PackedFields.Builder())
      for (field, value) in expected.shuffled(using: &random) {
        let start = text.count
        text += Array("<\(value)>".utf8)
        // What is set first must not be seen.
        if Bool.random(using: &random) { builder.set(field, "not this".utf8.span) }
        if Bool.random(using: &random) {
          builder.set(field, value.utf8.span)
        } else {
          builder.set(field, at: start + 1..<text.count - 1)
        }
      }
      let built = OAuthToken(builder.pack(from: text.span))
      #expect(fields(built) == expected && built == token(expected))
    }
  }
}
