import COpenSSL
import Testing

@testable import VaultCrypto

/// The library context in which a process that uses OpenSSL for vaults alone finds its ciphers.
@Suite struct TwoCiphersTests {
  // As in a process, it is made once, and never freed: with it, its provider would have to be unloaded.
  private nonisolated(unsafe) static let context = unsafe openssl_context_of_two_ciphers()

  @Test func theContextHasTheTwoCiphersOfTheDefaultProviderAndNoOthers() throws {
    let context = try unsafe #require(Self.context)
    for name in ["AES-256-GCM", "AES-256-ECB"] {
      let bytes = unsafe try encrypted(context, name)
      #expect(unsafe try bytes != nil && bytes == encrypted(nil, name), "\(name)")
    }
    for name in ["AES-128-GCM", "AES-256-CTR"] {
      #expect(unsafe try encrypted(context, name) == nil, "\(name)")
    }
    // FIPS 197, appendix C.3.
    let block = unsafe try encrypted(context, "AES-256-ECB")?.prefix(16)
    #expect(try block.map(Array.init) == Hex("8ea2b7ca516745bfeafc49904b496089").bytes)
  }

  /// Two blocks, encrypted, with a tag behind them if the cipher makes one; nil if the library context does not have it.
  private func encrypted(_ library: OpaquePointer?, _ name: String) throws -> [UInt8]? {
    guard let cipher = unsafe EVP_CIPHER_fetch(library, name, nil) else { return nil }
    defer { unsafe EVP_CIPHER_free(cipher) }
    let context = try unsafe #require(EVP_CIPHER_CTX_new())
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    let block = try Hex("00112233445566778899aabbccddeeff").bytes
    let (key, nonce) = ([UInt8](0..<32), [UInt8](repeating: 7, count: 12))
    var (output, length) = ([UInt8](repeating: 0, count: 64), Int32(0))
    #expect(unsafe EVP_EncryptInit_ex2(context, cipher, key, nonce, nil) == 1)
    #expect(unsafe EVP_EncryptUpdate(context, &output, &length, block + block, 32) == 1)
    var tag = [UInt8](repeating: 0, count: 16)
    if unsafe EVP_CIPHER_get_mode(cipher) == EVP_CIPH_GCM_MODE {
      #expect(unsafe EVP_EncryptFinal_ex(context, &tag, &length) == 1)
      #expect(unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag) == 1)
    }
    return output + tag
  }
}
