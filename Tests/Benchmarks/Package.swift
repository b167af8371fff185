// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that programs and the default build do not depend on it.
//     swift run -c release --package-path Tests/Benchmarks benchmark > results.json
//     Tests/Benchmarks/report.py results.json
//     Tests/Benchmarks/start-up.sh
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "TokenVault", path: "../..")],
  targets: [
    .systemLibrary(name: "CBenchmark", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .executableTarget(
      name: "benchmark",
      dependencies: ["CBenchmark", .product(name: "TokenVault", package: "TokenVault")],
      path: "Sources/Benchmark"),
  ],
  swiftLanguageModes: [.v6]
)
