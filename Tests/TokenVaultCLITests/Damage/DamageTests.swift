import Foundation
import Testing

/// One byte is changed, and the hint of every command is followed until all is well.
@Suite struct DamageTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private var vault: String { command.standardVault }
  private var directory: String { command.file("data/tokenvault") }

  /// A byte of a vault, and how many records may be lost with it.
  private struct Place {
    let name: String
    let offset: Int
    var isChunk = false
    var isSave = false
  }

  private func places(_ bytes: [UInt8]) throws -> [Place] {
    let parts = try VaultParts(bytes)
    let header = parts.headerEnd
    let (start, end) = (parts.snapshot.lowerBound, parts.snapshot.upperBound)
    let chunks = (end - start - 56) / 16_400
    var places = [
      Place(name: "the version", offset: 11), Place(name: "the store's name", offset: 25),
      Place(name: "a slot", offset: 400), Place(name: "the digest", offset: header - 20),
      Place(name: "the header's end", offset: header - 1),
      Place(name: "the length", offset: header),
      Place(name: "the length's end", offset: header + 7),
      Place(name: "the end of the lengths", offset: header + 15),
      Place(name: "the salt", offset: start + 3), Place(name: "the commitment", offset: start + 40),
      Place(name: "the first chunk", offset: start + 56 + 20, isChunk: true),
      Place(name: "the last chunk", offset: end - 1, isChunk: true),
    ]
    if chunks > 1 {
      let middle = start + 56 + chunks / 2 * 16_400 + 20
      places.append(Place(name: "a middle chunk", offset: middle, isChunk: true))
    }
    if parts.indexEnd > end {
      places += [
        Place(name: "the index's length", offset: header + 14),
        Place(name: "the index's salt", offset: end + 3),
        Place(name: "the first chunk of the index", offset: end + 80),
        Place(name: "the end of the index", offset: parts.indexEnd - 1),
      ]
    }
    for (name, save) in [
      ("the first save", parts.saves.first), ("the last save", parts.saves.last),
    ] {
      guard let save else { continue }
      places.append(Place(name: name, offset: save.lowerBound + 100, isSave: true))
      places.append(Place(name: "the frame of \(name)", offset: save.lowerBound + 6, isSave: true))
    }
    return places
  }

  private func put(_ files: [String: [UInt8]], _ vault: [UInt8]) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
    }
    for (name, bytes) in files { try command.write(bytes, to: "\(directory)/\(name)") }
    try command.write(vault, to: self.vault)
    // Keys are rotated in between.
    try command.shell(
      "rm -rf state; cp -a state.sound state; find state -name '*.generation' -delete")
  }

  /// Does what the hints say, beginning with that of this command, until it succeeds; returns what was done.
  private func followHints(of line: String, _ comment: Comment) throws -> [String] {
    var (line, done) = (line, [String]())
    for _ in 0..<6 {
      done.append(line)
      let result = try command.shell(line)
      if result.status == 0 { return done }
      let hint = try #require(
        result.errors.split(separator: "hint: ").last.map(String.init), comment)
      if let next = hint.range(of: "tokenvault ") {
        line = String(hint[next.lowerBound...])
      } else if hint.contains("--accept-rollback") {
        line = line.trimmingCharacters(in: .newlines) + " --accept-rollback"
      } else {
        Issue.record("\(comment): \(result)")
      }
      let isNew = !done.contains(line)
      #expect(isNew, "\(comment): \(line) hints at itself")
      if !isNew { break }
    }
    Issue.record("\(comment): \(done)")
    return done
  }

  /// The large vault in CSV with TOKENVAULT_TEST_FULL=1 alone.
  @Test(
    arguments: [("json", 2000), ("json", 300), ("json", 3), ("csv", 300), ("csv", 3)]
      + (CommandRunner.isFullTest ? [("csv", 2000)] : []))
  func oneDamagedByteCostsNoMoreThanWhatItWasPartOfForWhoFollowsTheHints(
    _ format: String, _ count: Int
  ) throws {
    try command.makeVault(format, count)
    let sound = try command.bytes(vault)
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      files[name] = try command.bytes("\(directory)/\(name)")
    }
    try command.shell("cp -a state state.sound")
    let all = try command.ids()
    for place in try places(sound) {
      var damaged = sound
      damaged[place.offset] ^= 0x20
      try put(files, damaged)
      let comment: Comment = "\(place.name)"
      for line in ["check", "rotate"] {
        let result = try command.shell("tokenvault \(line)")
        #expect(result.status == 5 && result.errors.contains("hint: "), "\(comment): \(result)")
        #expect(try command.bytes(vault) == damaged)
      }
      let done = try followHints(of: "tokenvault check", comment)
      #expect(try command.run("check").status == 0, comment)
      let left = try command.ids()
      let lost = all.count - left.count
      #expect(left.isSubset(of: all), comment)
      if count == 3, place.isChunk {
        #expect(done.contains { $0.contains("restore") }, "nothing of the only chunk opens")
      } else {
        #expect(!done.contains { $0.contains("restore") }, comment)
        #expect(lost <= (place.isChunk ? 250 : place.isSave ? 1 : 0), comment)
        #expect((lost > 0) == (place.isChunk || place.isSave), comment)
      }
      try expectKept(damaged, comment)
    }
  }

  /// What was set aside outlasts everything but what the hint says that takes it away.
  private func expectKept(_ damaged: [UInt8], _ comment: Comment) throws {
    let copy = vault + ".damaged"
    let ids = try command.ids()
    let result = try command.run("rotate")
    #expect(result.status == 7 && result.errors.contains(copy), "\(comment): \(result)")
    #expect(try command.bytes(copy) == damaged, comment)
    _ = try followHints(of: "tokenvault rotate", comment)
    #expect(!FileManager.default.fileExists(atPath: copy), comment)
    #expect(try command.ids() == ids, comment)
  }

  @Test func limitsThatAreLostAreAskedForAndGiven() throws {
    try command.makeVault("json", 300)
    var bytes = try command.bytes(vault)
    bytes[1500] ^= 1
    try command.write(bytes, to: vault)
    let refused = try command.run("repair")
    #expect(refused.status == 7 && refused.errors.contains("the limits of '\(vault)' are lost"))
    #expect(refused.errors.contains("--policy max-age=90d"), "as the previous snapshot has them")
    #expect(try command.bytes(vault) == bytes)
    for argument in ["90d", "idle", "idle=none", "idle=1d,idle=2d", "age=1d", "idle=1d,", ""] {
      #expect(try command.run("repair", "--policy", argument).status == 64, "\(argument)")
    }
    #expect(try command.run("repair", "--policy", "max-age=90d,idle=8h").status == 0)
    let policy = try command.run("policy", "show").output
    #expect(policy.contains("90d") && policy.contains("8h"), "\(policy)")
    try command.write(bytes, to: vault)
    #expect(try command.run("repair", "--policy", "none").status == 0)
    #expect(try !command.run("policy", "show").output.contains("90d"))
  }
}
