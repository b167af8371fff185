import COpenSSL
import Testing

@testable import VaultCrypto

/// Which configurations of OpenSSL need not be read, because they change nothing.
@Suite struct OpenSSLConfigurationTests {
  /// The lines of the file that Debian installs that are not like others.
  static let plain = """
    # OpenSSL example configuration file.

    # .include filename
    HOME\t\t\t= .
    openssl_conf = openssl_init
    config_diagnostics = 1
    oid_section = new_oids

    [ new_oids ]
    tsa_policy1 = 1.2.3.4.1
    # .include fipsmodule.cnf

    [openssl_init]
    # providers = provider_sect

    # [provider_sect]
    [ ca ]
    certs\t\t= $dir/certs\t\t# Where the issued certs are kept
    \t\t\t\t\t# several certs with same subject.
    [insta] # CMP using Insta Demo CA
    oldcert = $insta::certout # insta.cert.pem
    secret = # disable PBM

    """

  private func changesNothing(_ text: String) -> Bool {
    OpenSSLConfiguration(Array(text.utf8).span).changesNothing
  }

  @Test(arguments: [
    "", "\n", "# all of it a comment", plain, plain.replacing("\n", with: "\r\n"),
    plain + "[openssl_init]\n", "providers = x\n[providers]\nnull = null\n",
    "openssl_conf = a\n[a]\n# caf\u{E9}",
  ])
  func aTextThatSetsNothingChangesNothing(_ text: String) { #expect(changesNothing(text)) }

  @Test(arguments: [
    // A setting in the section that is run, wherever it stands.
    plain.replacing("# providers", with: "providers"), plain + "[openssl_init]\nalg_section = a",
    plain + "[ openssl_init ] # again\r\n\t x = y", "[a]\nx = y\n[default]\nopenssl_conf = a",
    "openssl_conf = default", "openssl_conf = a\nopenssl_conf = b\n[a]\n[b]\nx = y",
    "openssl_conf = a\n[b]\na::providers = c\n[a]", "[a]\nopenssl_conf = b\n[b]\nx = y",
    // A section that is missing is an error.
    "openssl_conf = a",
    // Text that OpenSSL may read otherwise.
    plain + ".include other.cnf", plain + ".include = other.cnf", plain + ".pragma = dollarid:true",
    "openssl_conf = $x\n[a]", "openssl_conf = \"a\"\n[a]", "openssl_conf = a # b\n[a]",
    "openssl_conf = a b\n[a b]", "openssl_conf = a\n[a]\n[$b]", "openssl_conf = a\n[\"a\"]\n[a]",
    "openssl_conf = a\n[a]\n# \\\n[b]\nproviders = c", "x = y \\\nopenssl_conf = a",
    "open\\ssl_conf = a", "no setting", "[a", "[a] b", "= a",
    // A mark of the byte order, or a zero, before a name.
    "\u{FEFF}openssl_conf = a\n[a]\nx = y", "\u{FEFF}# a", "#\0\nx = y", "open\0\nssl_conf = a",
    "\u{B}openssl_conf = a\n[a]\nx = y",
    // OpenSSL reads a longer line in pieces.
    "#" + String(repeating: " ", count: 510) + "openssl_conf = a\n",
  ])
  func aTextThatMaySetSomethingIsRead(_ text: String) {
    #expect(!changesNothing(text), "\(text)")
  }

  /// Parts of texts that OpenSSL and the scan could read differently: lines, and what may stand in, before and behind
  /// them.
  private static let parts =
    Array(
      repeating: ["openssl_conf = a\n", "[a]\n", "[b]\n", "[ a ] # c\r\n", "x = y\n", "# c\n"],
      count: 6
    ).joined() + [
      "openssl_conf", "openssl_conf=b\n", "a", "b", "=", "[default]\n", "[", "]", "#", "\\", "\n",
      "\\\n", "\r", " ", "\t", "$a", "${a}", "$a::b", "\"", "'", "::", "a::", ".include", ".pragma",
      "\0", "\0\n", "\u{FEFF}", "\u{B}", ";", ",", "-", "!",
    ] + [490, 500, 505, 511].map { String(repeating: " ", count: $0) }

  /// OpenSSL's own reader finds nothing to run wherever the scan says so.
  @Test func openSSLFindsNothingToRunInATextThatChangesNothing() throws {
    var generator = SystemRandomNumberGenerator()
    var (harmless, withSection) = (0, 0)
    for _ in 1...40_000 {
      let count = Int.random(in: 2...9, using: &generator)
      let text = (1...count).map { _ in Self.parts.randomElement(using: &generator) ?? "" }.joined()
      guard changesNothing(text) else { continue }
      harmless += 1
      switch try settingsToRun(Array(text.utf8)) {
      case .none: break
      case .some(let settings):
        withSection += 1
        #expect(settings == 0, "\(text.debugDescription)")
      }
    }
    #expect(harmless > 1000 && withSection > 100, "\(harmless) \(withSection)")
  }

  /// How many settings OpenSSL runs, -1 for a section that is missing; nil if no section is named, or the text is not
  /// one that it reads.
  private func settingsToRun(_ text: [UInt8]) throws -> Int32? {
    try unsafe text.withUnsafeBytes { text in
      let configuration = try unsafe #require(NCONF_new(nil))
      defer { unsafe NCONF_free(configuration) }
      let input = try unsafe #require(BIO_new_mem_buf(text.baseAddress, Int32(text.count)))
      defer { unsafe BIO_free(input) }
      defer { ERR_clear_error() }
      var line = 0
      guard unsafe NCONF_load_bio(configuration, input, &line) == 1,
        let name = unsafe NCONF_get_string(configuration, nil, "openssl_conf")
      else { return nil }
      guard let section = unsafe NCONF_get_section(configuration, name) else { return -1 }
      return unsafe OPENSSL_sk_num(section)
    }
  }
}
