import COpenSSL
import Glibc
import Testing

@testable import VaultCrypto

@Suite struct RandomBytesTests {
  /// Two copies of one process have the same generator of OpenSSL's; so here it gives the same bytes at every call.
  @Test(.enabled(if: !AddressSanitizer.isRunning, "the generators are never freed"))
  func copiesOfOneProcessDrawDifferentSaltsAndKeys() async {
    await #expect(processExitsWith: .success) {
      try RandomBytesTests.makeOpenSSLRepeatItself()
      let (key, text) = (try SymmetricKey.random(), Array("text".utf8))
      let draws: [() throws -> [UInt8]] = [
        { try RandomBytes.make(count: 24) },
        { try SymmetricKey.random().withSpan { $0.array } },
        { Array(try SealingWriter.seal(text.span, MessageKey(key, context: [])).prefix(24)) },
        {
          var output: [UInt8] = []
          return try SealingWriter(MessageKey(key, context: []), to: &output).salt
        },
        {
          let pair = try HPKE.KeyPair(derivedFrom: key)
          return Array(try HPKE.seal(text.span, to: pair.publicKey, info: []).prefix(32))
        },
      ]
      for draw in draws { #expect(try draw() != draw()) }
    }
  }

  /// `RAND_set_rand_method` is what an OpenSSL engine would call; it is deprecated, so it is looked up by its name.
  private static func makeOpenSSLRepeatItself() throws {
    let method = UnsafeMutablePointer<RAND_METHOD>.allocate(capacity: 1)
    unsafe method.initialize(to: RAND_METHOD())
    unsafe method.pointee.bytes = { output, count in
      for index in 0..<Int(count) { unsafe output?[index] = 7 }
      return 1
    }
    unsafe method.pointee.status = { 1 }
    typealias SetMethod = @convention(c) (UnsafePointer<RAND_METHOD>) -> CInt
    let address = try unsafe #require(dlsym(nil, "RAND_set_rand_method"))
    try unsafe #require(unsafeBitCast(address, to: SetMethod.self)(method) == 1)
    var bytes: [UInt8] = [0, 0]
    try unsafe #require(RAND_bytes(&bytes, 2) == 1 && bytes == [7, 7])
  }

  @Test(.enabled(if: !AddressSanitizer.isRunning, "the generators are never freed"))
  func copiesOfOneProvidersGeneratorGiveDifferentBytesByTheirAdditionalInput() throws {
    let (first, second) = (try Generator(), try Generator())
    #expect(try first.plainBytes() == second.plainBytes(), "the two are copies")
    #expect(try first.bytes() != second.bytes())
  }

  /// OpenSSL's configuration may have a policy whose provider is missing: nothing else is drawn then.
  @Test func underAPolicyNoOtherGeneratorIsUsed() async {
    await #expect(processExitsWith: .success) {
      try #require(EVP_default_properties_enable_fips(nil, 1) == 1)
      #expect(ProviderRandom.isDemanded)
      // Where such a provider is installed, it answers.
      if unsafe EVP_MD_fetch(nil, "SHA256", nil) != nil { return }
      #expect(throws: CryptoError.self) { try RandomBytes.make(count: 24) }
      #expect(throws: CryptoError.self) { try SymmetricKey.random() }
    }
  }
}

/// A generator as FIPS providers have it (CTR-DRBG), with the same seed each time.
@safe private struct Generator {
  private let source: OpaquePointer
  private let generator: OpaquePointer

  init() throws {
    let test = try unsafe #require(EVP_RAND_fetch(nil, "TEST-RAND", nil))
    unsafe source = try #require(EVP_RAND_CTX_new(test, nil))
    let strength = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    unsafe strength.initialize(to: 256)
    let seed = unsafe calloc(1024, 1)
    let parameters = unsafe [
      OSSL_PARAM_construct_uint(strdup("strength"), strength),
      OSSL_PARAM_construct_octet_string(strdup("test_entropy"), seed, 1024),
      OSSL_PARAM_construct_octet_string(strdup("test_nonce"), seed, 32),
      OSSL_PARAM_construct_end(),
    ]
    try unsafe #require(EVP_RAND_instantiate(source, 256, 0, nil, 0, parameters) == 1)
    let drbg = try unsafe #require(EVP_RAND_fetch(nil, "CTR-DRBG", nil))
    unsafe generator = try #require(EVP_RAND_CTX_new(drbg, source))
    let settings = unsafe [
      OSSL_PARAM_construct_utf8_string(strdup("cipher"), strdup("AES-256-CTR"), 0),
      OSSL_PARAM_construct_end(),
    ]
    try unsafe #require(EVP_RAND_instantiate(generator, 256, 0, nil, 0, settings) == 1)
  }

  func plainBytes() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 24)
    try unsafe #require(EVP_RAND_generate(generator, &bytes, bytes.count, 256, 0, nil, 0) == 1)
    return bytes
  }

  func bytes() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 24)
    try unsafe bytes.withUnsafeMutableBytes { memory in
      unsafe try ProviderRandom.fill(memory, from: generator)
    }
    return bytes
  }
}
