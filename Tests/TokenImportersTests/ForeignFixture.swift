import Foundation
import Testing
import TokenRecords
import TokenVault

@testable import TokenImporters

/// A file of another program in `Fixtures/importers`, with the records that it means.
struct ForeignFixture: Sendable, CustomTestStringConvertible {
  let store: ForeignStore
  let path: String

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/importers")

  static let all: [ForeignFixture] = [
    .init(store: .oauth, path: "spotipy-cache-ann"), .init(store: .git, path: "git-credentials"),
    .init(store: .gh, path: "gh-hosts.yml"), .init(store: .docker, path: "docker-config.json"),
    .init(store: .google, path: "google-adc.json"),
    .init(store: .google, path: "google-token.json"),
    .init(store: .gcloud, path: "gcloud/credentials.db"),
    .init(store: .msal, path: "msal-token-cache.json"),
    .init(store: .rclone, path: "rclone.conf"), .init(store: .netrc, path: "netrc"),
    .init(store: .codex, path: "codex-auth.json"),
    .init(store: .claude, path: "claude-credentials.json"),
    .init(store: .awsSSO, path: "aws-sso-cache-token.json"),
    .init(store: .awsSSO, path: "aws-sso-cache-legacy.json"),
    .init(store: .awsSSO, path: "aws-sso-cache-registration.json"),
    .init(store: .mutt, path: "mutt_oauth2.json"),
    .init(store: .zohoSQLite, path: "zoho/zohooauth.db"),
  ]

  var testDescription: String { path }

  private var url: URL { Self.root.appending(path: path) }

  var file: ForeignFile {
    get throws {
      ForeignFile(path: url.path(percentEncoded: false), bytes: [UInt8](try Data(contentsOf: url)))
    }
  }

  var records: [OAuthToken] {
    get throws {
      let name = path == "gcloud/credentials.db" ? "gcloud" : url.lastPathComponent
      let text = try Data(contentsOf: Self.root.appending(path: "expected/\(name).json"))
      return try ExchangeFormat.records(.json).decode([UInt8](text).span, now: .now)
    }
  }
}
