internal import Glibc

// Files and directories that are denied to this process, or open to others.
extension TokenVaultError {
  init(_ error: SystemCallError) {
    self = .system(
      call: error.call, path: error.path, errno: error.errno, reason: error.explainedReason)
  }

  static func unsafe(_ path: String, _ access: UnsafeAccess) -> TokenVaultError {
    switch access {
    case .mode(let mode):
      .unsafePermissions(
        path: path, problem: "its mode \(mode.octal) lets others in",
        remedy: "chmod 600 \(path.shellPath)")
    case .readOnly(let mode):
      .unsafePermissions(
        path: path, problem: "its mode \(mode.octal) keeps its owner from writing",
        remedy: "chmod 600 \(path.shellPath)")
    case .owner(let owner):
      .unsafePermissions(
        path: path,
        problem:
          "it belongs to user \(UserName(owner).text), and this process is of user \(UserName(geteuid()).text)",
        remedy: "run it as that user: sudo -u \(UserName(owner).forSudo.shellWord) tokenvault …")
    }
  }

  init(_ directory: UnsafeDirectory) {
    self =
      switch directory.problem {
      case .owner(let owner): Self.unsafe(directory, of: UserName(owner))
      case .writable(let mode): Self.unsafe(directory, mode: mode)
      case .link(let owner):
        .unsafePermissions(
          path: directory.path,
          problem:
            "it is a link of user \(UserName(owner).text) in a directory that others can write",
          remedy: "name what it leads to, if that is meant, or another path")
      }
  }

  private static func unsafe(_ directory: UnsafeDirectory, of owner: UserName) -> TokenVaultError {
    let problem = "it belongs to user \(owner.text), \(directory.danger)"
    if geteuid() == 0 {
      return .unsafePermissions(
        path: directory.path, problem: problem,
        remedy:
          "name places of root's with --vault, XDG_DATA_HOME and XDG_STATE_HOME; or run it as that user: sudo -u \(owner.forSudo.shellWord) tokenvault …"
      )
    }
    guard directory.place == .vault else {
      return .unsafePermissions(
        path: directory.path, problem: problem,
        remedy: "name a directory of your own, with --key-file or XDG_STATE_HOME")
    }
    return .unsafePermissions(
      path: directory.path, problem: problem,
      remedy:
        "name a vault in a directory of your own; or, if that user is trusted, go on with --allow-shared-directory"
    )
  }

  private static func unsafe(_ directory: UnsafeDirectory, mode: UInt32) -> TokenVaultError {
    let problem = "its mode \(mode.octal) lets others write, \(directory.danger)"
    guard directory.place == .vault else {
      return .unsafePermissions(
        path: directory.path, problem: problem, remedy: "chmod go-w \(directory.path.shellPath)")
    }
    return .unsafePermissions(
      path: directory.path, problem: problem,
      remedy:
        "if they are trusted, go on with --allow-shared-directory; if not: chmod go-w \(directory.path.shellPath)"
    )
  }
}

extension UnsafeDirectory {
  fileprivate var danger: String {
    switch place {
    case .vault: "who could put another vault in the place of this one"
    case .key: "who could put another key in the place of this one"
    case .state: "who could change what this host remembers"
    }
  }
}

extension UInt32 {
  fileprivate var octal: String { String(self, radix: 8) }
}

extension String {
  /// The text as one word of a shell's command line, in quotes only where it needs them.
  fileprivate var shellWord: String {
    let isPlain = utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "_-".utf8.contains(byte)
    }
    return isPlain && !isEmpty && !beginsLikeAnOption ? self : shellQuoted
  }
}
