internal import TokenRecords

/// `~/.netrc` (ftp(1)), as curl and Python read it: words in any lines. The default entry and macros are left out.
enum Netrc: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let text = try? file.text() else { return false }
    let first = text.split(separator: "\n").first {
      !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("#")
    }
    return first?.hasPrefix("machine ") ?? false
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    var reader = NetrcReader(try file.text())
    var found = ForeignRecords()
    while let entry = try reader.nextEntry() {
      guard let machine = entry.machine else {
        found.skip("the default entry", "it is for no machine")
        continue
      }
      guard let password = entry.password, !password.isEmpty else {
        found.skip(machine, "it has no password")
        continue
      }
      let server = "https://\(machine)"
      found.tokens.append(
        OAuthToken().with(.userName, entry.login).with(.clientID, server)
          .with(.apiDomain, server).with(.accessToken, password)
          .with("netrc_account", entry.account))
    }
    return found
  }
}
