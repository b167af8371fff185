internal import VaultCrypto

/// The sound records of a vault that may be damaged: those of every snapshot chunk and every log entry that opens.
struct VaultSalvage {
  /// The retention policy; nil if it is lost.
  let policy: RetentionPolicy?
  let log: LogSalvage
  /// The loss in the snapshot.
  let snapshotLoss: SnapshotLoss
  /// The least generation that the vault had.
  let generation: UInt64

  /// Whether the index of a sound snapshot is damaged, or a summary of the log wrong.
  let isIndexDamaged: Bool

  /// Whether snapshot, index or log are damaged.
  var isDamaged: Bool { snapshotLoss.isDamaged || isIndexDamaged || log.isDamaged }
  /// The records, without a policy if it is lost.
  var table: TokenTable { log.table }

  /// The number of ids that are skipped if it is not certain which were assigned: a program that has kept an id must not
  /// get the tokens of another record by it.
  static let idMargin: UInt64 = 1_000_000

  struct SnapshotLoss {
    var isDamaged = false
    var chunks = 0
    var lostChunks = 0
    var lostBytes = 0
    var areNamesLost = false
  }

  /// The number of records from the snapshot, and from log entries.
  var origins: (snapshot: Int, saves: Int) {
    let saved = table.tokens.count { log.savedIDs.contains(ExactText($0.id ?? "")) }
    return (table.tokens.count - saved, saved)
  }

  /// Reads all that can be read.
  ///
  /// - Throws: `TokenVaultError.irreparable` if no chunk of the snapshot opens, and no log entry.
  ///
  /// - Parameter seen: The generation that this host has seen.
  init(
    _ image: VaultReader, _ dataKey: DataKey, seen: SeenGeneration?
  ) throws(TokenVaultError) {
    let (header, sound) = (image.header, try image.soundSnapshot(with: dataKey))
    let start: Start
    if let sound {
      start = Start(table: sound.table, chain: sound.chain, area: sound.area)
      snapshotLoss = SnapshotLoss()
    } else {
      (start, snapshotLoss) = try Self.salvaged(image, dataKey)
    }
    policy = start.isKnown ? start.table.policy : nil
    let hash = try image.indexHash(snapshotSalt: start.chain.snapshotSalt, with: dataKey)
    var log = LogSalvage(
      start.table, start.chain, header.format, image.logWindow(), hash,
      isNextIDCertain: start.isKnown)
    try log.run(start.area, covered: header.entry(of: seen))
    isIndexDamaged = sound?.isIndexSound == false || log.isSummaryWrong
    self.log = log
    generation = header.generation + log.chain.count
    if !start.isAnythingOpen, log.sound == 0 { throw Self.nothingOpens(image) }
  }

  /// The snapshot that the log is read behind.
  private struct Start {
    let table: TokenTable
    let chain: LogChain
    let area: LogArea
    /// Whether policy and next id are known.
    var isKnown = true
    /// Whether any part of the snapshot opens.
    var isAnythingOpen = true
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
      let start = Start(
        table: table, chain: snapshot.chain, area: LogArea(start: snapshot.logStart, image.header),
        isKnown: records.contents != nil, isAnythingOpen: !snapshot.parts.isEmpty)
      return (start, loss)
    } catch {
      throw .irreparable(path: image.path, place: error.place)
    }
  }

  /// The records for a vault that continues: with a next id above every one that may have been assigned.
  ///
  /// - Parameters:
  ///   - limits: The policy if the vault's own is lost.
  ///   - isWhole: Whether no save is known to be missing at the end.
  func settledTable(_ limits: RetentionPolicy, isWhole: Bool) -> TokenTable {
    var nextID = table.nextID
    if !log.isNextIDCertain || !isWhole {
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
