// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because it links only with the libFuzzer of the Swift toolchain: `Tests/Fuzz/run.py` passes the
// options, and makes the declarations of the library visible to `@testable import`.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "TokenVault", path: "../..")],
  targets: [
    .systemLibrary(name: "CFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: ["CFuzzer", .product(name: "TokenVault", package: "TokenVault")],
      path: "Sources/Fuzz"),
  ],
  swiftLanguageModes: [.v6]
)
