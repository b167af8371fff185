// Token endpoints answer in JSON that looks like a record.
extension RecordInput {
  /// The records of JSON that is to be saved, and the positions of those that look like an answer; the bytes are cleansed.
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

  /// The answer of a token endpoint; the bytes are cleansed.
  ///
  /// Throws `unusableAnswer` for a refusal and for what is no answer.
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
  /// Whether this is what a token endpoint says of a request that it refuses (RFC 6749, section 5.2).
  package var isRefusal: Bool {
    guard let error = attributes["error"] else { return false }
    return !error.isEmpty && error != .json("null")
  }
}
