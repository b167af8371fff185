internal import Glibc

// The vault's file, and whether its directories are safe; see ``DirectoryCheck``.
extension VaultConfiguration {
  /// The file that the configuration names, in a directory that only this user can write, or that may be shared. What
  /// this host remembers must be in such a directory, too.
  func file() throws(TokenVaultError) -> VaultFile {
    do throws(FileError) {
      var check = DirectoryCheck(disk: disk)
      let fault = try check.fault(onTheWayTo: path, for: .vault)
      if let fault, !allows(fault) { throw .unsafeDirectory(fault) }
      try checkState(&check)
      return try VaultFile(path: path, disk: disk)
    } catch {
      throw TokenVaultError(error)
    }
  }

  /// The file of a copy, wherever that is: what is in it is shown by the key.
  func copy() throws(TokenVaultError) -> VaultFile {
    do { return try VaultFile(path: path, disk: disk) } catch { throw TokenVaultError(error) }
  }

  /// The previous snapshot of a vault. A link that a stranger has put in its place is not followed.
  func previous(of file: VaultFile) throws(TokenVaultError) -> VaultFile {
    let path = file.location.previous
    do throws(FileError) {
      var check = DirectoryCheck(disk: disk)
      let fault = try check.fault(onTheWayTo: path, for: .vault)
      if let fault, case .link = fault.problem { throw .unsafeDirectory(fault) }
      return try VaultFile(path: path, disk: disk)
    } catch {
      throw TokenVaultError(error)
    }
  }

  /// Throws where root would make something in a directory that belongs to another user, whose programs could not use
  /// it.
  func checkDirectoriesToMake() throws(TokenVaultError) {
    guard geteuid() == 0 else { return }
    do throws(FileError) {
      var check = DirectoryCheck(disk: disk)
      let fault = try check.fault(onTheWayTo: path, for: .vault)
      if let fault, case .owner = fault.problem { throw .unsafeDirectory(fault) }
      try checkState(&check)
    } catch {
      throw TokenVaultError(error)
    }
  }

  /// Why the vault's directory is not safe, as a sentence, if that is allowed; nil where it is safe.
  package func sharedDirectory() throws(TokenVaultError) -> String? {
    guard allowsSharedDirectory else { return nil }
    do throws(FileError) {
      var check = DirectoryCheck(disk: disk)
      let fault = try check.fault(onTheWayTo: path, for: .vault)
      return fault.flatMap { allows($0) ? TokenVaultError($0).description : nil }
    } catch {
      throw TokenVaultError(error)
    }
  }

  private func allows(_ fault: UnsafeDirectory) -> Bool {
    if case .link = fault.problem { return false }
    return allowsSharedDirectory
  }

  /// Where this process cannot get, it keeps no state, and that is no error.
  private func checkState(_ check: inout DirectoryCheck) throws(FileError) {
    guard let state = locations.stateDirectory else { return }
    do { try check.run(state, for: .state) } catch .disk(let error) where error.isElsewhere {}
  }
}
