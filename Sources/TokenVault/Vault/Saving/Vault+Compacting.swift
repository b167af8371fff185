extension Vault {
  /// Writes the vault anew, without what later saves have overwritten; nothing is written where there is no such
  /// thing.
  ///
  /// A save does so itself once the saves behind the snapshot are larger than that. The previous snapshot stays as it
  /// is. Throws as `save`.
  @discardableResult
  public func compact() throws(TokenVaultError) -> CompactReport {
    let before = try withWriter { (writer) throws(TokenVaultError) -> Int64? in
      guard writer.hasTail else { return nil }
      try writer.commit(previous: .leave, rewriting: true)
      return writer.sizeBefore
    }
    let (path, size, generation) = try withCurrentState {
      ($0.access.file.location.path, $0.version.status.size, $0.generation)
    }
    return CompactReport(
      path: path, sizeBefore: before ?? size, size: size, generation: generation)
  }
}
