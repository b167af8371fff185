@testable import TokenRecords
@testable import TokenVault

/// Texts from outside, in all formats that an import reads.
struct ExchangeTarget {
  func check(_ text: [UInt8]) {
    let formats: [ExchangeFormat] = [.records(.json), .records(.csv), .zohoCSV]
    for format in formats + [.detect(text.span)] {
      guard let tokens = try? format.decode(text.span, now: Keys.moment) else { continue }
      // As a save does: an empty field clears one. What a vault writes has an id, without which it could be another
      // program's, and a revision.
      let saved = tokens.enumerated().map { position, token in
        var saved = OAuthToken().overlaid(with: token)
        (saved.id, saved.revision) = (token.id ?? "\(position + 1)", max(1, token.revision))
        return saved
      }
      for format in RecordFormat.allCases where saved.allSatisfy(format.canHold) {
        let again = try? format.decode(stored: format.encode(saved).span)
        require(again == saved, "what was imported survives in \(format)")
        let exchange = ExchangeFormat.records(format)
        let exported = try? exchange.decode(exchange.encode(saved).span, now: Keys.moment)
        require(exported == saved, "an export can be imported, \(format)")
      }
      checkZoho(saved)
    }
  }

  private func checkZoho(_ tokens: [OAuthToken]) {
    // A row without a value is passed over.
    guard tokens.allSatisfy({ ZohoCSV.fieldsLost(of: $0).isEmpty && $0.fieldSize > 0 }) else {
      return
    }
    let once = ZohoCSV.encode(tokens)
    guard let again = try? ExchangeFormat.zohoCSV.decode(once.span, now: Keys.moment) else {
      return require(false, "Zoho's file can be read again")
    }
    require(ZohoCSV.encode(again) == once, "Zoho's file survives")
  }
}
