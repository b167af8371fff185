extension VaultHeader {
  /// The generation of the vault with the entries up to a place of its log.
  func generation(at log: LogPosition) -> SeenGeneration {
    SeenGeneration(generation + log.chain.count, tag: log.chain.version)
  }

  /// The entry behind this header's snapshot that made a generation; 0 for none.
  func entry(of seen: SeenGeneration?) -> UInt64 {
    guard let seen, seen.number > generation else { return 0 }
    return seen.number - generation
  }
}
