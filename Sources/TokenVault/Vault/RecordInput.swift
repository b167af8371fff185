internal import Glibc
internal import VaultCrypto

/// Where the text of records to import or save comes from. Each call reads it to its end.
///
/// Each call throws ``TokenVaultError/inputTooLarge(source:limit:)``, what the system says, and
/// ``TokenVaultError/invalidRecords(source:_:)``.
package enum RecordInput: Sendable, Equatable {
  case standardInput
  case file(String)

  /// Longer inputs are refused: 1 GiB, as longer vaults are.
  package static let sizeLimit = Int(VaultFile.sizeLimit)

  /// The name of the source in errors.
  package var name: String {
    switch self {
    case .standardInput: "standard input"
    case .file(let path): "'\(path)'"
    }
  }

  // MARK: Records

  /// Reads JSON records to save, or a form. Among their lifetimes are those of all that look like an answer of a token
  /// endpoint.
  package func readToSave() throws(TokenVaultError) -> ReadRecords {
    var text = try read()
    var read = try text.records(as: .records(.json), .saved(at: .now))
    read.lifetimes.formUnion(read.tokens.indices.filter { read.tokens[$0].has(.tokenType) })
    return read
  }

  /// Reads the answer of a token endpoint.
  ///
  /// - Throws: Also ``TokenVaultError/unusableAnswer(reason:)`` for a refusal, and for what is no answer.
  package func readAnswer() throws(TokenVaultError) -> RefreshAnswer {
    let answer = try read().withText { text in Result { try RefreshAnswer(text) } }
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
    return try read().withText { $0.array }
  }

  /// Reads the text.
  package func read() throws(TokenVaultError) -> RecordText {
    guard case .file(let path) = self else { return try read(0, name) }
    let file = try TokenVaultError.wrap(file: OpenFile(LinuxDisk(), path, .input))
    let size = try TokenVaultError.wrap(file: file.status().size)
    // What would be refused once it is read is not read.
    if size > Int64(Self.sizeLimit) { throw tooLarge }
    return try read(file.descriptor, path, expecting: size)
  }

  private var tooLarge: TokenVaultError {
    .inputTooLarge(source: name, limit: Int64(Self.sizeLimit))
  }

  /// Reads to the end. What was a file's size says nothing of that: other processes may write to it.
  func read(
    _ descriptor: Int32, _ path: String, expecting size: Int64 = 0
  ) throws(TokenVaultError) -> RecordText {
    guard var area = TextArea(capacity: max(Int(size), 65_536) + 1) else { throw noMemory(path) }
    while true {
      let more: Int?
      do throws(FileError) {
        // One more than the limit shows that there are more.
        more = unsafe try area.append(atMost: Self.sizeLimit + 1 - area.count) {
          (memory) throws(FileError) in
          unsafe try LinuxDisk().read(descriptor, at: nil, into: memory)
        }
      } catch { throw TokenVaultError(error.at(path)) }
      guard let more else { throw noMemory(path) }
      if more == 0 { return RecordText(source: name, area) }
      if area.count > Self.sizeLimit { throw tooLarge }
    }
  }

  private func noMemory(_ path: String) -> TokenVaultError {
    TokenVaultError(.system(SystemCallError("mmap", path, errno: ENOMEM)))
  }
}

extension OAuthToken {
  /// Whether this is the error response of a token endpoint (RFC 6749, section 5.2).
  package var isRefusal: Bool {
    guard let error = attributes["error"] else { return false }
    return !error.isEmpty && error != .json("null")
  }
}
