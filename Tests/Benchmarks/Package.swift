// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that programs and the default build do without it.
//     swift run -c release --package-path Tests/Benchmarks store-benchmark
//     swift run -c release --package-path Tests/Benchmarks codec-benchmark
//     swift run -c release --package-path Tests/Benchmarks rotation-benchmark
//     Tests/Benchmarks/start-up.sh
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "TokenVault", path: "../..")],
  targets: [
    .target(name: "Measuring"),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CGNU"),
    // SQLite and SQLCipher are loaded when it runs: both have the same symbols, and neither is needed to build.
    .executableTarget(
      name: "store-benchmark",
      dependencies: [
        "Measuring", "CLibcrypto", "CGNU", .product(name: "TokenVault", package: "TokenVault"),
      ],
      path: "Sources/StoreBenchmark"),
    .executableTarget(
      name: "codec-benchmark",
      dependencies: ["Measuring", .product(name: "TokenVault", package: "TokenVault")],
      path: "Sources/CodecBenchmark"),
    .executableTarget(
      name: "rotation-benchmark",
      dependencies: ["Measuring", .product(name: "TokenVault", package: "TokenVault")],
      path: "Sources/RotationBenchmark"),
  ],
  swiftLanguageModes: [.v6]
)
