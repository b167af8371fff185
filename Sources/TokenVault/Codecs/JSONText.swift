/// Single pieces of JSON.
package enum JSONText {
  /// A string with its quotes and escapes.
  package static func string(_ text: String) -> String {
    let bytes = [UInt8](capacity: text.utf8.count * 6 + 2) { output in
      JSONRecordEncoder.appendString(text, to: &output)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
