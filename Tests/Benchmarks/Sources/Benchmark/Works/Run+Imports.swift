import FoundationEssentials
import Glibc
import TokenVault

extension Run {
  /// The command that imports all records from CSV into a fresh vault, against encrypting and replacing as many bytes
  /// as that vault has then.
  func imports() throws {
    guard let program = operand else { return }
    let records = (1...size).map { TestRecord(number: $0).token }
    try Data(RecordFormat.csv.encode(records)).write(to: URL(filePath: "tokens.csv"))
    func call(_ words: [String]) throws {
      try SystemCall.run([program] + words + ["--vault", "imported", "--quiet"])
    }
    func makeFreshVault() throws {
      for suffix in ["", ".key", ".lock", ".previous", ".new"] { unlink("imported" + suffix) }
      try call(["init", "--key-file", "imported.key", "--accept-other-vault"])
    }
    func importAll() throws { try call(["import", "tokens.csv", "--key-file", "imported.key"]) }
    try makeFreshVault()
    try importAll()
    let cipher = try CipherFloor(size: SystemCall.size("imported"))
    try makeFreshVault()
    let floor = TimedPiece("AES-256-GCM + \(ReplaceFloor.name)", settle: SystemCall.syncDisk) {
      try cipher.seal()
      try ReplaceFloor.replace("replaced", by: cipher.ciphertext)
    }
    func settle() throws {
      try makeFreshVault()
      try SystemCall.syncDisk()
    }
    let command = TimedPiece("tokenvault import", settle: settle, run: importAll)
    try measure([floor, command], rounds: 7)
  }
}
