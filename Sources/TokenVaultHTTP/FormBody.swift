internal import TokenVault
internal import VaultCrypto

/// The body of a form in `application/x-www-form-urlencoded`, as the URL Standard serializes it (section 5.2).
///
/// Holds secrets: whoever made it cleanses it.
struct FormBody {
  private(set) var bytes: [UInt8] = []

  /// The fields in their order.
  init(_ fields: [(name: String, value: String)]) {
    // Room for all, so that no copy is left behind by growing.
    bytes.reserveCapacity(
      fields.reduce(0) { $0 + 3 * ($1.name.utf8.count + $1.value.utf8.count) + 2 })
    for (name, value) in fields {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
      FormText.encode(name, onto: &bytes)
      bytes.append(UInt8(ascii: "="))
      FormText.encode(value, onto: &bytes)
    }
  }

  mutating func cleanse() { bytes.cleanse() }

  /// Lends the bytes where they lie; they are not to be copied.
  func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try bytes.span.withUnsafeBytes(body)
  }
}
