@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// The same keys and names in every run.
enum Keys {
  static let store = StoreID(text: String(repeating: "5", count: 32))
  static let dataKey = DataKey(
    id: DataKeyID(text: String(repeating: "d", count: 16)), secret: key(1))
  static let moment = Timestamp(unchecked: 1_700_000_000_000)

  static func header(_ format: RecordFormat, after: Bool = false) -> VaultHeader {
    sound {
      var header = VaultHeader.make(format: format, store: store, dataKey: dataKey, now: moment)
      header.generation = 7
      header.logExtent = VaultHeader.logExtentUnit
      if after {
        header.after = CompactionPoint(generation: 5, tag: [UInt8](repeating: 10, count: 16))
      }
      try header.addSlot("default", for: SlotKey(.key, key(2)), dataKey, now: moment)
      try header.addSlot("recovery", for: SlotKey(.recovery, key(3)), dataKey, now: moment)
      return header
    }
  }

  private static func key(_ byte: UInt8) -> SymmetricKey {
    sound { try SymmetricKey(copying: [UInt8](repeating: byte, count: SymmetricKey.size).span) }
  }
}
