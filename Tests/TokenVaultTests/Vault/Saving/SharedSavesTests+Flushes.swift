import Testing

@testable import TokenVault

extension SharedSavesTests {
  @Test func aSaveThatFindsWhatAnotherStoreIsWritingWaitsForTheDiskOnce() throws {
    try holdFirst()
    let counting = CuttingDisk()
    let configuration = directory.configuration(on: counting)
    let other = try Vault(configuration)
    func save() throws -> Int {
      let before = counting.calls.count { $0 == "fdatasync" }
      #expect(try other.save(smallToken("first")).change == .unchanged)
      return counting.calls.count { $0 == "fdatasync" } - before
    }
    #expect(try save() == 1)
    #expect(try save() == 0)
    #expect(!counting.calls.contains("write"))
    goOn()
    #expect(try save() == 0)
  }

  @Test func aSaveThatFindsWhatAThreadOfItsOwnHasFlushedCostsNothing() throws {
    try holdFirst()
    try threads.startAndWaitUntilItWaits(saving("again", [try smallToken("first")]))
    goOn()
    #expect(try result("again").get().map(\.change) == [.unchanged])
    #expect(flushes == 1)
    #expect(try directory.layout().commits.count == 1)
  }

  /// What a killed writer has left behind it says nothing about the commit before.
  @Test func aSaveThatFindsItsRecordBeforeAnUnfinishedTailWaitsForTheDiskToo() throws {
    try holdFirst()
    let sound = try directory.bytes("tokens.vault")
    try directory.write(sound + [1, 2, 3], to: "tokens.vault")
    let counting = CuttingDisk()
    let configuration = directory.configuration(on: counting)
    #expect(try Vault(configuration).save(smallToken("first")).change == .unchanged)
    #expect(counting.calls.contains { ["fdatasync", "fsync"].contains($0) })
    goOn()
  }

  /// Whoever is told that it is there already throws his copy away.
  @Test func anImportThatFindsWhatAnotherStoreIsWritingWaitsForTheDiskToo() throws {
    try holdFirst()
    let counting = CuttingDisk()
    let configuration = directory.configuration(on: counting)
    let outcomes = try Vault(configuration).importTokens([smallToken("first")])
    #expect(outcomes.map(\.change) == [.unchanged])
    #expect(counting.calls.contains { ["fdatasync", "fsync"].contains($0) })
    goOn()
  }

  @Test func whereASharedFlushFailsAllIsWrittenAnewAndNobodyFails() throws {
    try holdFirst()
    for number in 1...3 { try threads.startAndWaitUntilItWaits(try saving("u\(number)")) }
    goOn(failing: ["fdatasync"])
    for user in ["first", "u1", "u2", "u3"] { #expect(throws: Never.self) { try ids(user) } }
    #expect(try directory.users() == ["a", "b", "c", "d", "first", "u1", "u2", "u3"])
    #expect(try directory.layout().commits.isEmpty)
  }

  @Test func whereTheDiskFailsAllThatShareAWriteAreToldAndTheStoreGoesOn() throws {
    try holdFirst()
    for number in 1...3 { try threads.startAndWaitUntilItWaits(try saving("u\(number)")) }
    goOn(failing: ["pwrite"])
    #expect(throws: Never.self) { try ids("first") }
    for number in 1...3 {
      #expect(throws: TokenVaultError.self) { try result("u\(number)").get() }
    }
    held.mend()
    #expect(try directory.users() == ["a", "b", "c", "d", "first"])
    #expect(try vault.save(smallToken("next")).token.id == "6")
    #expect(try vault.allTokens().compactMap(\.userName) == directory.users())
  }
}
