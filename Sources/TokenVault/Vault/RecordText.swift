internal import VaultCrypto

/// The text of a ``RecordInput``, which is overwritten when its owner lets it go.
package struct RecordText: ~Copyable {
  /// The name of the source in errors.
  private let source: String
  private var area: TextArea

  init(source: String, _ area: consuming TextArea) {
    self.source = source
    self.area = area
  }

  /// The number of bytes.
  package var count: Int { area.count }

  /// Reads the records in the format given, or in the one detected. The text is spent then.
  ///
  /// - Throws: ``TokenVaultError/invalidRecords(source:_:)``.
  package mutating func records(
    as format: ExchangeFormat?, _ rules: ReadingRules = .imported(at: .now),
    onProgress: ((VaultProgress) -> Void)? = nil
  ) throws(TokenVaultError) -> ReadRecords {
    do {
      return try OutsideText.read(spending: &area, as: format, rules, onProgress: onProgress)
    } catch {
      throw .invalidRecords(source: source, error)
    }
  }

  /// Lends the bytes to `body`.
  func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result { area.withText(body) }

  /// Lends a copy of the bytes to `body`, which must keep none, and cleanses it.
  package func withBytes<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
    var bytes = area.withText { $0.array }
    defer { bytes.cleanse() }
    return try body(bytes)
  }
}
