#if Logging
  public import Logging
  public import TokenVault

  extension VaultConfiguration {
    /// The same vault, with what it does and its warnings in a log.
    ///
    ///     let vault = try await Vault.openOrCreate(.named("mailer").logging(to: Logger(label: "vault")))
    ///
    /// The log gets paths, ids of records, and error codes and explanations of servers, and never a secret. The handler is
    /// called on the thread that works on the vault, sometimes under its lock: it should not block, and must not use the
    /// vault. `onWarning` is called, too, if it was set before.
    ///
    /// - Parameter logger: Gets a refreshed record at level `info`, a rotation that was carried out or completed after a kill
    ///   at `notice`, compactions at `debug`; at `warning` a refresh that was rejected or has failed, and each
    ///   `VaultWarning`.
    public func logging(to logger: Logger) -> VaultConfiguration {
      var configuration = self
      configuration.onWarning = { [onWarning] warning in
        logger.warning("\("\(warning)".onOneLine)")
        onWarning?(warning)
      }
      configuration.onEvent = { [onEvent] event in
        logger.log(level: event.level, event.message, metadata: event.metadata)
        onEvent?(event)
      }
      return configuration
    }
  }
#endif
