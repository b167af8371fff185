// Answers of token endpoints, which are JSON that looks like a record.
extension RecordInput {
  /// Decodes JSON records to save, and finds those that look like an answer; cleanses the bytes.
  ///
  /// - Throws: ``TokenVaultError/invalidRecords(source:_:)``.
  package consuming func decodeMarkingAnswers(
    now: Timestamp
  ) throws(TokenVaultError) -> (tokens: [OAuthToken], answers: Set<Int>) {
    let name = name
    return try read { (text) throws(TokenVaultError) in
      var decoder = JSONRecordDecoder(for: text, now: now)
      let tokens: [OAuthToken]
      do throws(RecordFault) { tokens = try decoder.records(text) } catch {
        throw .invalidRecords(source: name, error.located(in: text))
      }
      let typed = tokens.indices.filter { tokens[$0].has(.tokenType) }
      return (tokens, decoder.lifetimes.union(typed))
    }
  }

  /// Decodes the answer of a token endpoint; cleanses the bytes.
  ///
  /// - Throws: ``TokenVaultError/unusableAnswer(reason:)`` for a refusal, and for JSON that is no answer.
  package consuming func decodeAnswer(now: Timestamp) throws(TokenVaultError) -> RefreshAnswer {
    let name = name
    return try read { (text) throws(TokenVaultError) in
      do { return try RefreshAnswer(json: text, now: now) } catch let refusal as TokenEndpointError
      {
        // Its explanation may repeat what was sent.
        throw .unusableAnswer(reason: "\(name): the server refused: \(refusal.code)")
      } catch {
        throw .unusableAnswer(reason: "\(name): \(error)")
      }
    }
  }
}

extension OAuthToken {
  /// Whether this is the error response of a token endpoint (RFC 6749, section 5.2).
  package var isRefusal: Bool {
    guard let error = attributes["error"] else { return false }
    return !error.isEmpty && error != .json("null")
  }
}
