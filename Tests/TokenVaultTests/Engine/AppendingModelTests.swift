import Testing

@testable import TokenVault

/// Random operations, and a slow model of what they must come to.
@Suite struct AppendingModelTests: AppendingSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: RecordFormat.allCases, [1, 2, 3] as [UInt64])
  func afterEachOfManyRandomOperationsAllStoresAgreeWithASlowModel(
    _ format: RecordFormat, _ seed: UInt64
  ) throws {
    var run = try ModelledVault(directory, format, seed: seed)
    var (appended, replaced) = (0, 0)
    for step in 0..<80 {
      let inode = try directory.inode()
      let done = try run.step(step)
      if try directory.inode() == inode { appended += 1 } else { replaced += 1 }
      try run.expectAgreement("step \(step) of \(seed): \(done)")
    }
    #expect(appended > 20 && replaced > 20, "\(appended) appended, \(replaced) replaced")
  }
}
