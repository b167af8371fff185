/// A key, and what a message under it is bound to.
package struct SealingKey: Sendable {
  let key: SecretBytes
  let context: [UInt8]

  /// A key of 32 uniformly random bytes.
  package init(_ key: SecretBytes, context: [UInt8]) { (self.key, self.context) = (key, context) }
}
