internal import VaultCrypto

// The file of a store's slots: lines of words, like a vault's header.
extension SlotMemory {
  private static let start = "tokenvault slots 1"

  func encode(for store: StoreID) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    bytes += "\(Self.start)\nstore \(store.text)\n".utf8
    for id in retired { bytes += "retired \(id.text)\n".utf8 }
    for state in states {
      bytes += "data-key \(state.dataKeyID.text) ".utf8
      Hexadecimal.append(state.check, to: &bytes)
      bytes.append(0x0A)
      for slot in state.slots {
        bytes += "slot \(slot.name) \(slot.kind.rawValue) \(slot.keyID.text) ".utf8
        Hexadecimal.append(slot.publicKey, to: &bytes)
        bytes += (slot.isOwn ? " own\n" : " other\n").utf8
      }
    }
    bytes += "end\n".utf8
    return bytes
  }

  /// Nil for anything that `encode` has not written for this store.
  static func decode(_ bytes: [UInt8], of store: StoreID) -> SlotMemory? {
    var memory = SlotMemory(states: [])
    let lines = bytes[...].parts(between: "\n")
    for line in lines.dropFirst(2) where !line.isEmpty && !line.isText("end") {
      guard memory.consume(line.parts(between: " ")) else { return nil }
    }
    return !memory.states.isEmpty && memory.encode(for: store) == bytes ? memory : nil
  }

  private mutating func consume(_ words: [HeaderWord]) -> Bool {
    if words.count == 2, words[0].isText("retired") {
      retired.append(DataKeyID(text: words[1].text))
      return true
    }
    if words.count == 3, let check = Hexadecimal.decode(words[2], count: 16) {
      states.append(State(dataKeyID: DataKeyID(text: words[1].text), check: check, slots: []))
      return true
    }
    guard words.count == 6, !states.isEmpty, let slot = Slot(words) else { return false }
    states[states.count - 1].slots.append(slot)
    return true
  }
}

extension SlotMemory.Slot {
  fileprivate init?(_ words: [HeaderWord]) {
    guard let kind = SlotKind(rawValue: words[2].text),
      let publicKey = Hexadecimal.decode(words[4], count: HPKE.publicKeySize)
    else { return nil }
    self.init(
      name: words[1].text, kind: kind, keyID: KeyID(text: words[3].text), publicKey: publicKey,
      isOwn: words[5].isText("own"))
  }
}
