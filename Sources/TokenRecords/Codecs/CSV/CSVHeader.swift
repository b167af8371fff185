/// The columns that a header row names.
struct CSVHeader {
  private(set) var columns: [CSVColumn] = []
  /// The columns whose names are written so that they mean nothing else, in order.
  private var literals: [Bool] = []
  private var attributes = 0

  private typealias Name = (text: String, offset: Int)

  /// Whether the name of a column has no other meaning.
  func isLiteral(_ index: Int) -> Bool { literals[index] }

  /// Reads the header row; returns the table that goes on behind it.
  static func read(
    _ text: Span<UInt8>, isStored: Bool
  ) throws(RecordFault) -> (CSVHeader, CSVTable) {
    var (table, names) = try bestTable(text, isStored: isStored)
    let header = try CSVHeader(names, isStored: isStored)
    if !isStored, hasBlanks(names) { table.skipsBlanks = true }
    return (header, table)
  }

  private init(_ names: [Name], isStored: Bool) throws(RecordFault) {
    let isOwn = isStored || Self.isOwn(names)
    var seen: Set<ExactText> = []
    for (text, offset) in names {
      let name = isOwn ? text : text.trimmed
      try add(CSVColumn(header: name), at: offset, isStored: isStored)
      literals.append(isOwn || CSVColumn.isPrefixed(name))
      // Spreadsheets leave columns without a name.
      if name.isEmpty, !isStored { continue }
      guard seen.insert(ExactText(columns[columns.count - 1].header)).inserted else {
        throw RecordFault(.duplicateName(columns[columns.count - 1].recordName.text), at: offset)
      }
    }
    guard columns.contains(where: { Self.isOfAToken($0, isStored) }) else {
      throw RecordFault(.noTokenColumn, at: 0)
    }
    if isStored, !columns.starts(with: CSVRecordEncoder.knownColumns) {
      throw RecordFault(.notStored, at: 0)
    }
  }

  private mutating func add(
    _ column: CSVColumn, at offset: Int, isStored: Bool
  ) throws(RecordFault) {
    switch column {
    case .known(.expiresIn), .known(.expiresInSeconds), .known(.zohoExpiry):
      if isStored { throw RecordFault(.notStored, at: offset) }
    case .text, .json: attributes += 1
    default: break
    }
    guard attributes <= RecordFormat.attributeColumnLimit else {
      throw RecordFault(.tooManyColumns, at: offset)
    }
    columns.append(column)
  }

  /// Whether a column is a field of a token, by its own name or another.
  private static func isOfAToken(_ column: CSVColumn, _ isStored: Bool) -> Bool {
    if column.field != nil { return true }
    guard !isStored, case .text(let name) = column else { return false }
    if case .field = AnswerNames.role(of: name) { return true }
    return false
  }

  /// Whether a vault wrote the header.
  private static func isOwn(_ names: [Name]) -> Bool {
    names.contains { ExactText($0.text) == ExactText(RecordName.revision.text ?? "") }
  }

  /// Whether there is a blank behind each separator.
  private static func hasBlanks(_ names: [Name]) -> Bool {
    names.count > 1 && !isOwn(names) && names.dropFirst().allSatisfy { $0.text.first == " " }
  }

  // MARK: The separator

  private static let separators: [Unicode.Scalar] = [",", ";", "\t"]

  /// The table whose separator makes the most columns of tokens, and the names in its header; the comma before others.
  private static func bestTable(
    _ text: Span<UInt8>, isStored: Bool
  ) throws(RecordFault) -> (CSVTable, [Name]) {
    var best = try table(text, isStored: isStored, ",")
    if isStored { return best }
    for separator in separators.dropFirst() {
      guard let other = try? table(text, isStored: false, separator) else { continue }
      if knownCount(other.1) > knownCount(best.1) { best = other }
    }
    return best
  }

  private static func knownCount(_ names: [Name]) -> Int {
    names.count { isOfAToken(CSVColumn(header: $0.text.trimmed), false) }
  }

  private static func table(
    _ text: Span<UInt8>, isStored: Bool, _ separator: Unicode.Scalar
  ) throws(RecordFault) -> (CSVTable, [Name]) {
    func read(skipsBlanks: Bool) throws(RecordFault) -> (CSVTable, [Name]) {
      var table = CSVTable(text, isStored: isStored, separator: separator)
      table.skipsBlanks = skipsBlanks
      var names: [Name] = []
      try table.header(text) { (name, offset) throws(RecordFault) in names.append((name, offset)) }
      return (table, names)
    }
    do { return try read(skipsBlanks: false) } catch {
      // A blank may stand before a quote, or behind one.
      let reasons: [RecordError.Reason] = [.strayQuote, .textAfterQuote]
      guard reasons.contains(error.reason), !isStored else { throw error }
      return try read(skipsBlanks: true)
    }
  }
}
