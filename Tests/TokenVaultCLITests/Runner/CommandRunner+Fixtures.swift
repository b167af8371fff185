import Foundation
import Testing

extension CommandRunner {
  /// A runner with a standard vault that holds one token, `1` of the user `a`, at generation 2.
  static func withToken() throws -> CommandRunner {
    let command = try CommandRunner()
    try command.run("init", "--quiet")
    try command.run("save", input: #"{"user_name":"a","access_token":"1"}"#)
    return command
  }

  /// Makes the standard vault with limits and this many records; with more than 1,000, there are three saves behind its
  /// snapshot.
  func makeVault(_ format: String, _ count: Int) throws {
    try run("init", "--quiet", "--format", format)
    try run("policy", "set", "--quiet", "--max-age", "90d")
    let records = (1...count).map { index in
      #"{"user_name":"u\#(index) \"q\", \#(index)","access_token":"token\#(index)"}"#
    }
    try run("save", input: records.joined(separator: "\n"))
    guard count > 1000 else { return }
    for user in ["s1", "s2", "s3"] {
      try run("save", input: #"{"user_name":"\#(user)","access_token":"\#(user)"}"#)
    }
  }

  /// The ids of the records in the standard vault.
  func ids() throws -> Set<String> {
    let list = try run("list", "--json").output.json(as: [[String: Any]].self)
    return Set(try #require(list).compactMap { $0["id"] as? String })
  }
}
