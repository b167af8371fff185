import Foundation
import Testing
import TokenRecords

@testable import TokenImporters

@Suite struct ForeignStoreTests {
  @Test(arguments: ForeignFixture.all)
  func theFileOfAProgramMeansItsRecords(_ fixture: ForeignFixture) throws {
    let found = try fixture.store.records(in: fixture.file)
    let expected = try fixture.records
    try #require(found.tokens.count == expected.count)
    for (found, expected) in zip(found.tokens, expected) {
      var (token, right) = (found, expected)
      // In the zone of the host, which the test of the command sets.
      if fixture.store == .mutt { (token.expiresAt, right.expiresAt) = (nil, nil) }
      #expect(
        token.hasSameContent(as: right), "\(token.withShownText) is not \(right.withShownText)")
    }
  }

  @Test(arguments: ForeignFixture.all)
  func theShapeOfAFileTellsItsProgram(_ fixture: ForeignFixture) throws {
    let file = try fixture.file
    #expect(ForeignStore.detect(path: file.path, file.bytes) == fixture.store)
  }

  @Test(arguments: ForeignFixture.all)
  func noRecordIsWithoutAClient(_ fixture: ForeignFixture) throws {
    for token in try fixture.store.records(in: fixture.file).tokens {
      #expect(token.hasText(of: .clientID))
    }
  }
}

extension OAuthToken {
  /// All that the record has, for the message of a failed test with an invented token.
  fileprivate var withShownText: String {
    let fields = TokenField.allCases.compactMap { field in self[field].map { "\(field.name)=\($0)" }
    }
    return (fields + attributes.map { "\($0.name)=\($0.value.content.revealed)" }).joined(
      separator: " ")
  }
}
