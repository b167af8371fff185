internal import VaultCrypto

/// Restores a header in which one byte was changed.
///
/// Tries all headers that differ in one byte, until one has the digest in the last line. Only the snapshot, which is
/// bound to the header, proves that it is the one that the vault's writer wrote.
enum HeaderMending {
  /// The longest header that is tried, since the time grows with the square of the size: ten slots.
  private static let sizeLimit = 8704
  private static let endName = Array("end ".utf8)
  private static let digestSize = 64
  /// The characters of a header.
  private static let textBytes = [0x0A] + Array(UInt8(ascii: " ")...UInt8(ascii: "~"))
  private static var endSize: Int { endName.count + digestSize + 1 }

  /// The bytes of the header as it was written; nil if more was changed, or the header is too long to try.
  static func mended(_ file: Span<UInt8>) throws(CryptoError) -> [UInt8]? {
    guard let end = endLine(file) else { return nil }
    var lines = file.extracting(0..<end).array
    let given = file.extracting(end + endName.count..<end + endName.count + digestSize).array
    let digest = Array(Hexadecimal.encode(try Digest.sha256(lines.span)).utf8)
    if zip(digest, given).count(where: { $0 != $1 }) < 2 { return header(lines, digest) }
    guard let wanted = Hexadecimal.decode(given.span, count: 32) else { return nil }
    for place in lines.indices {
      let byte = lines[place]
      for other in textBytes where other != byte {
        lines[place] = other
        if try Digest.sha256(lines.span) == wanted { return header(lines, given) }
      }
      lines[place] = byte
    }
    return nil
  }

  /// Where the end line begins, of which one byte may be wrong.
  private static func endLine(_ file: Span<UInt8>) -> Int? {
    let last = min(file.count, sizeLimit) - endSize
    guard last >= 0 else { return nil }
    return (0...last).first { place in
      (0..<endSize).count { !isEnd(file[place + $0], at: $0) } < 2
    }
  }

  private static func isEnd(_ byte: UInt8, at index: Int) -> Bool {
    switch index {
    case ..<endName.count: byte == endName[index]
    case endSize - 1: byte == 0x0A
    default:
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
  }

  private static func header(_ lines: [UInt8], _ digest: [UInt8]) -> [UInt8] {
    lines + endName + digest + [0x0A]
  }
}

extension VaultHeader {
  /// Reads a header of which one byte may be wrong.
  ///
  /// - Returns: The header, and its bytes as they were written.
  static func decode(
    damaged file: Span<UInt8>
  ) throws(FormatError) -> (header: VaultHeader, bytes: [UInt8]) {
    do {
      let (header, size) = try decode(file)
      return (header, file.extracting(0..<size).array)
    } catch {
      if error.isOfNewerVault { throw error }
      guard let bytes = try? HeaderMending.mended(file) else { throw error }
      return (try decode(bytes.span).header, bytes)
    }
  }
}
