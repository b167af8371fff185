import Synchronization

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Tests of a vault with some hundred records, of several clients and with long and short texts, and its index.
protocol IndexSuite {
  var directory: TemporaryDirectory { get }
}

extension IndexSuite {
  static var name: String { "tokens.vault" }
  var configuration: VaultConfiguration { directory.configuration() }

  /// Every kind of key, users of several clients, and records that a chunk's border cuts.
  static func records(_ count: Int = 1200) throws -> [OAuthToken] {
    try (1...count).map { number in
      var record = try token(
        #"{"id":"\#(number)","user_name":"user\#(number / 3)","refresh_token":"refresh\#(number)"}"#
      )
      if number % 4 > 0 { record.clientID = "client\(number % 3)" }
      record[.accessToken] = "access\(number)" + String(repeating: "a", count: number % 301)
      if number % 5 == 0 { record[.grantToken] = "grant\(number)" }
      record[.scope] = #"quoted "\#(number)", and "# + String(repeating: "s", count: 200)
      return record
    }
  }

  @discardableResult
  func makeVault(
    _ format: RecordFormat, _ count: Int = 1200, _ configuration: VaultConfiguration? = nil
  ) throws -> SnapshotText {
    let vault = try Vault.create(configuration ?? self.configuration, format: format)
    // By their ids: a record without a client matches others.
    try vault.save(Self.records(count))
    return try SnapshotText(vault)
  }

  func isDecoded(_ vault: Vault) -> Bool { vault.session.mutex.withLock { $0.records.isDecoded } }

  func write(_ bytes: [UInt8]) throws { try directory.write(bytes, to: Self.name) }

  /// What a program needs to know of the index, to compute where a key is.
  func index() throws -> (layout: IndexLayout, hash: IndexHash) {
    let vault = try Vault(configuration)
    let (dataKey, header) = vault.session.mutex.withLock { ($0.found.dataKey, $0.header) }
    let image = try VaultReader(vault.session.mutex.withLock { $0.access.file })
    let snapshot = try image.snapshot(with: dataKey)
    let index = try image.index(of: snapshot, with: dataKey)
    return (
      index.layout, try IndexHash(dataKey, header.store, snapshotSalt: snapshot.salt)
    )
  }

  /// The chunks of the index that a lookup of a key may open: the first, the one where it must be, and its neighbours.
  func chunks(for query: TokenQuery) throws -> Set<Int> {
    let (layout, hash) = try index()
    return query.searchKeys.reduce(into: [0]) { chunks, key in
      let chunk = layout.chunk(ofHash: hash.value(of: key))
      chunks.formUnion([chunk - 1, chunk, chunk + 1])
    }
  }
}

extension FileLayout {
  /// The file with a bit changed of each chunk of the snapshot and of the index but these.
  func damaging(snapshotBut snapshot: Set<Int>, indexBut index: Set<Int>) -> [UInt8] {
    var bytes = bytes
    for (range, kept) in [(snapshotStart..<snapshotEnd, snapshot), (snapshotEnd..<indexEnd, index)]
    {
      let starts = stride(
        from: range.lowerBound + MessageLayout.prefixSize, to: range.upperBound,
        by: MessageLayout.sealedChunkSize)
      for (chunk, start) in starts.enumerated() where !kept.contains(chunk) { bytes[start] ^= 1 }
    }
    return bytes
  }
}
