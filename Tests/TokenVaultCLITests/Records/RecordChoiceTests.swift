import Foundation
import Testing

/// Which record a command is for: by its id or its user, as an argument or an option.
@Suite struct RecordChoiceTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run(
      "save",
      input: #"""
        [{"user_name":"ann","client_id":"c","access_token":"t1","refresh_token":"r"},
        {"user_name":"ben","access_token":"t2"},
        {"user_name":"two","client_id":"c","access_token":"t3"},
        {"user_name":"two","client_id":"d","access_token":"t4"},
        {"id":"5","access_token":"t5"}]
        """#)
  }

  @Test(arguments: ["1", "--id 1", "--user ann", "-u ann", "-u ann --client c", "--json --id 1"])
  func findTokenRefreshAndDeleteTakeAnIDOrAUserAlike(_ choice: String) throws {
    let found = try command.shell("tokenvault find \(choice)")
    #expect(found.status == 0 && found.output.contains("ann"), "\(found)")
    let token = try command.shell("tokenvault token \(choice)")
    #expect(token.status == 0 && token.output.contains("t1"), "\(token)")
    let answer = #"echo '{"access_token":"new"}'"#
    let refreshed = try command.shell("tokenvault refresh \(choice) --force -- \(answer)")
    #expect(refreshed.status == 0 && refreshed.output.contains("refreshed"), "\(refreshed)")
    #expect(try command.run("token", "1").output == "new\n")
    #expect(try command.shell("tokenvault delete \(choice)").status == 0)
    #expect(try command.ids() == ["2", "3", "4", "5"])
  }

  @Test func aChoiceThatIsNoneOrTwoIsAUsageError() throws {
    for name in ["find", "token", "refresh", "delete"] {
      for choice in [
        "", "1 --user ann", "1 --id 1", "--id 1 -u ann", "--client c", "''", "--id ''",
        "-u ann --client ''",
      ] {
        let result = try command.shell("tokenvault \(name) \(choice)")
        #expect(result.status == 64 && result.output.isEmpty, "\(name) \(choice): \(result)")
      }
      let nobody = try command.shell("tokenvault \(name) --user zoe")
      #expect(nobody.status == 3, "\(nobody)")
    }
    #expect(try command.shell("tokenvault delete --all --user ann --yes").status == 64)
    #expect(try command.ids().count == 5)
  }

  @Test func aDeletionNeverGuessesWhichRecordOfAUserIsMeant() throws {
    let clients = try command.run("delete", "--user", "two")
    #expect(clients.status == 7 && clients.errors.contains("--client"), "\(clients)")
    try command.run("save", input: #"{"id":"9","user_name":"ben","access_token":"t9"}"#)
    #expect(try command.ids().contains("9"))
    let same = try command.run("delete", "--user", "ben")
    #expect(same.status == 7 && same.errors.contains("so give ids: '2', '9'"), "\(same)")
    #expect(try command.ids() == ["1", "2", "3", "4", "5", "9"])
    #expect(try command.run("delete", "--user", "two", "--client", "d").status == 0)
    #expect(try command.run("delete", "--user", "ann", "--if-revision", "7").status == 7)
    #expect(try command.ids() == ["1", "2", "3", "5", "9"])
  }

  @Test func deletedHasOneShapeInJSON() throws {
    func deleted(_ line: String) throws -> [[String: Any]] {
      let result = try command.shell("tokenvault \(line) --json")
      let object = try result.output.json(as: [String: Any].self)
      return try #require(object?["deleted"] as? [[String: Any]], "\(line): \(result)")
    }
    let one = try deleted("delete 1 5 1")
    #expect(one.map { $0["id"] as? String } == ["1", "5"])
    #expect(one.map { $0["user_name"] as? String } == ["ann", nil])
    #expect(try deleted("purge --idle 1d -n").isEmpty)
    #expect(try deleted("delete --user ben").map { $0["id"] as? String } == ["2"])
    #expect(try deleted("delete --all --yes").map { $0["id"] as? String } == ["3", "4"])
    #expect(try deleted("delete --all --yes").isEmpty)
  }
}
