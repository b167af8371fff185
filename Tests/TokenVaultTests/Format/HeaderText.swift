import Foundation

@testable import TokenVault
@testable import VaultCrypto

/// The bytes of a vault whose header says something else, with the digest that is right for that.
func withHeader(
  of vault: [UInt8], _ change: (String) -> String
) throws -> [UInt8] {
  let size = try VaultHeader.decode(vault.span).size
  // Without the end line: the word, a blank, 64 digits and a line feed.
  let body = Array(change(Array(vault[..<(size - 69)]).text).utf8)
  let end = "end \(Hexadecimal.encode(try Digest.sha256(body.span)))\n"
  return body + Array(end.utf8) + vault[size...]
}

extension TemporaryDirectory {
  /// The header of the vault here.
  var header: VaultHeader {
    get throws {
      let vault = try bytes("tokens.vault")
      return try VaultHeader.decode(vault.span).header
    }
  }

  /// Changes the header of the vault here, with a right digest.
  func changeHeader(_ from: String, _ to: String) throws {
    let vault = try bytes("tokens.vault")
    try write(
      try withHeader(of: vault) { $0.replacingOccurrences(of: from, with: to) },
      to: "tokens.vault")
  }
}
