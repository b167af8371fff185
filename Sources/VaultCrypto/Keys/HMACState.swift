internal import COpenSSL
internal import Glibc

/// HMAC (RFC 2104) under one key, for one message after another: OpenSSL keeps the two states that the key makes, so that
/// only the first message pays for them.
///
/// Each message is a copy of the state. To begin anew without a key does nothing in OpenSSL 3.0.0 to 3.0.2, and says that
/// it has: the codes would be wrong (openssl/openssl issue 17811).
@safe final class HMACState: @unchecked Sendable {
  // Sendable: its owner lets one thread at a time use it.
  private let keyed: OpaquePointer
  /// The message that has begun.
  private var message: OpaquePointer?
  private let size: Int

  /// The states of a key, which OpenSSL keeps in memory of its own, and cleanses with the last reference.
  init(_ digest: HKDF.Digest, key: Span<UInt8>) throws(CryptoError) {
    guard let template = unsafe digest.hmac.pointer,
      let context = unsafe EVP_MAC_CTX_dup(template)
    else {
      throw OpenSSL.error("EVP_MAC_CTX_dup")
    }
    unsafe keyed = context
    size = digest.size
    let isSet = unsafe key.withUnsafeBufferPointer { key in
      unsafe EVP_MAC_init(context, key.baseAddress, key.count, nil) == 1
    }
    guard isSet else { throw OpenSSL.error("EVP_MAC_init") }
  }

  deinit {
    unsafe EVP_MAC_CTX_free(message)
    unsafe EVP_MAC_CTX_free(keyed)
  }

  /// Goes on with a message, or begins one.
  func update(_ bytes: Span<UInt8>) throws(CryptoError) {
    unsafe try bytes.withUnsafeBytes { (bytes) throws(CryptoError) in
      unsafe try update(bytes)
    }
  }

  func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    let message = unsafe try begun()
    guard let start = bytes.baseAddress else { return }
    let bound = unsafe start.assumingMemoryBound(to: UInt8.self)
    guard unsafe EVP_MAC_update(message, bound, bytes.count) == 1 else {
      end()
      throw OpenSSL.error("EVP_MAC_update")
    }
  }

  private func begun() throws(CryptoError) -> OpaquePointer {
    if let message = unsafe message { return unsafe message }
    guard let copy = unsafe EVP_MAC_CTX_dup(keyed) else { throw OpenSSL.error("EVP_MAC_CTX_dup") }
    unsafe message = copy
    return unsafe copy
  }

  private func end() {
    unsafe EVP_MAC_CTX_free(message)
    unsafe message = nil
  }

  /// Ends the message, and writes as many bytes of its code as `output` has, at most all.
  func finish(_ output: UnsafeMutableRawBufferPointer) throws(CryptoError) {
    let message = unsafe try begun()
    defer { end() }
    var (code, count) = (InlineArray<64, UInt8>(repeating: 0), 0)
    defer { code.cleanse() }
    let isDone = unsafe code.withMutableMemory { code in
      unsafe EVP_MAC_final(
        message, code.baseAddress?.assumingMemoryBound(to: UInt8.self), &count, code.count) == 1
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
