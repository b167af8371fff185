import FoundationEssentials
import TokenVault

extension Run {
  /// Writes the records that an import reads.
  func writeCSV() throws {
    let records = (1...size).map { TestRecord(number: $0).token }
    try Data(RecordFormat.csv.encode(records)).write(to: URL(filePath: "all.csv"))
  }

  /// The floor of an import: encrypting and replacing as many bytes as the vault has then, which is the operand.
  func sealAndReplace() throws {
    let cipher = try CipherFloor(size: operand.flatMap(Int.init) ?? 0)
    let floor = TimedPiece("AES-256-GCM + \(ReplaceFloor.name)", settle: SystemCall.syncDisk) {
      try cipher.seal()
      try ReplaceFloor.replace("replaced", by: cipher.ciphertext)
    }
    try measure([floor], rounds: 3)
  }
}
