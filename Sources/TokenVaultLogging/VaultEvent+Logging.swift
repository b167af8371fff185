#if Logging
  internal import Logging
  internal import TokenVault

  extension VaultEvent {
    var level: Logger.Level {
      switch self {
      case .compacted, .abandonedCompaction: .debug
      case .refreshed: .info
      case .completedRotation, .rotated: .notice
      case .refreshRejected, .refreshFailed: .warning
      }
    }

    /// The same text for each event of a kind, so that logs can be searched; what differs is metadata.
    var message: Logger.Message {
      switch self {
      case .completedRotation: "completed a key rotation that was killed"
      case .rotated: "rotated the keys"
      case .compacted: "compacted the vault"
      case .abandonedCompaction: "gave up a compaction"
      case .refreshed: "refreshed a token"
      case .refreshRejected: "the server rejected a refresh token; its user must log in again"
      case .refreshFailed: "could not refresh a token"
      }
    }

    var metadata: Logger.Metadata { details.mapValues { .string($0.onOneLine) } }

    private var details: [String: String] {
      switch self {
      case .completedRotation(let path), .compacted(let path): ["path": path]
      case .rotated(let path, let generation): ["path": path, "generation": "\(generation)"]
      case .abandonedCompaction(let path, let reason): ["path": path, "reason": reason]
      case .refreshed(let id): ["id": id]
      case .refreshRejected(let id, let code): ["id": id, "code": code]
      case .refreshFailed(let id, let reason): ["id": id, "reason": reason]
      }
    }
  }
#endif
