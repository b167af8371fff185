@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Stored records: in pieces as at once, one as all, with keys alone as with all fields, and a round trip through both
/// formats.
struct RecordsTarget {
  private let format: RecordFormat

  init(_ format: RecordFormat) { self.format = format }

  static func seeds(_ format: RecordFormat) -> [[UInt8]] {
    [SeedRecords.few, SeedRecords.odd].map { [3, 9] + format.encode($0) }
  }

  /// The first two bytes say how long the pieces are.
  func check(_ input: [UInt8]) {
    var choices = Choices(input.prefix(2))
    let sizes = [Int(choices.byte()) + 1, Int(choices.byte()) + 1]
    let text = Array(input.dropFirst(2))
    let records = checkStored(text)
    checkPieces(text, records, sizes)
    checkContents(text, sizes)
    if let records { checkRoundTrips(records.map(\.token)) }
  }

  private typealias Place = (token: OAuthToken, start: Int)

  private func stored(_ text: [UInt8]) -> [Place]? {
    var records: [Place] = []
    do {
      try format.forEachStored(in: text.span) { records.append(($0, $1)) }
      return records
    } catch {
      return nil
    }
  }

  private func rows(_ text: [UInt8]) -> [StoredRow]? {
    var rows: [StoredRow] = []
    do {
      var scanner = try StoredRowScanner(format, text.span)
      while let row = try scanner.next(text.span) { rows.append(row) }
      return rows
    } catch {
      return nil
    }
  }

  /// Each record is also found by itself, as a program reads one of a large vault.
  private func checkStored(_ text: [UInt8]) -> [Place]? {
    let rows = rows(text)
    guard let records = stored(text) else { return nil }
    require(
      rows?.map(\.place.lowerBound) == records.map(\.start), "rows are at the records' places")
    let header = format == .csv ? Array(text[..<(format.rowEnd(in: text.span) ?? 0)]) : []
    for (record, scanned) in zip(records, rows ?? []) {
      require(
        record.token.searchKeyTexts == scanned.searchKeyTexts(in: text), "a row has the keys")
      require(record.token.revision == scanned.revision, "a row has the revision")
      let rest = text.span.extracting(record.start...)
      let end = required(format.rowEnd(in: rest), "a record ends with its row")
      require(scanned.place.count == end, "a row ends with its line")
      let row = header + Array(text[record.start..<record.start + end])
      let one = try? format.decode(stored: row.span)
      require(one == [record.token], "one record is the same as with all")
      require(one?.first?.history == record.token.history, "its history, too")
    }
    return records
  }

  private func checkPieces(_ text: [UInt8], _ records: [Place]?, _ sizes: [Int]) {
    var reader = StoredRecordReader(format, pieceSize: sizes[0])
    var places: [Place] = []
    let tokens = try? inPieces(text, sizes[1]) { piece in
      try reader.add(piece) { places.append(($0, $1)) }
    } finish: {
      Array(try reader.finish { places.append(($0, $1)) })
    }
    require(tokens == records?.map(\.token), "records are the same in pieces")
    if let records {
      require(places.map(\.start) == records.map(\.start), "and at the same places")
    }
  }

  private func inPieces<Result>(
    _ text: [UInt8], _ size: Int, _ add: (Span<UInt8>) throws -> Void, finish: () throws -> Result
  ) throws -> Result {
    for start in stride(from: 0, to: text.count, by: size) {
      try add(text.span.extracting(start..<min(start + size, text.count)))
    }
    return try finish()
  }

  /// The text as that of a snapshot, and of a log entry.
  private func checkContents(_ text: [UInt8], _ sizes: [Int]) {
    if let contents = try? SnapshotContents(text.span) {
      let table = TokenTable(nextID: contents.nextID, policy: contents.policy)
      require(
        SnapshotContents.preamble(of: table) == Array(text[..<contents.recordsStart]),
        "a preamble has one text")
    }
    if let entry = try? LogEntry.decode(text.span, as: format) {
      var table = TokenTable(nextID: entry.nextID)
      _ = try? table.apply(entry)
    }
  }

  private func checkRoundTrips(_ tokens: [OAuthToken]) {
    for format in RecordFormat.allCases where tokens.allSatisfy(format.canHold) {
      let again = try? format.decode(stored: format.encode(tokens).span)
      require(again == tokens, "records survive \(format)")
      require(again?.map(\.history) == tokens.map(\.history), "histories survive \(format)")
    }
    require(tokens.allSatisfy(format.canHold), "what was stored can be stored")
  }
}

extension OAuthToken {
  /// The keys of the record, each with what it is of.
  var searchKeyTexts: [[UInt8]] {
    var texts: [[UInt8]] = []
    forEachSearchKey { kind, text, client in
      texts.append([kind.rawValue] + text.array + [0xFF] + client.array)
    }
    return texts
  }
}

extension StoredRow {
  /// The same of a row of this text.
  fileprivate func searchKeyTexts(in text: [UInt8]) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    forEachSearchKey(in: text.span) { kind, text, client in
      texts.append([kind.rawValue] + text.array + [0xFF] + client.array)
    }
    return texts
  }
}
