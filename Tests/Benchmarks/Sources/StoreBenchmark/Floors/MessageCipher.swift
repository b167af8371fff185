import CLibcrypto

/// AES-256-GCM alone, in messages of 16 KiB: key set once, buffers made before.
final class MessageCipher {
  static let name = "AES-256-GCM alone"

  private let context: OpaquePointer?
  private let messageSize = 16_384
  private let tagSize: Int32 = 16
  private let key = [UInt8](repeating: 3, count: 32)
  private var nonce = [UInt8](repeating: 0, count: 12)
  private var tags: [UInt8] = []
  let plaintext: [UInt8]
  private(set) var ciphertext: [UInt8]
  private var opened: [UInt8]

  init(size: Int) throws {
    plaintext = [UInt8](repeating: 5, count: size)
    ciphertext = [UInt8](repeating: 1, count: size)
    opened = ciphertext
    let messages = (size + messageSize - 1) / messageSize
    tags = [UInt8](repeating: 0, count: messages * Int(tagSize))
    context = EVP_CIPHER_CTX_new()
    try seal()
  }

  deinit { EVP_CIPHER_CTX_free(context) }

  func seal() throws {
    try check(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nil))
    try forEachMessage { cipher, start, count, tag in
      try cipher.check(EVP_EncryptInit_ex(cipher.context, nil, nil, nil, cipher.nonce))
      var length: Int32 = 0
      try cipher.plaintext.withUnsafeBufferPointer { input in
        try cipher.ciphertext.withUnsafeMutableBufferPointer { output in
          let (from, to) = (input.baseAddress.map { $0 + start }, output.baseAddress)
          try cipher.check(
            EVP_EncryptUpdate(cipher.context, to.map { $0 + start }, &length, from, count))
        }
      }
      try cipher.check(EVP_EncryptFinal_ex(cipher.context, nil, &length))
      try cipher.exchangeTag(EVP_CTRL_AEAD_GET_TAG, tag)
    }
  }

  func open() throws {
    try check(EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nil))
    try forEachMessage { cipher, start, count, tag in
      try cipher.check(EVP_DecryptInit_ex(cipher.context, nil, nil, nil, cipher.nonce))
      var length: Int32 = 0
      try cipher.ciphertext.withUnsafeBufferPointer { input in
        try cipher.opened.withUnsafeMutableBufferPointer { output in
          let (from, to) = (input.baseAddress.map { $0 + start }, output.baseAddress)
          try cipher.check(
            EVP_DecryptUpdate(cipher.context, to.map { $0 + start }, &length, from, count))
        }
      }
      try cipher.exchangeTag(EVP_CTRL_AEAD_SET_TAG, tag)
      try cipher.check(EVP_DecryptFinal_ex(cipher.context, nil, &length))
    }
  }

  private func forEachMessage(
    _ body: (MessageCipher, _ start: Int, _ count: Int32, _ tag: Int) throws -> Void
  ) throws {
    for (index, start) in stride(from: 0, to: plaintext.count, by: messageSize).enumerated() {
      withUnsafeBytes(of: UInt64(index)) { nonce.replaceSubrange(0..<8, with: $0) }
      let count = Int32(min(messageSize, plaintext.count - start))
      try body(self, start, count, index * Int(tagSize))
    }
  }

  private func exchangeTag(_ direction: Int32, _ place: Int) throws {
    let result = tags.withUnsafeMutableBufferPointer { tags in
      EVP_CIPHER_CTX_ctrl(context, direction, tagSize, tags.baseAddress.map { $0 + place })
    }
    try check(result)
  }

  private func check(_ result: Int32) throws {
    guard result > 0 else { throw SuiteError("OpenSSL has refused") }
  }
}
