import Foundation
import Testing
import TokenServerFixture

@testable import TokenVault
@testable import TokenVaultHTTP

/// Servers whose certificate nobody or only we trust.
@Suite final class CertificateTests {
  private let directory = FileManager.default.temporaryDirectory
    .appending(path: "tokenvault-certificate-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// A certificate that its own key has signed.
  private func identity(for name: String) throws -> TokenServer.Identity {
    let openssl = Process()
    openssl.executableURL = URL(filePath: "/usr/bin/env")
    openssl.arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
      "-nodes", "-days", "1", "-subj", "/CN=token server", "-addext", "subjectAltName=\(name)",
      "-keyout", key, "-out", certificate,
    ]
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitUntilExit()
    try #require(openssl.terminationStatus == 0)
    return TokenServer.Identity(certificate: certificate, key: key)
  }

  private var certificate: String { "\(directory)/certificate.pem" }
  private var key: String { "\(directory)/key.pem" }

  private func refusal(_ grant: RefreshTokenGrant, _ url: String) throws -> String {
    let outcome = Outcome { _ = try grant.refreshAndWait(record(at: "\(url)/token")) }
    guard case .failed(let sentence, mayHaveUsedToken: false) = outcome else {
      Issue.record("\(outcome)")
      return ""
    }
    #expect(sentence.hasPrefix("there is no safe connection: "))
    return sentence
  }

  @Test func aCertificateOfNobodyIsRefused() throws {
    let server = try TokenServer(identity: identity(for: "IP:127.0.0.1"))
    #expect(try refusal(RefreshTokenGrant.patient, server.url).contains("certificate"))
    #expect(try server.log().total == 0)
  }

  @Test func aCertificateThatIsTrustedIsTaken() throws {
    let server = try TokenServer(identity: identity(for: "IP:127.0.0.1"))
    let grant = RefreshTokenGrant.patient(certificateAuthorities: certificate)
    #expect(try grant.refreshAndWait(record(at: "\(server.url)/token")).problem == nil)
  }

  @Test func aCertificateForAnotherNameIsRefused() throws {
    let server = try TokenServer(identity: identity(for: "DNS:auth.example"))
    let grant = RefreshTokenGrant.patient(certificateAuthorities: certificate)
    #expect(try refusal(grant, server.url).contains("certificate"))
    #expect(try server.log().total == 0)
  }

  @Test func aServerWithoutEncryptionIsRefused() throws {
    let server = try TokenServer()
    _ = try refusal(RefreshTokenGrant.patient, server.url.replacing("http:", with: "https:"))
    #expect(try server.log().total == 0)
  }

  @Test func authoritiesThatAreNotThereAreAnError() throws {
    let server = try TokenServer(identity: identity(for: "IP:127.0.0.1"))
    let grant = RefreshTokenGrant.patient(certificateAuthorities: "\(directory)/nothing.pem")
    _ = try refusal(grant, server.url)
  }
}
