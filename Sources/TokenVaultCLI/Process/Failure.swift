import ArgumentParser
import TokenVault

/// An error as the command tells it: one sentence, perhaps what to do next, and the exit code.
struct Failure: Error {
  let status: ExitStatus
  let sentence: String
  var hint: String?
  /// Whether standard output has no reader any more.
  var isOutputClosed = false

  init(_ status: ExitStatus, _ sentence: String, hint: String? = nil) {
    (self.status, self.sentence, self.hint) = (status, sentence, hint)
  }

  /// Wrong use of the command.
  static func usage(_ sentence: String, hint: String? = nil) -> Failure {
    Failure(.usage, sentence, hint: hint)
  }

  /// The same failure where the work itself was done: a script must not do it again.
  var afterSaving: Failure { Failure(status, "the records are saved, but \(sentence)", hint: hint) }

  /// What any error says; nil for a request for help or the version, which is none.
  init?(_ error: any Error) {
    if let failure = error as? Failure {
      self = failure
    } else if let error = error as? TokenVaultError {
      self.init(ExitStatus(error), error.description, hint: error.hint)
    } else if TokenVaultCommand.exitCode(for: error) == .success {
      return nil
    } else {
      let message = OptionSuggestion.onlyHarmless(TokenVaultCommand.message(for: error))
      self = .usage(
        message.prefix(1).lowercased() + message.dropFirst(), hint: "see: tokenvault --help")
    }
  }
}

extension ExitStatus {
  /// The code for an error of the library.
  init(_ error: TokenVaultError) {
    self =
      switch error {
      case .unknownID, .unknownSlot, .noMatch, .ended: .notFound
      case .refreshRefused, .notRenewable: .refused
      case .keyUnavailable, .keyChanged, .keyNotReplaceable, .notAnswered: .key
      case .damaged, .damagedLogEntry, .damagedCopy, .irreparable: .damaged
      case .lockTimeout, .refreshLockTimeout: .lockTimeout
      case .userConflict, .revisionConflict, .severalClients, .endpointMoved, .clientConflict,
        .alreadyExists, .slotExists, .lastSlot, .keyShared,
        .damagedCopyKept, .limitsLost:
        .conflict
      case .unsafePermissions: .unsafePermissions
      case .noVault, .noCopy: .noVault
      case .invalidSlotName, .reservedPath, .otherSlotKind: .usage
      case .rolledBack, .olderCopy, .otherVault, .otherCopy, .otherSlots, .slotGone,
        .unprovenCopy, .unprovenDataKey, .unprovenDamage:
        .rolledBack
      default: .other
      }
  }
}
