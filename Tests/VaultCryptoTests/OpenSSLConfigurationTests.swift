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
}
