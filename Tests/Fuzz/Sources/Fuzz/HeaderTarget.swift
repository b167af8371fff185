@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Headers: the one text of each, and that of a header with one wrong byte.
struct HeaderTarget {
  static var seeds: [[UInt8]] { headers + [[0, 0, 3, 4, 1, 2], [0, 1, 5, 13, 1, 0]] }

  /// Sound headers without their last line.
  private static let headers = RecordFormat.allCases.map { format in
    let bytes = sound { try Keys.header(format, after: format == .csv).encode() }
    return Array(bytes.dropLast(69))
  }
  private static let lines = headers.map {
    String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// A sound header, of which the input changes words and lines.
  private func changed(_ choices: inout Choices) -> [UInt8] {
    var lines = choices.element(ofByte: Self.lines)
    for _ in 0..<8 where !choices.isEmpty && !lines.isEmpty {
      let line = Int(choices.byte()) % lines.count
      switch choices.byte() % 16 {
      case 0: lines.remove(at: line)
      case 1: lines.insert(choices.element(ofByte: lines), at: line)
      case 2: lines.swapAt(line, Int(choices.byte()) % lines.count)
      case let kind: Self.change(&lines[line], kind, &choices)
      }
    }
    return lines.flatMap { Array("\($0)\n".utf8) }
  }

  private static func change(_ line: inout String, _ kind: UInt8, _ choices: inout Choices) {
    var words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard !words.isEmpty else { return }
    let place = Int(choices.byte()) % words.count
    let word = words[place]
    switch kind {
    case 3, 4: words[place] = "0\(word)"
    case 5: words[place] = "+\(word)"
    case 6: words[place] = word.uppercased()
    case 7: words[place] = ""
    case 8: words[place] = String(word.dropLast())
    case 9: words[place] = word + word
    case 10: words[place] = choices.element(ofByte: words)
    case 11: words[place] = String(choices.word())
    case 12: words[place] = word + "\r"
    case 13: words[place] = choices.element(ofByte: ["none", "a b", "00", "-", "a-1 b", "csv"])
    default: words[place] = String(decoding: choices.bytes(4), as: UTF8.self)
    }
    line = words.joined(separator: " ")
  }

  /// The lines that the input is, or changes, behind them the right digest and bytes that may be lengths; also the input itself.
  func check(_ input: [UInt8]) {
    var choices = Choices(input)
    // A header begins with a letter.
    if choices.byte() < 32 { return check(lines: changed(&choices)) }
    check(lines: input)
    check(file: input)
  }

  private func check(lines input: [UInt8]) {
    let digest = Hexadecimal.encode(sound { try Digest.sha256(input.span) })
    let header = input + Array("end \(digest)\n".utf8)
    check(file: header + input.suffix(16))
    // It takes as long as a hundred other checks.
    if input.count % 64 == 0 { checkMending(header, input) }
  }

  private func check(file: [UInt8]) {
    if let (header, size) = try? VaultHeader.decode(file.span) {
      let encoded = sound { try header.encode() }
      require(encoded == Array(file[..<size]), "a header has one text")
    }
    if let parts = try? VaultContainer.parse(file.span, size: Int64(file.count)) {
      require(parts.indexEnd <= file.count, "the parts are in the file")
      let again = try? VaultContainer.parse(damaged: file.span, size: Int64(file.count))
      require(again?.header == parts.header, "a repair reads a sound header as it is")
    }
    if file.count % 64 == 0 {
      _ = try? VaultContainer.parse(damaged: file.span, size: Int64(file.count))
    }
  }

  /// One wrong byte: a repair finds the header that it was.
  private func checkMending(_ header: [UInt8], _ input: [UInt8]) {
    guard let sound = try? VaultHeader.decode(header.span).header, let last = input.last,
      let place = input.indices.randomElement(salt: Int(last)), header.count < 4096
    else { return }
    var damaged = header
    damaged[place] = damaged[place] ^ last & 0x7F
    guard let mended = try? VaultContainer.parse(damaged: damaged.span, size: 1 << 20) else {
      return
    }
    require(mended.header == sound, "a mended header is the one that was damaged")
  }
}

extension Range<Int> {
  fileprivate func randomElement(salt: Int) -> Int? {
    isEmpty ? nil : lowerBound + salt * 7919 % count
  }
}
