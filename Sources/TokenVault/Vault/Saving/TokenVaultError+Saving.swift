extension TokenVaultError {
  /// The sentence of an error that stands for what a save refuses.
  var saveSentence: String {
    switch self {
    case .severalClients(let clients, let record):
      (record.map { "record \($0): its " } ?? "the ")
        + "\(clients.key) fits tokens of several clients: \(clients)"
    case .endpointMoved(let move):
      "the client secret and refresh token of the token '\(move.id)' would go \(move)"
    case .foreignID(let record):
      "record \(record) looks like the answer of a token endpoint, and no token has its id"
    case .clientConflict(let id): "the token with the id '\(id)' belongs to another client"
    case .unusableAnswer(let reason): reason
    default: ""
    }
  }
}
