import Foundation
import Testing

/// What takes no more memory than the vault has records, whatever its file says, or has behind them.
@Suite struct BoundedMemoryTests {
  let command: CommandRunner
  private let sound: [UInt8]
  private static let megabyte = 1 << 20

  init() throws {
    command = try CommandRunner()
    try command.makeLargeVault()
    try command.run("save", input: #"{"user_name":"last","access_token":"last"}"#)
    sound = try command.bytes(command.standardVault)
  }

  private var vault: String { command.standardVault }

  private func run(
    _ arguments: [String], input: String = ""
  ) throws -> (result: CommandRunner.Result, memory: Int) {
    try MemoryOfCommand(command).run(arguments, input: input)
  }

  /// Puts bytes in the vault's place, and behind them a hole up to `size`.
  private func write(_ bytes: [UInt8], upTo size: Int) throws {
    try command.write(bytes, to: vault)
    let file = try FileHandle(forUpdating: URL(filePath: vault))
    try file.truncate(atOffset: UInt64(size))
    try file.close()
  }

  @Test func zerosBehindTheLastSaveTakeNoMemory() throws {
    let reads = [["token", "--user", "last"], ["find", "--user", "last"], ["list"], ["check"]]
    let usual = try reads.map { try run($0) }
    let limit = (usual.map(\.memory).max() ?? 0) + 16 * Self.megabyte
    try write(sound, upTo: sound.count + 64 * Self.megabyte)
    for (arguments, usual) in zip(reads, usual) {
      let long = try run(arguments)
      #expect(long.result.status == 0 && usual.result.status == 0, "\(long.result)")
      #expect(long.result.output == usual.result.output)
      #expect(long.memory < limit, "\(arguments): \(long.memory)")
    }
    // It leaves them out of the file that it puts in the vault's place.
    let saved = try run(["save"], input: #"{"user_name":"new","access_token":"1"}"#)
    #expect(saved.result.status == 0 && saved.memory < limit, "\(saved)")
    #expect(try command.bytes(vault).count < sound.count + Self.megabyte)
    #expect(try command.run("token", "--user", "new").output == "1\n")
  }

  /// Where the length of the snapshot stands.

  private static func word(_ number: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }

  @Test func aLengthThatNobodyHasSealedTakesNoMemory() throws {
    let start = try VaultParts(sound).headerEnd
    let usual = try run(["token", "--user", "last"])
    for megabytes in [15, 17, 128] {
      var bytes = sound
      let length = megabytes * Self.megabyte
      bytes.replaceSubrange(start..<start + 8, with: Self.word(length))
      // With room for the index, whose own length is below 128 KiB.
      try write(bytes, upTo: start + 16 + length + 131_072)
      for arguments in [
        ["token", "--user", "last"], ["find", "--user", "last"], ["list"], ["check"],
      ] {
        let changed = try run(arguments)
        #expect(changed.result.status == 5 && changed.result.output == "", "\(changed.result)")
        #expect(changed.result.errors.contains("was changed at or after byte"))
        #expect(changed.memory < usual.memory + 24 * Self.megabyte, "\(megabytes), \(arguments)")
      }
    }
  }

  /// Forty megabytes of records, some of which a log changes.
  @Test func whatSealsAllRecordsAgainTakesNoMoreMemoryForMore() throws {
    let usual = try run(["rotate"])
    try FileManager.default.removeItem(atPath: vault)
    try command.run("init", "--quiet", "--accept-other-vault")
    let text = String(repeating: "x", count: Self.megabyte / 10)
    let records = (0..<400).map { number in
      #"{"user_name":"u\#(number)","access_token":"1","id_token":"\#(text)"}"#
    }
    try command.run("import", "-", input: records.joined(separator: "\n"))
    let limit = usual.memory + 24 * Self.megabyte
    for (number, arguments) in [["rotate", "--dry-run"], ["rotate"], ["compact"]].enumerated() {
      for user in ["u7", "new"] {
        try command.run("save", input: #"{"user_name":"\#(user)","access_token":"\#(number)"}"#)
      }
      let ended = try run(arguments)
      #expect(ended.result.status == 0 && usual.result.status == 0, "\(ended.result)")
      #expect(ended.memory < limit, "\(arguments): \(ended.memory), usually \(usual.memory)")
    }
    for (user, token) in [("u7", "2\n"), ("u399", "1\n"), ("new", "2\n")] {
      #expect(try command.run("token", "--user", user).output == token)
    }
    #expect(try command.run("check").output.contains("401 tokens"))
  }

  /// What can be damaged of a vault with a hole behind it.
  enum Damage: String, CaseIterable {
    case chunk, chunkAndLength, salt, lastSave

    fileprivate func change(
      _ bytes: inout [UInt8], lengthStart: Int, lastSave: Int
    ) {
      func flip(_ places: [Int]) { for place in places { bytes[place] ^= 0x40 } }
      switch self {
      case .chunk: flip([lengthStart + 88])
      case .chunkAndLength: flip([lengthStart + 5, lengthStart + 88])
      case .salt: flip([lengthStart + 16, lengthStart + 28])
      case .lastSave: flip([lastSave + 100])
      }
    }
  }

  @Test(arguments: Damage.allCases)
  func repairingAndRestoringTakesNoMoreMemoryForWhatStandsBehindTheSaves(_ damage: Damage) throws {
    var bytes = sound
    let parts = try VaultParts(sound)
    let save = try #require(parts.saves.last).lowerBound
    damage.change(&bytes, lengthStart: parts.headerEnd, lastSave: save)
    let commands = [["restore", "--accept-rollback"], ["repair", "--policy", "none"]]
    var usual: [(result: CommandRunner.Result, memory: Int)] = []
    for hole in [0, 192 * Self.megabyte] {
      for (index, arguments) in commands.enumerated() {
        try write(bytes, upTo: bytes.count + hole)
        let ended = try run(arguments)
        if hole == 0 { usual.append(ended) }
        #expect(ended.result.status == usual[index].result.status, "\(ended.result)")
        #expect(ended.memory < usual[index].memory + 24 * Self.megabyte, "\(arguments)")
      }
    }
  }

  @Test func theLengthOfASaveThatNobodyHasSealedTakesNoMemory() throws {
    let usual = try run(["token", "--user", "last"])
    // Behind the last save, a frame with the next number that no writer has sealed.
    let length = 128 * Self.megabyte
    var bytes = sound
    let frame =
      Array("TVLE".utf8) + Self.word(length).suffix(4) + Self.word(2) + Self.word(1)
      + [UInt8](repeating: 0xA5, count: 40)
    let place = try VaultParts(sound).logEnd
    bytes.replaceSubrange(place..<place + frame.count, with: frame)
    try write(bytes, upTo: sound.count + length)
    let changed = try run(["token", "--user", "last"])
    #expect(changed.result.status == 0 && changed.result.output == "last\n", "\(changed.result)")
    #expect(changed.memory < usual.memory + 16 * Self.megabyte, "\(changed.memory)")
  }

  @Test func anInputThatIsTooLongIsRefusedBeforeItIsRead() throws {
    let usual = try run(["token", "--user", "last"])
    try command.write("", to: command.file("input.json"))
    let file = try FileHandle(forUpdating: URL(filePath: command.file("input.json")))
    try file.truncate(atOffset: 1 << 40)
    try file.close()
    let refused = try run(["import", command.file("input.json")])
    #expect(refused.result.status == 1 && refused.result.output == "", "\(refused.result)")
    #expect(refused.result.errors.contains("larger than 1073741824 bytes"), "\(refused.result)")
    #expect(refused.memory < usual.memory + 16 * Self.megabyte, "\(refused.memory)")
  }
}
