internal import CLinux
internal import Glibc
internal import VaultCrypto

/// Data keys in the kernel's user keyring (keyrings(7)): memory that is never swapped, and that every process of this
/// user can read until the timeout.
enum KernelKeyring {
  private static let idSize = 16
  private static let payloadSize = idSize + SymmetricKey.size

  private static func name(_ store: StoreID) -> String { "tokenvault:\(store.text)" }

  /// Keeps a store's data key for this many seconds, in the place of an older one.
  static func keep(
    _ dataKey: DataKey, of store: StoreID, seconds: UInt32
  ) throws(SystemCallError) {
    var payload: [UInt8] = []
    payload.reserveCapacity(payloadSize)
    defer { payload.cleanse() }
    payload += dataKey.id.text.utf8
    dataKey.secret.withSpan { for index in $0.indices { payload.append($0[index]) } }
    // add_key(2) would update an older one, and leave its timeout.
    try forget(store)
    let key = unsafe linux_add_user_key(name(store), payload, payload.count)
    guard key >= 0 else { throw SystemCallError("add_key") }
    if linux_make_key_private(key) == 0, linux_set_key_timeout(key, seconds) == 0 { return }
    let error = SystemCallError("keyctl")
    _ = try? forget(store)
    throw error
  }

  static func dataKey(of store: StoreID) throws(SystemCallError) -> DataKey? {
    guard let key = try find(store) else { return nil }
    var payload = [UInt8](repeating: 0, count: payloadSize)
    defer { payload.cleanse() }
    let count = unsafe linux_read_key(key, &payload, payload.count)
    if count < 0, isGone(errno) { return nil }
    guard count >= 0 else { throw SystemCallError("keyctl") }
    guard count == payloadSize else { return nil }
    let id = DataKeyID(text: String(decoding: payload[..<idSize], as: UTF8.self))
    var secret = Array(payload[idSize...])
    defer { secret.cleanse() }
    return (try? SymmetricKey(copying: secret.span)).map { DataKey(id: id, secret: $0) }
  }

  /// Forgets the store's data key; returns false if none was kept.
  @discardableResult
  static func forget(_ store: StoreID) throws(SystemCallError) -> Bool {
    guard let key = try find(store) else { return false }
    guard linux_unlink_user_key(key) == 0 || isGone(errno) else { throw SystemCallError("keyctl") }
    return true
  }

  private static func find(_ store: StoreID) throws(SystemCallError) -> Int32? {
    let key = unsafe linux_find_user_key(name(store))
    if key < 0, isGone(errno) { return nil }
    guard key >= 0 else { throw SystemCallError("keyctl") }
    return key
  }

  private static func isGone(_ errno: Int32) -> Bool {
    [ENOKEY, EKEYEXPIRED, EKEYREVOKED].contains(errno)
  }
}
