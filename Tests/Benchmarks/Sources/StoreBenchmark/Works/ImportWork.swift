import FoundationEssentials
import Glibc
import Measuring
import TokenVault

/// The command that imports all records from CSV into a fresh vault, against encrypting and replacing as many
/// bytes as that vault has then.
struct ImportWork {
  let suite: Suite

  static let command = "tokenvault import"
  static let floor = "AES-256-GCM + write + fsync + rename"

  private var vault: String { "\(suite.scratch.path)/imported" }
  private var access: [String] { ["--vault", vault, "--key-file", "\(vault).key", "--quiet"] }

  func measure() throws -> [Row] {
    guard let program = suite.tokenvault else { return [] }
    let (size, csv) = (suite.largest, "\(suite.scratch.path)/tokens.csv")
    let records = (1...size).map { TestRecord(number: $0).token }
    try Data(RecordFormat.csv.encode(records)).write(to: URL(filePath: csv))
    try makeFresh(program)
    try ChildProcess.run([program, "import", csv] + access)
    let bytes = try SystemCall.size(vault)
    try makeFresh(program)
    let pieces = [
      try floorPiece(bytes),
      TimedPiece(
        Self.command,
        settle: {
          try makeFresh(program)
          try suite.scratch.sync()
        }, run: { try ChildProcess.run([program, "import", csv] + access) }),
    ]
    return try Interleaved(pieces).samples(rounds: suite.options.isQuick ? 3 : 7)
      .map { Row(.import, $0.name, size, $0.samples) }.compared(to: Self.floor)
  }

  private func makeFresh(_ program: String) throws {
    for suffix in ["", ".key", ".lock", ".previous", ".new"] { unlink(vault + suffix) }
    try ChildProcess.run([program, "init"] + access)
  }

  private func floorPiece(_ bytes: Int) throws -> TimedPiece {
    let cipher = try MessageCipher(size: bytes)
    let floor = ReplaceFloor(directory: suite.scratch.path, name: "replaced-import")
    return TimedPiece(Self.floor, settle: suite.scratch.sync) {
      try cipher.seal()
      try floor.replace(by: cipher.ciphertext)
    }
  }
}
