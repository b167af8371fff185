internal import COpenSSL
internal import Glibc

/// HMAC (RFC 2104) under one key, for one message after another: OpenSSL keeps the two states that the key makes, so that
/// only the first message pays for them.
@safe final class HMACState: @unchecked Sendable {
  // Sendable: its owner lets one thread at a time use it.
  private let context: OpaquePointer
  private let size: Int
  /// Whether a message has begun; the first begins with the key.
  private var hasBegun = true

  /// The states of a key, which OpenSSL keeps in memory of its own, and cleanses with the last reference.
  init(_ digest: HKDF.Digest, key: Span<UInt8>) throws(CryptoError) {
    guard let template = unsafe digest.hmac.pointer,
      let context = unsafe EVP_MAC_CTX_dup(template)
    else {
      throw OpenSSL.error("EVP_MAC_CTX_dup")
    }
    unsafe self.context = context
    size = digest.size
    let isSet = unsafe key.withUnsafeBufferPointer { key in
      unsafe EVP_MAC_init(context, key.baseAddress, key.count, nil) == 1
    }
    guard isSet else { throw OpenSSL.error("EVP_MAC_init") }
  }

  deinit { unsafe EVP_MAC_CTX_free(context) }

  /// Goes on with a message, or begins one.
  func update(_ bytes: Span<UInt8>) throws(CryptoError) {
    unsafe try bytes.withUnsafeBytes { (bytes) throws(CryptoError) in
      unsafe try update(bytes)
    }
  }

  func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    try begin()
    guard let start = bytes.baseAddress else { return }
    let bound = unsafe start.assumingMemoryBound(to: UInt8.self)
    guard unsafe EVP_MAC_update(context, bound, bytes.count) == 1 else {
      throw OpenSSL.error("EVP_MAC_update")
    }
  }

  private func begin() throws(CryptoError) {
    guard !hasBegun else { return }
    guard unsafe EVP_MAC_init(context, nil, 0, nil) == 1 else {
      throw OpenSSL.error("EVP_MAC_init")
    }
    hasBegun = true
  }

  /// Ends the message, and writes as many bytes of its code as `output` has, at most all.
  func finish(_ output: UnsafeMutableRawBufferPointer) throws(CryptoError) {
    try begin()
    hasBegun = false
    var (code, count) = (InlineArray<64, UInt8>(repeating: 0), 0)
    defer { code.cleanse() }
    let isDone = unsafe code.withMutableMemory { code in
      unsafe EVP_MAC_final(
        context, code.baseAddress?.assumingMemoryBound(to: UInt8.self), &count, code.count) == 1
    }
    guard isDone, count == size, output.count <= count else {
      throw OpenSSL.error("EVP_MAC_final")
    }
    for index in 0..<output.count { unsafe output[index] = code[index] }
  }
}

extension InlineArray<64, UInt8> {
  fileprivate mutating func withMutableMemory<Result>(
    _ body: (UnsafeMutableRawBufferPointer) -> Result
  ) -> Result {
    var span = mutableSpan
    return unsafe span.withUnsafeMutableBytes { unsafe body($0) }
  }

  fileprivate mutating func cleanse() {
    unsafe withMutableMemory { memory in
      if let start = memory.baseAddress { unsafe explicit_bzero(start, memory.count) }
    }
  }
}
