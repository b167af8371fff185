import ArgumentParser
import TokenVault

/// A record by its user.
struct RecordSelection: ParsableArguments {
  @Option(help: "The record's user name.")
  var user: String?

  @Option(help: "With --user: the record's client, if the user has several.")
  var client: String?

  func validate() throws {
    try refuseEmpty(["--user": user])
    if client != nil, user == nil { throw ValidationError("--client goes with --user") }
  }
}

extension TokenQuery {
  /// The record with this id, else the one of this user, and of this client if one is named.
  init(id: String?, user: String?, client: String?) {
    self = id.map { TokenQuery(id: $0) } ?? TokenQuery(userName: user ?? "", clientID: client)
  }
}
