import Foundation
import Testing

@testable import TokenVaultCLI

/// What `list` and `watch` print for a person on a terminal, and for a program behind a pipe.
@Suite struct ListLayoutTests {
  private static let longUser =
    "somebody.with.a.very.long.name.\(String(repeating: "x", count: 90))"
  private static let client = "1000.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.apps.example"

  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    let records: [[String: Any]] = [
      [
        "user_name": "ann", "client_id": Self.client, "access_token": "S3CRET",
        "expires_in": 10_830,
      ],
      ["user_name": Self.longUser, "access_token": "S3CRET", "client_secret": "S3CRET"],
      [
        "user_name": "日本語の名前がとても長い場合のユーザー😀⌚", "refresh_token": "S3CRET",
        "grant_token": "S3CRET", "access_token": "S3CRET", "client_secret": "S3CRET",
      ],
      ["user_name": "old\tben", "access_token": "S3CRET", "expires_at": "2020-01-01T00:00:00Z"],
      [
        "id": String(repeating: "i", count: 70), "access_token": "S3CRET", "expires_at": "whenever",
      ],
    ]
    let input = String(decoding: try JSONSerialization.data(withJSONObject: records), as: UTF8.self)
    #expect(try command.run("save", input: input).status == 0)
  }

  @Test(arguments: [10, 20, 40, 60, 80, 120, 200])
  func noLineOfAListIsWiderThanTheTerminal(_ columns: Int) throws {
    let shown = try command.onTerminal(columns: columns, "tokenvault list")
    #expect(shown.status == 0 && shown.lines.count == 6, "\(shown)")
    for line in shown.lines {
      #expect(DisplayText.width(line) <= columns, "\(line)")
      #expect(!line.contains("S3CRET"))
    }
  }

  @Test(arguments: [60, 80, 120, 200])
  func aLongUserLeavesTheOthersTheirRoom(_ columns: Int) throws {
    let lines = try command.onTerminal(columns: columns, "tokenvault list").lines
    let titles = lines[0].split(separator: " ", omittingEmptySubsequences: true)
    #expect(titles.starts(with: ["ID", "USER", "CLIENT", "EXPIRES"]), "\(lines)")
    #expect(titles.contains("SECRETS") || columns < 80)
    #expect(lines[1].firstMatch(of: /^1 +ann +1000\..*….*ple +in 3 h/) != nil, "\(lines)")
    #expect(lines[4].firstMatch(of: /old\\tben .* [0-9]+ d ago/) != nil, "\(lines)")
    // The time in UTC has room only behind what tells more.
    #expect(columns < 200 || lines[4].contains("2020-01-01T00:00:00Z"), "\(lines)")
  }

  @Test func anExpiredTokenIsRedUnlessColorsAreUnwanted() throws {
    let red = "\u{1B}[31m"
    #expect(try command.onTerminal(columns: 80, "tokenvault list").shown.contains(red))
    for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let plain = try command.onTerminal(
        columns: 80, "tokenvault list", environment: environment)
      #expect(!plain.shown.contains("\u{1B}"))
    }
  }

  @Test func behindAPipeAListIsTabSeparatedAndWhole() throws {
    let list = try command.run("list")
    let rows = list.output.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == 5 && rows.allSatisfy { $0.count == 6 }, "\(list)")
    #expect(rows[0][..<3] == ["1", "ann", Self.client] && rows[0][4] == "access")
    #expect(rows[0][3].wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil)
    #expect(rows[1] == ["2", Self.longUser, "", "", "secret access", ""])
    #expect(rows[3] == ["4", #"old\tben"#, "", "2020-01-01T00:00:00Z", "access", ""])
    #expect(rows[4][3] == "unknown" && !list.output.contains("\u{1B}"))
    let cut = try command.shell("tokenvault list | cut -f 2 | head -n 1")
    #expect(cut.output == "ann\n")
  }

  @Test func behindAPipeNoTwoValuesAreTheSameText() throws {
    let names = ["a\tb", #"a\tb"#, #"a\\tb"#, "a\\\tb", #"\"#, "\\\u{301}", "\u{1B}", #"\u{1b}"#]
    let texts = names.map { [$0].tabSeparated }
    #expect(Set(texts).count == names.count, "\(texts)")
    #expect(texts[..<3] == ["a\\tb\n", #"a\\tb"# + "\n", #"a\\\\tb"# + "\n"])
    try command.run("save", input: #"{"user_name":"zoho\\tann","access_token":"S3CRET"}"#)
    #expect(try command.run("list").output.contains("\tzoho\\\\tann\t"))
  }

  @Test(arguments: [40, 60, 80, 120])
  func noLineOfAWatchIsWiderThanTheTerminal(_ columns: Int) throws {
    let record = #"{"user_name":"\#(Self.longUser)2","access_token":"S3CRET","a_long_field":"x"}"#
    let shown = try command.onTerminal(
      columns: columns,
      """
      stty -echo
      "$COMMAND" watch & watcher=$!
      until ls -l /proc/$watcher/fd | grep -q inotify; do sleep 0.05; done
      echo '\(record)' | tokenvault save --quiet > /dev/null
      read -r; kill $watcher; wait $watcher
      """, steps: [["expect", " r1"], ["send", "\n"]])
    let line = try #require(shown.lines.first { $0.contains(/\d\d:\d\d:\d\d/) }, "\(shown)")
    // What was expected is taken out.
    #expect(DisplayText.width(line) + 3 <= columns, "\(line)")
    #expect(line.contains("…") && !line.contains("S3CRET"), "\(line)")
  }

  @Test func aClientIsCutInItsMiddle() {
    #expect(DisplayText.cutInMiddle("abcdefghij", to: 10) == "abcdefghij")
    #expect(DisplayText.cutInMiddle("abcdefghij", to: 6) == "abc…ij")
    #expect(DisplayText.cutInMiddle("日本語日本語", to: 6) == "日…語")
    #expect(DisplayText.cutInMiddle("abc", to: 1) == "…")
    #expect(DisplayText.width("⌚😀é") == 5)
    #expect(DisplayText.width("\u{A960}\u{17000}\u{1B002}\u{FE10}\u{1F200}") == 10)
  }
}
