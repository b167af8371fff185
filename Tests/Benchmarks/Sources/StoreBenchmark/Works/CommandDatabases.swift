/// The commands that print one token, and the stores they read.
///
/// The databases are of their own: a rollback journal, because a reader of a write-ahead log makes two files first.
struct CommandDatabases {
  let suite: Suite
  let size: Int

  struct Command {
    let name: String
    let words: (_ id: String) -> [String]
  }

  func commands() throws -> [Command] {
    let vault = try suite.stores.store(.tokenVault, size: size).path
    var commands: [Command] = []
    if let program = suite.tokenvault {
      commands.append(
        Command(name: CommandsWork.token) { id in
          [program, "token", id, "--vault", vault, "--key-file", "\(vault).key"]
        })
    }
    commands += try [
      sql("sqlcipher", CommandsWork.rawKey, "\"\(SQLDatabase.rawKey)\""),
      sql("sqlcipher", CommandsWork.passphrase, "'a passphrase of some words'"),
      sql("sqlite3", CommandsWork.sqlite, nil),
    ].compactMap { $0 }
    return try commands.filter { try check($0) }
  }

  private func sql(_ program: String, _ name: String, _ key: String?) throws -> Command? {
    let libraries = suite.stores.libraries
    guard let library = key == nil ? libraries.sqlite : libraries.sqlcipher else { return nil }
    let path = "\(suite.scratch.path)/command-\(name.filter(\.isLetter))-\(size)"
    let unlocking = key.map { "PRAGMA key = \($0); " } ?? ""
    let database = try SQLDatabase(library, path: path)
    if key != nil { try database.execute(unlocking) }
    try database.fill((1...size).map(TestRecord.init), indexes: [])
    return Command(name: name) { id in
      [program, path, "\(unlocking)SELECT access_token FROM oauthtoken WHERE id = '\(id)';"]
    }
  }

  /// Whether it is installed, and prints the token.
  private func check(_ command: Command) throws -> Bool {
    let output = try? ChildProcess.output(command.words(String(size)))
    guard let output else {
      suite.note("\(command.name) is left out: \(command.words("1")[0]) cannot be run")
      return false
    }
    guard output.contains("1000.") else { throw SuiteError("\(command.name) prints \(output)") }
    return true
  }
}
