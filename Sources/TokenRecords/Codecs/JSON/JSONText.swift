/// JSON values as text.
package enum JSONText {
  /// A string with its quotes and escapes.
  package static func string(_ text: String) -> String {
    String(decoding: JSONRecordEncoder.string(text), as: UTF8.self)
  }
}
