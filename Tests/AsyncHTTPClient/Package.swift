// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because async-http-client takes minutes to build: the example in TokenVaultHTTP's documentation,
// against a token server on this computer.
let package = Package(
  name: "AsyncHTTPClientExample",
  dependencies: [
    .package(name: "TokenVault", path: "../.."),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    .target(name: "TokenServerFixture", path: "TokenServer", exclude: ["token_server.py"]),
    .testTarget(
      name: "ExampleTests",
      dependencies: [
        "TokenServerFixture",
        .product(name: "TokenVault", package: "TokenVault"),
        .product(name: "TokenVaultHTTP", package: "TokenVault"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ],
      path: "Tests"),
  ],
  swiftLanguageModes: [.v6]
)
