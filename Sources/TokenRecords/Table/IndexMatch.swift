/// The records that an index has for a query.
struct IndexMatch {
  /// The place of the oldest.
  private(set) var oldest: Int
  private(set) var count = 1
  /// Whether they are of several clients; no client counts as one.
  private(set) var hasSeveralClients = false

  init(_ position: Int) { oldest = position }

  /// Adds another one.
  mutating func add(_ position: Int, _ tokens: CopyOnWriteBlocks<OAuthToken>) {
    count += 1
    if !tokens[position].hasSameText(.clientID, as: tokens[oldest]) { hasSeveralClients = true }
    oldest = min(oldest, position)
  }
}
