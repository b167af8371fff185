/// Reads the token store of one other program. Each importer is one file of source, and writes nothing.
protocol Importer: Sendable {
  /// Whether a file is certainly the program's: by its shape, not by its name alone.
  static func recognizes(_ file: ForeignFile) -> Bool

  /// The records that the file means.
  ///
  /// - Throws: ``ForeignFault`` if the file is not the program's, or cannot be read.
  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords
}
