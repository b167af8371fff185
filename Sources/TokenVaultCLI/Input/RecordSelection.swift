import ArgumentParser
import TokenVault

/// A record by its id or its user.
struct RecordSelection: ParsableArguments {
  @Option(help: "The record's id.", completion: StoredNames.ids)
  var id: String?

  @Option(name: .shortAndLong, help: "The record's user name.", completion: StoredNames.users)
  var user: String?

  @Option(help: "With --user: the record's client, if the user has several.")
  var client: String?

  func validate() throws {
    try refuseEmpty(["--id": id, "--user": user, "--client": client])
    if client != nil, user == nil { throw ValidationError("--client goes with --user") }
  }

  /// Refuses a command line that does not say which record: by these options or an argument, or in another way.
  func requireOne(or argument: String?, or other: Bool = false, named name: String? = nil) throws {
    guard [id != nil, user != nil, argument != nil, other].count(where: \.self) == 1 else {
      throw ValidationError(
        name.map { "give one of an id, --user and \($0)" } ?? "give either an id or --user")
    }
    try refuseEmpty(["the id": argument])
  }

  /// The record with the id that an argument or an option names, else the user's.
  func query(_ argument: String?) -> TokenQuery {
    TokenQuery(id: argument ?? id, user: user, client: client)
  }
}

extension TokenQuery {
  /// The record with this id, else the one of this user, and of this client if one is named.
  init(id: String?, user: String?, client: String?) {
    self = id.map { TokenQuery(id: $0) } ?? TokenQuery(userName: user ?? "", clientID: client)
  }
}
