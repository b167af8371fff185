/// The positions of records by key, with one index for each ``RecordKey``, built on first use.
struct TokenIndex: Sendable {
  /// Empty until the first is built.
  private var chains: [PositionHashIndex?] = []
  /// So many records are compared sooner than indexed.
  private static let comparedLimit = 4

  /// The records that a query matches; nil if there are none. Calls `visit` with each position that it compares.
  ///
  /// Records without a client match only if none of the query's client does.
  mutating func match(
    _ query: TokenQuery, in tokens: CopyOnWriteBlocks<OAuthToken>, visit: (Int) -> Void = { _ in }
  ) -> IndexMatch? {
    guard let (field, text) = query.key, let key = RecordKey(field) else { return nil }
    func match(_ key: RecordKey, _ hash: Int, _ matches: (OAuthToken) -> Bool) -> IndexMatch? {
      self.match(key, hash, tokens) { position in
        visit(position)
        return tokens[position].has(text, in: field) && matches(tokens[position])
      }
    }
    guard let client = query.clientID else { return match(key, key.hash(text)) { _ in true } }
    // The hash includes the client, so that records of other clients are not compared.
    let pair = key.withClient
    return match(pair ?? key, pair?.hash(text, client: client) ?? key.hash(text)) {
      $0.has(client, in: .clientID)
    } ?? match(pair ?? key, key.hash(text)) { $0[.clientID] == nil }
  }

  /// The positions of the records that have the key of a query, whatever their clients.
  mutating func positions(
    having query: TokenQuery, in tokens: CopyOnWriteBlocks<OAuthToken>
  ) -> [Int] {
    guard let (field, text) = query.key, let key = RecordKey(field) else { return [] }
    var positions: [Int] = []
    _ = match(key, key.hash(text), tokens) { position in
      if tokens[position].has(text, in: field) { positions.append(position) }
      return false
    }
    return positions
  }

  /// The position of the record with the id that these bytes are; nil if there is none.
  mutating func position(
    ofID id: Span<UInt8>, in tokens: CopyOnWriteBlocks<OAuthToken>
  ) -> Int? {
    var hasher = Hasher()
    ExactText.hash(id, into: &hasher)
    return match(.id, hasher.finalize(), tokens) { position in
      tokens[position].withText(of: .id) { ExactText.isEqual($0, id) } ?? false
    }?.oldest
  }

  private mutating func match(
    _ key: RecordKey, _ hash: Int, _ tokens: CopyOnWriteBlocks<OAuthToken>,
    where matches: (Int) -> Bool
  ) -> IndexMatch? {
    var match: IndexMatch?
    func compare(_ position: Int) {
      guard matches(position) else { return }
      if match?.add(position, tokens) == nil { match = IndexMatch(position) }
    }
    if !has(key) {
      if tokens.count <= Self.comparedLimit {
        for position in tokens.indices { compare(position) }
        return match
      }
      build(key, from: tokens)
    }
    guard let chains = chains[key.index] else { return nil }
    var place = chains.first(of: hash)
    while let position = place {
      compare(position)
      place = chains.next(after: position, of: hash)
    }
    return match
  }

  /// Whether the index of a key is built.
  private func has(_ key: RecordKey) -> Bool {
    key.index < chains.count && chains[key.index] != nil
  }

  private mutating func set(_ index: PositionHashIndex, for key: RecordKey) {
    if chains.isEmpty {
      chains = [PositionHashIndex?](repeating: nil, count: RecordKey.indexLimit)
    }
    chains[key.index] = index
  }

  /// Builds the kinds of index that another one has.
  mutating func build(asIn other: TokenIndex, from tokens: CopyOnWriteBlocks<OAuthToken>) {
    for key in RecordKey.all
    where !has(key) && other.has(key) {
      build(key, from: tokens)
    }
  }

  /// Builds these kinds of index.
  mutating func build(_ kinds: IndexKinds, from tokens: CopyOnWriteBlocks<OAuthToken>) {
    for key in RecordKey.all where !has(key) && kinds.contains(key) { build(key, from: tokens) }
  }

  private mutating func build(_ key: RecordKey, from tokens: CopyOnWriteBlocks<OAuthToken>) {
    set(PositionHashIndex(tokens.lazy.map { key.hash(of: $0) }), for: key)
  }

  /// Builds the index of ids, and returns the first position whose id an earlier record has.
  mutating func firstRepeatedID(in tokens: CopyOnWriteBlocks<OAuthToken>) -> Int? {
    var ids = PositionHashIndex(capacity: tokens.count)
    var repeated: Int?
    for (position, token) in tokens.enumerated() {
      let hash = RecordKey.id.hash(of: token)
      var place = hash.flatMap { ids.first(of: $0) }
      while repeated == nil, let hash, let older = place {
        if RecordKey.id.isSame(tokens[older], token) { repeated = position }
        place = ids.next(after: older, of: hash)
      }
      ids.append(hash)
    }
    set(ids, for: .id)
    return repeated
  }

  /// Inserts the record appended last.
  mutating func add(_ token: OAuthToken) {
    for key in RecordKey.all where has(key) {
      chains[key.index]?.append(key.hash(of: token))
    }
  }

  /// Enters a record that took another's place.
  mutating func replace(_ old: OAuthToken, with new: OAuthToken, at position: Int) {
    for key in RecordKey.all where has(key) {
      if key.isSame(old, new) { continue }
      if let hash = key.hash(of: old) { chains[key.index]?.remove(position, hash) }
      if let hash = key.hash(of: new) { chains[key.index]?.insert(position, hash) }
    }
  }
}
