internal import VaultCrypto

/// The text of records to import or save. It cannot be copied, so that cleansing its bytes leaves no others.
package struct RecordInput: ~Copyable {
  /// Where the text comes from.
  package enum Source: Sendable, Equatable {
    case standardInput
    case file(String)
  }

  /// Longer inputs are refused: 256 MiB.
  package static let sizeLimit = 268_435_456

  /// The name of the source in errors.
  package let name: String
  private var bytes: [UInt8]

  /// Reads all of it, to its end.
  ///
  /// - Throws: ``TokenVaultError/inputTooLarge(source:limit:)``, and what the system says.
  package init(_ source: Source) throws(TokenVaultError) { try self.init(source, LinuxDisk()) }

  init(_ source: Source, _ disk: any Disk) throws(TokenVaultError) {
    var read: (bytes: [UInt8], size: Int64)
    read = try TokenVaultError.wrap(file: Self.read(source, disk))
    let name = source.name
    if max(read.size, Int64(read.bytes.count)) > Int64(Self.sizeLimit) {
      read.bytes.cleanse()
      throw .inputTooLarge(source: name, limit: Int64(Self.sizeLimit))
    }
    (self.name, bytes) = (name, read.bytes)
  }

  /// All bytes and their number; no bytes of a file above the limit.
  private static func read(
    _ source: Source, _ disk: any Disk
  ) throws(FileError) -> (bytes: [UInt8], size: Int64) {
    switch source {
    case .standardInput:
      do { return (try readAll(0, disk), 0) } catch { throw error.at(source.name) }
    case .file(let path):
      let file = try OpenFile(disk, path, .input)
      let size = try file.status().size
      // What would be refused once it is read is not read.
      if size > Int64(sizeLimit) { return ([], size) }
      do { return (try readAll(file.descriptor, disk, expecting: size), size) } catch {
        throw error.at(path)
      }
    }
  }

  /// Decodes the records in the format given, or in the one detected; cleanses the bytes.
  ///
  /// - Throws: ``TokenVaultError/invalidRecords(source:_:)``.
  package consuming func decode(
    as format: ExchangeFormat?, now: Timestamp
  ) throws(TokenVaultError) -> [OAuthToken] {
    let name = name
    return try read { (text) throws(TokenVaultError) in
      let format = format ?? ExchangeFormat.detect(text)
      do throws(RecordError) { return try format.decode(text, now: now) } catch {
        throw .invalidRecords(source: name, error)
      }
    }
  }

  /// Lends the bytes to a reader, and cleanses them.
  consuming func read<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var bytes: [UInt8] = []
    swap(&bytes, &self.bytes)
    defer { bytes.cleanse() }
    return try body(bytes.span)
  }

  /// Reads to the end, or a little past the limit. Grows the buffer itself, and cleanses each that it frees.
  private static func readAll(
    _ file: Int32, _ disk: any Disk, expecting size: Int64 = 0
  ) throws(FileError) -> [UInt8] {
    // One more than a power of two: doubled, it passes the limit instead of stopping at it.
    let expected = Int(min(max(size, 65_536), Int64(sizeLimit))) + 1
    var bytes = [UInt8](repeating: 0, count: expected)
    var count = 0
    while count <= sizeLimit {
      if count == bytes.count {
        var grown = [UInt8](repeating: 0, count: min(2 * count, sizeLimit + 1))
        grown.replaceSubrange(0..<count, with: bytes)
        bytes.cleanse()
        bytes = grown
        grown = []
      }
      let more: Int
      do {
        more = unsafe try bytes.fill(from: count) { (memory) throws(FileError) in
          unsafe try disk.read(file, at: nil, into: memory)
        }
      } catch {
        bytes.cleanse()
        throw error
      }
      if more == 0 { break }
      count += more
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}

extension RecordInput.Source {
  /// The name of the source in errors.
  fileprivate var name: String {
    switch self {
    case .standardInput: "standard input"
    case .file(let path): "'\(path)'"
    }
  }
}
