/// The records of several clients that match a key without a client.
public struct SeveralClients: Sendable, Equatable {
  /// The oldest record of one client.
  public struct Candidate: Sendable, Equatable {
    /// The record's id.
    public let id: String
    /// The record's client; nil for a record without one.
    public let clientID: String?
  }

  /// The number of listed candidates.
  static let limit = 5

  /// The name of the field that matches them all; its text may be a secret.
  public let key: String
  /// The oldest records of up to five clients, the oldest first.
  public let candidates: [Candidate]
  /// The number of further clients.
  public let more: Int

  init(key: TokenField, _ tokens: some Sequence<OAuthToken>) {
    var clients: Set<ExactText?> = []
    var candidates: [Candidate] = []
    for token in tokens where clients.insert(token.clientID.map(ExactText.init)).inserted {
      guard candidates.count < Self.limit else { continue }
      candidates.append(Candidate(id: token.id ?? "", clientID: token.clientID))
    }
    (self.key, self.candidates) = (key.name, candidates)
    more = clients.count - candidates.count
  }
}

extension SeveralClients: CustomStringConvertible {
  /// The candidates, as the end of a sentence.
  public var description: String {
    let list = candidates.map { candidate in
      "'\(candidate.id)' of " + (candidate.clientID.map { "'\($0)'" } ?? "no client")
    }
    return list.joined(separator: ", ") + (more > 0 ? " and of \(more) more" : "")
  }
}
