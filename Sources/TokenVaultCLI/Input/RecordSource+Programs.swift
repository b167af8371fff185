import TokenImporters
import TokenVault

extension RecordSource {
  /// The records of a file, in the format or of the program that is named, and whether they are of a program; `auto`
  /// detects both.
  func records(
    of input: RecordInput, as format: ImportFormat
  ) throws -> (records: ReadRecords, areOfProgram: Bool) {
    var text = try input.read()
    if mayBeOfProgram(text, format),
      let found = try text.withBytes({ try recordsOfProgram($0, format, input.name) })
    {
      return (found, true)
    }
    return (try text.records(as: format.exchange, onProgress: session.progress), false)
  }

  /// Whether the text has to be looked at as a whole: not if it is a long one of no program.
  private func mayBeOfProgram(_ text: borrowing RecordText, _ format: ImportFormat) -> Bool {
    switch format {
    case .format: false
    case .program: true
    case .auto: text.count <= ForeignStore.detectionLimit
    }
  }

  /// The records of a program's file; nil if it is to be read as records.
  private func recordsOfProgram(
    _ bytes: [UInt8], _ format: ImportFormat, _ name: String
  ) throws -> ReadRecords? {
    let program: ForeignStore
    switch format {
    case .format: return nil
    case .program(let named): program = named
    case .auto:
      guard let detected = ForeignStore.detect(path: filePath, bytes) else { return nil }
      session.note("note: \(name) is read as --from \(detected.rawValue)")
      program = detected
    }
    do throws(ForeignFault) {
      let found = try program.records(in: ForeignFile(path: filePath, bytes: bytes))
      for note in found.notes { session.note("note: \(note)") }
      return found.records
    } catch {
      if case .store(let error) = error { throw error }
      throw Failure(.other, "\(name): \(error)")
    }
  }

  /// Nil for standard input.
  private var filePath: String? { path == "-" ? nil : path }
}
