internal import VaultCrypto

/// What is sound of a vault that may be damaged: what opens of its snapshot, and every commit behind it that can be read.
struct VaultSalvage {
  /// The limits; nil where they are lost.
  let policy: VaultPolicy?
  let commits: CommitSalvage
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

  /// All that can be read; throws `irreparable` where nothing of the snapshot can.
  init(_ image: OpenedImage, _ dataKey: DataKey) throws(TokenVaultError) {
    let (header, sound) = (image.header, try image.soundSnapshot(with: dataKey))
    let start: (table: TokenTable, isStartKnown: Bool, chain: CommitChain, end: Int64)
    if let sound {
      (start, snapshotLoss) = ((sound.table, true, sound.chain, sound.end), SnapshotLoss())
    } else {
      (start, snapshotLoss) = try Self.salvaged(image, dataKey)
    }
    policy = start.isStartKnown ? start.table.policy : nil
    var commits = CommitSalvage(
      start.table, start.chain, header.format, dataKey, isNextIDCertain: start.isStartKnown)
    let rest = try image.bytes(from: start.end)
    do { try commits.run(rest.span) } catch { throw TokenVaultError(error) }
    self.commits = commits
    generation = header.generation + commits.chain.count
  }

  private static func salvaged(
    _ image: OpenedImage, _ dataKey: DataKey
  ) throws(TokenVaultError) -> (
    (table: TokenTable, isStartKnown: Bool, chain: CommitChain, end: Int64), SnapshotLoss
  ) {
    let path = image.path
    guard var snapshot = try image.salvagedSnapshot(with: dataKey) else {
      throw .irreparable(path: path, place: "nothing of its snapshot can be opened")
    }
    defer { snapshot.cleanse() }
    do throws(SnapshotFault) {
      let records = try RecordSalvage(snapshot, as: image.header.format)
      var table = TokenTable(
        tokens: PersistentArray(records.tokens), nextID: records.contents?.nextID ?? 1,
        policy: records.contents?.policy ?? VaultPolicy())
      if let inconsistency = table.inconsistency() { throw .inconsistent(inconsistency) }
      let loss = SnapshotLoss(
        isDamaged: true, chunks: snapshot.chunks, lostChunks: snapshot.lostChunks,
        lostBytes: records.lostBytes, areNamesLost: records.areNamesLost)
      return ((table, records.contents != nil, snapshot.chain, Int64(snapshot.end)), loss)
    } catch {
      throw .irreparable(path: path, place: error.place)
    }
  }

  /// The records as a vault can go on with them: with these limits where its own are lost, and with a next id above
  /// every one that may have been given. `isWhole` says that no save is known to be missing at the end.
  func settledTable(_ limits: VaultPolicy, isWhole: Bool) -> TokenTable {
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
