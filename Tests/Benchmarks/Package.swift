// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that programs and the default build do not depend on it.
//     Tests/Benchmarks/run.py --install --million > Tests/Benchmarks/results.json
//     Tests/Benchmarks/report.py --write
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "TokenVault", path: "../..")],
  targets: [
    .systemLibrary(name: "CBenchmark"),
    .executableTarget(
      name: "benchmark",
      dependencies: ["CBenchmark", .product(name: "TokenVault", package: "TokenVault")],
      path: "Sources/Benchmark"),
    .executableTarget(name: "timed-process", path: "Sources/TimedProcess"),
  ],
  swiftLanguageModes: [.v6]
)
