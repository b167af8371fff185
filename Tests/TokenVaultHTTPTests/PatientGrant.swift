import TokenVaultHTTP

extension RefreshTokenGrant {
  /// A grant whose time ends only where something hangs, however busy the machine is.
  static var patient: RefreshTokenGrant { patient(certificateAuthorities: nil) }

  /// The same, with authorities of its own.
  static func patient(certificateAuthorities: String?) -> RefreshTokenGrant {
    RefreshTokenGrant(timeout: .seconds(600), certificateAuthorities: certificateAuthorities)
  }
}
