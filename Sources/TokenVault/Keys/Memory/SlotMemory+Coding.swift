internal import VaultCrypto

// The file of a store's slots: lines of words, like a vault's header.
extension SlotMemory {
  private static let start = "tokenvault slots 1"

  func encode(for store: StoreID) -> [UInt8] {
    var text = "\(Self.start)\nstore \(store.text)\n"
    for id in retired { text += "retired \(id.text)\n" }
    for state in states {
      text += "data-key \(state.dataKeyID.text) \(Hexadecimal.encode(state.check))\n"
      for slot in state.slots {
        text +=
          "slot \(slot.name) \(slot.kind.rawValue) \(slot.keyID.text) "
          + "\(Hexadecimal.encode(slot.publicKey)) \(slot.isOwn ? "own" : "other")\n"
      }
    }
    return Array((text + "end\n").utf8)
  }

  /// Nil for anything that `encode` has not written for this store.
  static func decode(_ bytes: [UInt8], of store: StoreID) -> SlotMemory? {
    var memory = SlotMemory(states: [])
    // By bytes: to find characters takes longer than all the rest.
    let lines = String(decoding: bytes, as: UTF8.self).utf8.split(separator: 0x0A).map {
      $0.split(separator: 0x20).map { String(Substring($0)) }
    }
    for words in lines.dropFirst(2) where words != ["end"] {
      guard memory.consume(words) else { return nil }
    }
    return !memory.states.isEmpty && memory.encode(for: store) == bytes ? memory : nil
  }

  private mutating func consume(_ words: [String]) -> Bool {
    if words.count == 2, words[0] == "retired" {
      retired.append(DataKeyID(text: words[1]))
      return true
    }
    if words.count == 3, let check = Hexadecimal.decode(words[2][...], count: 16) {
      states.append(State(dataKeyID: DataKeyID(text: words[1]), check: check, slots: []))
      return true
    }
    guard words.count == 6, !states.isEmpty, let slot = Slot(words) else { return false }
    states[states.count - 1].slots.append(slot)
    return true
  }
}

extension SlotMemory.Slot {
  fileprivate init?(_ words: [String]) {
    guard let kind = SlotKind(rawValue: words[2]),
      let publicKey = Hexadecimal.decode(words[4][...], count: HPKE.publicKeySize)
    else { return nil }
    self.init(
      name: words[1], kind: kind, keyID: KeyID(text: words[3]), publicKey: publicKey,
      isOwn: words[5] == "own")
  }
}
