import TokenVault

/// A vault whose commits have almost outgrown its snapshot.
struct GrownFile {
  let vault: Vault
  let store: Store

  /// Saves many records at once until only about so many saves of one are left before the file is rewritten.
  ///
  /// A first rewrite shows the limit. A store that rewrites its file at each save is left alone.
  func growNearRewrite(savesLeft: Int) throws {
    try vault.compact()
    let single = try growth(ofRecords: 1)
    let batch = try growth(ofRecords: batchSize)
    guard let single, let batch else { return }
    let margin = single * savesLeft
    // Four times, that is: then it is not by its size that the file is rewritten.
    var limit = try SystemCall.size(store.path) * 4
    var rewrites = 0
    while rewrites < 2 {
      let before = try SystemCall.size(store.path)
      if before + (rewrites > 0 ? margin : 0) + batch > limit { return }
      if try growth(ofRecords: batchSize) == nil {
        (limit, rewrites) = (before, rewrites + 1)
      }
    }
  }

  private var batchSize: Int { max(1, store.size / 50) }

  /// By how much a save of so many records lengthens the file; nil where it is another file then.
  private func growth(ofRecords count: Int) throws -> Int? {
    let before = try SystemCall.status(store.path)
    var random = SeededGenerator(seed: Int(before.st_size))
    var changes: [String: OAuthToken] = [:]
    for _ in 0..<count {
      let change = TokenChange.random(of: store.size, &random)
      changes[change.userName] = change.token
    }
    try vault.save(Array(changes.values))
    let after = try SystemCall.status(store.path)
    return after.st_ino == before.st_ino ? Int(after.st_size - before.st_size) : nil
  }
}
