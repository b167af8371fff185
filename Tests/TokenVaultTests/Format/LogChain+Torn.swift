@testable import TokenVault
@testable import VaultCrypto

extension LogChain {
  /// The verdict on a tail that is read as a whole.
  func isTorn(_ tail: Span<UInt8>, _ dataKey: DataKey) throws(CryptoError) -> Bool {
    var check = TornWriteCheck(self, size: tail.count, dataKey)
    try check.add(tail)
    return try check.isTorn()
  }
}
