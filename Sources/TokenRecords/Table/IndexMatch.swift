/// The records that match a query.
struct IndexMatch {
  /// The position of the oldest record.
  private(set) var oldest: Int
  private(set) var count = 1
  /// Whether the records are of several clients; no client counts as one.
  private(set) var hasSeveralClients = false

  init(_ position: Int) { oldest = position }

  mutating func add(_ position: Int, _ tokens: CopyOnWriteBlocks<OAuthToken>) {
    count += 1
    if !tokens[position].hasSameText(.clientID, as: tokens[oldest]) { hasSeveralClients = true }
    oldest = min(oldest, position)
  }
}
