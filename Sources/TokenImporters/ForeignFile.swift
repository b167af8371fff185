internal import Glibc
internal import TokenRecords
internal import TokenVault

/// A file of another program: its bytes, and where it lies.
package struct ForeignFile: Sendable {
  /// The file's path; nil for standard input.
  package let path: String?
  let bytes: [UInt8]
  /// The file's JSON; nil if it is none.
  let json: JSONTree?
  private let jsonError: RecordError?

  /// Reads the JSON, if the bytes begin like JSON. The caller cleanses the bytes.
  package init(path: String?, bytes: [UInt8]) {
    (self.path, self.bytes) = (path, bytes)
    do throws(RecordError) {
      json = try Self.beginsLikeJSON(bytes) ? JSONTree(bytes.span) : nil
      jsonError = nil
    } catch {
      (json, jsonError) = (nil, error)
    }
  }

  private static func beginsLikeJSON(_ bytes: [UInt8]) -> Bool {
    let first = bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0).first {
      ![0x20, 0x09, 0x0A, 0x0D].contains($0)
    }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  /// The last part of the path.
  var name: String { path?.split(separator: "/").last.map(String.init) ?? "" }

  /// The file as text, without a byte order mark, and with LF at the end of each line.
  ///
  /// - Throws: ``ForeignFault/notOfProgram(_:)`` if it is not UTF-8.
  func text() throws(ForeignFault) -> String {
    var content = bytes[...]
    if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
    let lines = content.indices.lazy.filter { index in
      content[index] != 0x0D || index + 1 == content.endIndex || content[index + 1] != 0x0A
    }
    guard let text = String(validating: lines.map { content[$0] }, as: UTF8.self) else {
      throw .notOfProgram("the file is not UTF-8")
    }
    return text
  }

  /// The JSON object that the program writes.
  ///
  /// - Throws: ``ForeignFault`` if the file is no object, or cannot be read.
  func object() throws(ForeignFault) -> JSONTree {
    if let jsonError { throw .records(jsonError) }
    guard let json, case .object = json else { throw .notOfProgram("the file is no JSON object") }
    return json
  }

  /// Whether the file is a database of SQLite (its file format, section 1.3.1) whose schema has this text.
  func isDatabase(with text: String) -> Bool {
    bytes.starts(with: Array("SQLite format 3\0".utf8))
      && String(decoding: bytes.prefix(65_536), as: UTF8.self).contains(text)
  }
}

extension ForeignFile {
  /// The path without symbolic links, beside which the other files are.
  private var realPath: String? {
    guard let path, let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// The file of another name in the same directory; nil if there is none, or if this is standard input.
  ///
  /// - Throws: ``ForeignFault/store(_:)`` if it cannot be read.
  func neighbour(_ name: String) throws(ForeignFault) -> ForeignFile? {
    guard let path = realPath else { return nil }
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let other = directory + name
    return try Self.bytes(of: other).map { ForeignFile(path: other, bytes: $0) }
  }

  /// This database and its journals (sqlite.org/tempfiles.html), by the ends of their names.
  ///
  /// - Throws: ``ForeignFault/database(_:)`` if one of them is changed meanwhile.
  func withJournals() throws(ForeignFault) -> [(ending: String, bytes: [UInt8])] {
    guard let path = realPath else { return [("", bytes)] }
    var files = [(ending: "", bytes: bytes)]
    for ending in ["-journal", "-wal"] {
      if let bytes = try Self.bytes(of: path + ending) { files.append((ending, bytes)) }
    }
    for (ending, bytes) in files {
      guard try Self.bytes(of: path + ending) == bytes else {
        throw .database("another program is writing to the database; import it again")
      }
    }
    return files
  }

  private static func bytes(of path: String) throws(ForeignFault) -> [UInt8]? {
    do { return try RecordInput.file(path).bytesIfThere() } catch { throw .store(error) }
  }
}
