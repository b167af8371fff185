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
    .executable(name: "tokenvault", targets: ["TokenVaultCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "VaultCrypto", dependencies: ["COpenSSL"], swiftSettings: strict),
    .target(name: "TokenVault", dependencies: ["VaultCrypto", "CLinux"], swiftSettings: strict),
    .executableTarget(
      name: "TokenVaultCLI",
      dependencies: [
        "TokenVault",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(name: "VaultCryptoTests", dependencies: ["VaultCrypto"], swiftSettings: strict),
    .testTarget(name: "TokenVaultTests", dependencies: ["TokenVault"], swiftSettings: strict),
    .testTarget(
      name: "TokenVaultCLITests",
      dependencies: [
        "TokenVaultCLI", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
