internal import TokenVault

/// The body of a form in `application/x-www-form-urlencoded`, as the URL Standard serializes it (section 5.2).
enum FormBody {
  /// Encodes the fields in their order. The bytes contain secrets: the caller cleanses them.
  static func encode(_ fields: [(name: String, value: String)]) -> [UInt8] {
    var bytes: [UInt8] = []
    // Reserved in full: an array that grows leaves a copy behind.
    bytes.reserveCapacity(
      fields.reduce(0) { $0 + 3 * ($1.name.utf8.count + $1.value.utf8.count) + 2 })
    for (name, value) in fields {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
      FormText.encode(name, onto: &bytes)
      bytes.append(UInt8(ascii: "="))
      FormText.encode(value, onto: &bytes)
    }
    return bytes
  }
}
