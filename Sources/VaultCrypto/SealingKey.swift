/// A key, and what a message under it is bound to.
package struct SealingKey: Sendable {
  let key: SymmetricKey
  let context: [UInt8]

  /// The key, bound to `context`.
  package init(_ key: SymmetricKey, context: [UInt8]) { (self.key, self.context) = (key, context) }
}
