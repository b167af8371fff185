// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "TokenVault",
  products: [
    .library(name: "TokenVault", targets: ["TokenVault"]),
    .library(name: "TokenVaultHTTP", targets: ["TokenVaultHTTP"]),
    .library(name: "TokenVaultFoundation", targets: ["TokenVaultFoundation"]),
    .library(name: "TokenVaultConfiguration", targets: ["TokenVaultConfiguration"]),
    .library(name: "TokenVaultLogging", targets: ["TokenVaultLogging"]),
    .executable(name: "tokenvault", targets: ["TokenVaultEntry"]),
  ],
  traits: [
    .trait(name: "Configuration", description: "A vault as a provider of swift-configuration."),
    .trait(name: "Logging", description: "What a vault does, in a log of swift-log."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Not fetched unless a trait needs them: only targets behind a trait may use them.
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLinux"),
    // Types alone: TokenVaultHTTP loads the library when it is first used.
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(
      name: "VaultCrypto", dependencies: ["COpenSSL", "CLinux"], swiftSettings: strict),
    .target(
      name: "TokenRecords", dependencies: ["VaultCrypto", "CLinux"], swiftSettings: strict),
    .target(
      name: "TokenVault", dependencies: ["TokenRecords", "VaultCrypto", "CLinux"],
      swiftSettings: strict),
    .target(
      name: "TokenVaultHTTP", dependencies: ["TokenVault", "VaultCrypto", "CCurl"],
      swiftSettings: strict),
    // Bridges to Foundation's types, which nothing else of the package imports.
    .target(
      name: "TokenVaultFoundation", dependencies: ["TokenRecords"], swiftSettings: strict),
    // Both are empty without their trait.
    .target(
      name: "TokenVaultConfiguration",
      dependencies: [
        "TokenVault", "TokenRecords",
        .product(
          name: "Configuration", package: "swift-configuration",
          condition: .when(traits: ["Configuration"])),
      ],
      swiftSettings: strict + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
    .target(
      name: "TokenVaultLogging",
      dependencies: [
        "TokenVault",
        .product(
          name: "Logging", package: "swift-log", condition: .when(traits: ["Logging"])),
      ],
      swiftSettings: strict),
    // Functions that TokenImporters loads when it first reads a database of SQLite.
    .systemLibrary(name: "CSQLite"),
    .target(
      name: "TokenImporters", dependencies: ["TokenVault", "TokenRecords", "CSQLite"],
      swiftSettings: strict),
    .executableTarget(name: "TokenVaultEntry", dependencies: ["TokenVaultCLI"]),
    .target(
      name: "TokenVaultCLI",
      dependencies: [
        "TokenVault", "TokenVaultHTTP", "TokenImporters",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "VaultCryptoTests", dependencies: ["VaultCrypto", "COpenSSL"], swiftSettings: strict),
    .testTarget(
      name: "TokenVaultTests",
      dependencies: ["TokenVault", "TokenRecords", "TokenVaultFoundation"], swiftSettings: strict),
    .testTarget(
      name: "TokenImportersTests", dependencies: ["TokenImporters", "TokenRecords", "TokenVault"],
      swiftSettings: strict),
    .target(
      name: "TokenServerFixture", path: "Tests/TokenServer", exclude: ["token_server.py"],
      swiftSettings: strict),
    .testTarget(
      name: "TokenVaultHTTPTests",
      dependencies: [
        "TokenVault", "TokenRecords", "TokenVaultHTTP", "CCurl", "TokenServerFixture",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TokenVaultCLITests",
      dependencies: [
        "TokenVaultCLI", "TokenServerFixture",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
