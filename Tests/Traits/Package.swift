// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as a program has it that enables both traits: without them, nothing of this is fetched.
//     swift test --package-path Tests/Traits
let package = Package(
  name: "Traits",
  dependencies: [
    .package(name: "TokenVault", path: "../..", traits: ["Configuration", "Logging"]),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .testTarget(
      name: "TraitsTests",
      dependencies: [
        .product(name: "TokenVault", package: "TokenVault"),
        .product(name: "TokenVaultHTTP", package: "TokenVault"),
        .product(name: "TokenVaultConfiguration", package: "TokenVault"),
        .product(name: "TokenVaultLogging", package: "TokenVault"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Tests")
  ],
  swiftLanguageModes: [.v6]
)
