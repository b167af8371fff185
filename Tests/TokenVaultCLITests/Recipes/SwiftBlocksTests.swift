import Foundation
import Testing

/// The Swift code of the documentation compiles in a program that knows only the public interface.
@Suite struct SwiftBlocksTests {
  /// The compiler's errors; empty if the sources compile together against the modules of this build.
  private func errors(in sources: [String: String]) throws -> String {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "tokenvault-blocks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, text) in sources {
      try Data(text.utf8).write(to: directory.appending(path: name))
    }
    let root = CommandRunner.packageRoot.path
    let modules = URL(filePath: CommandRunner.command).deletingLastPathComponent()
      .appending(path: "Modules").path
    let maps = ["CLinux", "COpenSSL", "CCurl"].flatMap {
      ["-Xcc", "-fmodule-map-file=\(root)/Sources/\($0)/module.modulemap"]
    }
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["swiftc", "-typecheck", "-parse-as-library", "-swift-version", "6", "-I", modules] + maps
      + sources.keys.sorted().map { directory.appending(path: $0).path }
    (process.standardError, process.standardOutput) = (output, FileHandle.nullDevice)
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 0 { return "" }
    return text.contains("error:") ? text : "swiftc ended with \(process.terminationStatus)"
  }

  private func sources(_ blocks: [SwiftBlocks.Block]) -> [String: String] {
    var sources = ["given.swift": SwiftBlocks.given]
    for (number, block) in blocks.enumerated() {
      sources["block\(number).swift"] = block.function(number)
    }
    return sources
  }

  @Test func allBlocksCompile() throws {
    let own = try SwiftBlocks.all().filter { !$0.isOfAnotherPackage }
    #expect(own.count >= 6)
    #expect(try errors(in: sources(own)) == "")
  }

  @Test func blocksWithOtherPackagesAreTheFunctionsThatThosePackagesCompile() throws {
    let examples = try ["Traits", "AsyncHTTPClient"].map {
      try HintSources.read("Tests/\($0)/Tests/Examples.swift")
    }
    let blocks = try SwiftBlocks.all().filter(\.isOfAnotherPackage)
    #expect(blocks.count == 3)
    for block in blocks {
      #expect(examples.contains { $0.contains("{\n\(block.body)\n") }, "\(block.name)")
    }
  }

  @Test(arguments: [
    "try vault.save(token)", "let x = vault.session", "vault.findWithoutUse(TokenQuery())",
    "for try await change in vault.changes() { print(change) }",
  ])
  func aBlockThatUsesWhatIsNotPublicOrBlocksATaskDoesNotCompile(_ code: String) throws {
    let block = SwiftBlocks.Block(name: "planted", code: code)
    #expect(try errors(in: sources([block])).contains("error:"))
  }
}
