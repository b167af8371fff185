import Testing

@testable import TokenVault

/// How many unknown fields the records of a CSV vault have between them is not counted anew at each save.
@Suite struct AttributeColumnsTests {
  private var table = TokenTable()

  private mutating func save(
    _ user: Int, _ names: some Sequence<Int>, as format: RecordFormat = .csv,
    json: Bool = false
  ) throws {
    var given = OAuthToken()
    (given.userName, given.accessToken) = ("\(user)", "t")
    for name in names { given.attributes["n\(name)"] = json ? .json("1") : .text("v") }
    let outcomes = try table.saveAll([given], now: moment(0))
    try table.checkStorable(outcomes, as: format)
  }

  @Test mutating func columnsAreCountedAcrossSaves() throws {
    let limit = RecordFormat.attributeColumnLimit
    try save(1, 0..<limit - 1)
    try save(2, 0..<limit)
    let before = table
    #expect(throws: TokenVaultError.tooManyUnknownFields) { try save(3, [limit]) }
    table = before
    #expect(throws: TokenVaultError.tooManyUnknownFields) { try save(3, [0], json: true) }
    table = before
    try table.delete(ids: ["2"])
    try save(3, [limit])
    #expect(throws: TokenVaultError.tooManyUnknownFields) { try save(4, [limit + 1]) }
  }

  @Test mutating func recordsOfOthersAndOfTimesInJSONCount() throws {
    let limit = RecordFormat.attributeColumnLimit
    try save(1, 0..<limit - 1)
    var other = OAuthToken()
    (other.id, other.revision, other.attributes) = ("9", 1, ["other": .text("v")])
    try table.apply([other], nextID: 10)
    let before = table
    #expect(throws: TokenVaultError.tooManyUnknownFields) { try save(2, [limit]) }
    table = before
    try save(2, [limit], as: .json)
    #expect(table.attributeNames == nil)
    #expect(throws: TokenVaultError.tooManyUnknownFields) { try save(3, [0]) }
  }

  @Test mutating func longNamesAreTooLongForAHeader() throws {
    try save(1, [1])
    for number in 0..<3 {
      var given = OAuthToken()
      (given.userName, given.accessToken) = ("u\(number)", "t")
      given.attributes[String(repeating: "\(number)", count: 300_000)] = .text("v")
      let outcomes = try table.saveAll([given], now: moment(0))
      try table.checkStorable(outcomes, as: .csv)
    }
    var given = OAuthToken()
    (given.userName, given.accessToken) = ("more", "t")
    given.attributes[String(repeating: "m", count: 300_000)] = .text("v")
    let outcomes = try table.saveAll([given], now: moment(0))
    #expect(throws: TokenVaultError.tooManyUnknownFields) {
      try table.checkStorable(outcomes, as: .csv)
    }
  }
}
