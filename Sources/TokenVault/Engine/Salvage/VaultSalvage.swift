internal import VaultCrypto

/// What is sound of a vault that may be damaged: what opens of its snapshot, and every commit behind it that can be read.
struct VaultSalvage {
  /// The limits; nil where they are lost.
  let policy: RetentionPolicy?
  let commits: LogSalvage
  /// What is lost of the snapshot.
  let snapshotLoss: SnapshotLoss
  /// The generation that the vault had at least.
  let generation: UInt64

  /// Whether there is anything that must not be there.
  var isDamaged: Bool { snapshotLoss.isDamaged || commits.isDamaged }
  /// The records, with no limits where these are lost.
  var table: TokenTable { commits.table }

  /// So many ids are passed over where it is not certain which were given: to two records, in turn, one id would be a
  /// stranger's tokens for who has kept it.
  static let idMargin: UInt64 = 1_000_000

  /// What is lost of a snapshot.
  struct SnapshotLoss {
    var isDamaged = false
    var chunks = 0
    var lostChunks = 0
    var lostBytes = 0
    var areNamesLost = false
  }

  /// How many of the records are as the snapshot has them, and as a commit has.
  var origins: (snapshot: Int, saves: Int) {
    let saved = table.tokens.count { commits.savedIDs.contains(ExactText($0.id ?? "")) }
    return (table.tokens.count - saved, saved)
  }

  /// All that can be read; throws `irreparable` if nothing of the snapshot can, and no commit behind it.
  init(_ image: VaultReader, _ dataKey: DataKey) throws(TokenVaultError) {
    let (header, sound) = (image.header, try image.soundSnapshot(with: dataKey))
    let start: Start
    if let sound {
      (start, snapshotLoss) = (Start(sound.table, sound.chain, end: sound.end), SnapshotLoss())
    } else {
      (start, snapshotLoss) = try Self.salvaged(image, dataKey)
    }
    policy = start.isKnown ? start.table.policy : nil
    var commits = LogSalvage(
      start.table, start.chain, header.format, image.commits(with: dataKey),
      isNextIDCertain: start.isKnown, isSaltKnown: start.isSaltKnown)
    try commits.run(from: start.end)
    self.commits = commits
    generation = header.generation + commits.chain.count
    if !start.isAnythingOpen, commits.sound == 0 { throw Self.nothingOpens(image) }
  }

  /// What commits are read behind.
  private struct Start {
    let table: TokenTable
    let chain: LogChain
    let end: Int64
    /// Whether the limits and the next id are known, and the salt to which frames are bound.
    var (isKnown, isSaltKnown) = (true, true)
    /// Whether any part of the snapshot opens.
    var isAnythingOpen = true

    init(_ table: TokenTable, _ chain: LogChain, end: Int64) {
      (self.table, self.chain, self.end) = (table, chain, end)
    }
  }

  private static func nothingOpens(_ image: VaultReader) -> TokenVaultError {
    .irreparable(
      path: image.path, place: "nothing of its snapshot can be opened, and no save behind it")
  }

  private static func salvaged(
    _ image: VaultReader, _ dataKey: DataKey
  ) throws(TokenVaultError) -> (Start, SnapshotLoss) {
    guard var snapshot = try image.salvagedSnapshot(with: dataKey) else {
      throw nothingOpens(image)
    }
    defer { snapshot.cleanse() }
    do throws(SnapshotFault) {
      let records = try RecordSalvage(snapshot, as: image.header.format)
      var table = TokenTable(
        tokens: CopyOnWriteBlocks(records.tokens), nextID: records.contents?.nextID ?? 1,
        policy: records.contents?.policy ?? RetentionPolicy())
      if let inconsistency = table.inconsistency() { throw .inconsistent(inconsistency) }
      let loss = SnapshotLoss(
        isDamaged: true, chunks: snapshot.chunks, lostChunks: snapshot.lostChunks,
        lostBytes: records.lostBytes, areNamesLost: records.areNamesLost)
      var start = Start(table, snapshot.chain, end: snapshot.end)
      (start.isKnown, start.isSaltKnown) = (records.contents != nil, snapshot.isSaltKnown)
      start.isAnythingOpen = !snapshot.parts.isEmpty
      return (start, loss)
    } catch {
      throw .irreparable(path: image.path, place: error.place)
    }
  }

  /// The records as a vault can go on with them: with these limits where its own are lost, and with a next id above
  /// every one that may have been given. `isWhole` says that no save is known to be missing at the end.
  func settledTable(_ limits: RetentionPolicy, isWhole: Bool) -> TokenTable {
    var nextID = table.nextID
    if !commits.isNextIDCertain || !isWhole {
      for token in table.tokens {
        guard let id = token.id, let number = UInt64(id), String(number) == id else { continue }
        if number < TokenTable.counterLimit { nextID = max(nextID, number + 1) }
      }
      nextID = min(nextID + Self.idMargin, UInt64(TokenTable.counterLimit))
    }
    var settled = TokenTable(tokens: table.tokens, nextID: nextID, policy: policy ?? limits)
    settled.requireRewrite()
    return settled
  }
}
