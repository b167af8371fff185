internal import VaultCrypto

/// Where the text of records to import or save comes from. Each call reads it to its end, and cleanses the bytes.
///
/// Each call throws ``TokenVaultError/inputTooLarge(source:limit:)``, what the system says, and
/// ``TokenVaultError/invalidRecords(source:_:)``.
package enum RecordInput: Sendable, Equatable {
  case standardInput
  case file(String)

  /// Longer inputs are refused: 256 MiB.
  package static let sizeLimit = 268_435_456

  /// The name of the source in errors.
  package var name: String {
    switch self {
    case .standardInput: "standard input"
    case .file(let path): "'\(path)'"
    }
  }

  // MARK: Records

  /// Reads the records of a file, whose bytes these are, in the format given, or in the one detected.
  package func records(
    in bytes: [UInt8], as format: ExchangeFormat?
  ) throws(TokenVaultError) -> ReadRecords {
    do { return try OutsideText.read(bytes.span, as: format, .imported(at: .now)) } catch {
      throw .invalidRecords(source: name, error)
    }
  }

  /// Reads JSON records to save, or a form. Among their lifetimes are those of all that look like an answer of a token
  /// endpoint.
  package func readToSave() throws(TokenVaultError) -> ReadRecords {
    try withText { (text) throws(RecordError) in
      var read = try OutsideText.read(text, as: .records(.json), .saved(at: .now))
      read.lifetimes.formUnion(read.tokens.indices.filter { read.tokens[$0].has(.tokenType) })
      return read
    }
  }

  /// Reads the answer of a token endpoint.
  ///
  /// - Throws: Also ``TokenVaultError/unusableAnswer(reason:)`` for a refusal, and for what is no answer.
  package func readAnswer() throws(TokenVaultError) -> RefreshAnswer {
    let answer = try withText { text in Result { try RefreshAnswer(text) } }
    do { return try answer.get() } catch let refusal as TokenEndpointError {
      // Its explanation may repeat what was sent.
      throw .unusableAnswer(reason: "\(name): the server refused: \(refusal.code)")
    } catch {
      throw .unusableAnswer(reason: "\(name): \(error)")
    }
  }

  // MARK: Reading

  /// The bytes of the source, which the caller cleanses; nil if it is a file that is not there.
  package func bytesIfThere() throws(TokenVaultError) -> [UInt8]? {
    if case .file(let path) = self,
      try TokenVaultError.wrap(file: LinuxDisk().status(of: path)) == nil
    {
      return nil
    }
    return try wholeRead()
  }

  /// Lends the bytes to `body`, which must keep none, and cleanses them.
  package func withBytes<Result>(_ body: ([UInt8]) throws -> Result) throws -> Result {
    var bytes = try wholeRead()
    defer { bytes.cleanse() }
    return try body(bytes)
  }

  private func wholeRead() throws(TokenVaultError) -> [UInt8] {
    var bytes = try read()
    if bytes.count <= Self.sizeLimit { return bytes }
    bytes.cleanse()
    throw tooLarge
  }

  private func withText<Result>(
    _ body: (Span<UInt8>) throws(RecordError) -> Result
  ) throws(TokenVaultError) -> Result {
    var bytes = try wholeRead()
    defer { bytes.cleanse() }
    do { return try body(bytes.span) } catch { throw .invalidRecords(source: name, error) }
  }

  private func read() throws(TokenVaultError) -> [UInt8] {
    guard case .file(let path) = self else {
      return try TokenVaultError.wrap(file: Self.read(0, name))
    }
    let file = try TokenVaultError.wrap(file: OpenFile(LinuxDisk(), path, .input))
    let size = try TokenVaultError.wrap(file: file.status().size)
    // What would be refused once it is read is not read.
    if size > Int64(Self.sizeLimit) { throw tooLarge }
    return try TokenVaultError.wrap(file: Self.read(file.descriptor, path, expecting: size))
  }

  private var tooLarge: TokenVaultError {
    .inputTooLarge(source: name, limit: Int64(Self.sizeLimit))
  }

  /// Reads to the end, or a little past the limit. Grows the buffer itself, and cleanses each that it frees.
  private static func read(
    _ descriptor: Int32, _ path: String, expecting size: Int64 = 0
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
          unsafe try LinuxDisk().read(descriptor, at: nil, into: memory)
        }
      } catch {
        bytes.cleanse()
        throw error.at(path)
      }
      if more == 0 { break }
      count += more
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}

extension OAuthToken {
  /// Whether this is the error response of a token endpoint (RFC 6749, section 5.2).
  package var isRefusal: Bool {
    guard let error = attributes["error"] else { return false }
    return !error.isEmpty && error != .json("null")
  }
}
