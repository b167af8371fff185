internal import Glibc

// The vault's file, and whether its directories are safe; see ``DirectoryCheck``.
extension VaultConfiguration {
  /// The file that the configuration names, in a directory that only this user can write, or that may be shared. What
  /// this host remembers must be in such a directory, too.
  func file() throws(TokenVaultError) -> VaultFile {
    do throws(FileError) {
      if let fault = try vaultFault(), !allows(fault) { throw .unsafeDirectory(fault) }
      try checkState()
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
      let fault = try DirectoryCheck(.vault, disk: disk).fault(onTheWayTo: path)
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
      if let fault = try vaultFault(), case .owner = fault.problem {
        throw .unsafeDirectory(fault)
      }
      try checkState()
    } catch {
      throw TokenVaultError(error)
    }
  }

  /// Why the vault's directory is not safe, as a sentence, if that is allowed; nil where it is safe.
  package func sharedDirectory() throws(TokenVaultError) -> String? {
    guard allowsSharedDirectory else { return nil }
    do throws(FileError) {
      guard let fault = try vaultFault(), allows(fault) else { return nil }
      return TokenVaultError(fault).description
    } catch {
      throw TokenVaultError(error)
    }
  }

  private func vaultFault() throws(FileError) -> UnsafeDirectory? {
    try DirectoryCheck(.vault, disk: disk).fault(onTheWayTo: path)
  }

  private func allows(_ fault: UnsafeDirectory) -> Bool {
    if case .link = fault.problem { return false }
    return allowsSharedDirectory
  }

  /// Where no state can be kept, that is no error.
  private func checkState() throws(FileError) {
    guard let state = locations.stateDirectory else { return }
    do { try DirectoryCheck(.state, disk: disk).run(state) } catch .disk {}
  }
}
