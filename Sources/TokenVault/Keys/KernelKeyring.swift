internal import CLinux
internal import Glibc
internal import VaultCrypto

/// Opened data keys in the kernel's user keyring (keyrings(7)): memory that is never swapped, and that
/// every process of this user can read until the time is up.
package enum KernelKeyring {
  /// The system call that was refused, as in a container; `errno` says why.
  package struct Refusal: Error, Sendable, Equatable {
    let call: String
    let errno: Int32

    /// The same as the disk would say it.
    var diskError: DiskError { DiskError(call: call, path: nil, errno: errno) }

    /// One sentence's end.
    package var reason: String { "\(call): \(diskError.reason)" }
  }

  // keyctl(2), linux/keyctl.h.
  private static let userKeyring = -4
  private static let (setPermissions, unlink, search, read, setTimeout) = (5, 9, 10, 11, 15)
  private static let payloadSize = 16 + SymmetricKey.size

  private static func name(_ store: StoreID) -> String { "tokenvault:\(store.text)" }

  /// Keeps a store's data key for this many seconds, in place of one kept before.
  package static func keep(
    _ dataKey: DataKey, of store: StoreID, seconds: UInt32
  ) throws(Refusal) {
    var payload: [UInt8] = []
    payload.reserveCapacity(payloadSize)
    defer { payload.cleanse() }
    payload += dataKey.id.text.utf8
    dataKey.secret.withSpan { for index in $0.indices { payload.append($0[index]) } }
    // Away with an older one, whose time would go on.
    try forget(store)
    let key = unsafe linux_add_key(
      "user", name(store), payload, payload.count, Int32(userKeyring))
    guard key >= 0 else { throw Refusal(call: "add_key", errno: errno) }
    // Everything for the possessor and for the user, nothing for others.
    let isSet =
      linux_keyctl(Int32(setPermissions), UInt(key), 0x3F3F_0000, 0, 0) == 0
      && linux_keyctl(Int32(setTimeout), UInt(key), UInt(seconds), 0, 0) == 0
    guard isSet else {
      let refusal = Refusal(call: "keyctl", errno: errno)
      _ = try? forget(store)
      throw refusal
    }
  }

  /// The store's data key, where one is kept.
  package static func dataKey(of store: StoreID) throws(Refusal) -> DataKey? {
    guard let key = try find(store) else { return nil }
    var payload = [UInt8](repeating: 0, count: payloadSize)
    defer { payload.cleanse() }
    let count = unsafe payload.withUnsafeMutableBytes { memory in
      linux_keyctl(
        Int32(read), UInt(key), UInt(bitPattern: memory.baseAddress), UInt(memory.count), 0)
    }
    if count < 0, isGone(errno) { return nil }
    guard count >= 0 else { throw Refusal(call: "keyctl", errno: errno) }
    guard count == payloadSize else { return nil }
    let id = DataKeyID(text: String(decoding: payload[..<16], as: UTF8.self))
    var secret = Array(payload[16...])
    defer { secret.cleanse() }
    return (try? SymmetricKey(copying: secret.span)).map { DataKey(id: id, secret: $0) }
  }

  /// Forgets the store's data key; false where none was kept.
  @discardableResult
  package static func forget(_ store: StoreID) throws(Refusal) -> Bool {
    guard let key = try find(store) else { return false }
    let ring = UInt(bitPattern: userKeyring)
    guard linux_keyctl(Int32(unlink), UInt(key), ring, 0, 0) == 0 || isGone(errno) else {
      throw Refusal(call: "keyctl", errno: errno)
    }
    return true
  }

  private static func find(_ store: StoreID) throws(Refusal) -> Int? {
    let ring = UInt(bitPattern: userKeyring)
    let key = unsafe "user".withCString { type in
      unsafe name(store).withCString { name in
        linux_keyctl(
          Int32(search), ring, UInt(bitPattern: type), UInt(bitPattern: name), 0)
      }
    }
    if key < 0, isGone(errno) { return nil }
    guard key >= 0 else { throw Refusal(call: "keyctl", errno: errno) }
    return key
  }

  private static func isGone(_ errno: Int32) -> Bool {
    [ENOKEY, EKEYEXPIRED, EKEYREVOKED].contains(errno)
  }
}
