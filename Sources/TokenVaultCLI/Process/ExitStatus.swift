import TokenVault

/// What the process ends with: 0, or the code of an error.
struct ExitStatus: Equatable {
  let rawValue: Int32

  static let done = ExitStatus(rawValue: 0)
  static let usage = ExitStatus(.usage)

  private init(rawValue: Int32) { self.rawValue = rawValue }

  init(_ code: TokenVaultError.Code) { rawValue = code.rawValue }
}
