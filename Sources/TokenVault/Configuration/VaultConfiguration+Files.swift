internal import Glibc

// The vault's file, and the check of its directories (``DirectoryCheck``).
extension VaultConfiguration {
  /// The file that the configuration names. Its directory must be one that only this user can write, unless it may be
  /// shared; so must the state directory.
  func file() throws(TokenVaultError) -> VaultFile {
    try TokenVaultError.wrap(file: checkedFile())
  }

  private func checkedFile() throws(FileError) -> VaultFile {
    var check = DirectoryCheck(disk: disk)
    try check.run(path, for: .vault, unless: allows)
    try checkState(&check)
    var file = try VaultFile(path: path, disk: disk)
    file.onProgress = onProgress
    return file
  }

  /// The file of a copy, in any directory: its key proves what is in it.
  func copy() throws(TokenVaultError) -> VaultFile {
    try TokenVaultError.wrap(file: VaultFile(path: path, disk: disk))
  }

  /// The previous snapshot of a vault, unless another user has put a link in its place.
  func previous(of file: VaultFile) throws(TokenVaultError) -> VaultFile {
    let path = file.location.previous
    var check = DirectoryCheck(disk: disk)
    try TokenVaultError.wrap(file: check.run(path, for: .vault) { !$0.isLink })
    return try TokenVaultError.wrap(file: VaultFile(path: path, disk: disk))
  }

  /// Throws if root would make a file in a directory of another user, whose programs could not use it.
  func checkDirectoriesToMake() throws(TokenVaultError) {
    if geteuid() == 0 { try TokenVaultError.wrap(file: refuseDirectoriesOfOthers()) }
  }

  private func refuseDirectoriesOfOthers() throws(FileError) {
    var check = DirectoryCheck(disk: disk)
    try check.run(path, for: .vault) { if case .owner = $0.problem { false } else { true } }
    try checkState(&check)
  }

  /// Why the vault's directory is not safe, as a sentence, if that is allowed; nil if it is safe.
  package func sharedDirectory() throws(TokenVaultError) -> String? {
    guard allowsSharedDirectory else { return nil }
    var check = DirectoryCheck(disk: disk)
    let fault = try TokenVaultError.wrap(file: check.fault(onTheWayTo: path, for: .vault))
    return fault.flatMap { allows($0) ? TokenVaultError($0).description : nil }
  }

  private func allows(_ fault: UnsafeDirectory) -> Bool { allowsSharedDirectory && !fault.isLink }

  /// A state directory that this process cannot reach is no error: it keeps no state then.
  private func checkState(_ check: inout DirectoryCheck) throws(FileError) {
    guard let state = locations.stateDirectory else { return }
    do { try check.run(state, for: .state) } catch .system(let error) where error.isElsewhere {}
  }
}

extension UnsafeDirectory {
  fileprivate var isLink: Bool { if case .link = problem { true } else { false } }
}
