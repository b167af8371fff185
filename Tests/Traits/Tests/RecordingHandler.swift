import Logging
import Synchronization

/// Keeps every entry of a log as one line.
final class RecordingHandler: Sendable {
  private let lines = Mutex<[String]>([])

  /// Level, message and metadata of each entry.
  var entries: [String] { lines.withLock(\.self) }

  var logger: Logger {
    var logger = Logger(label: "vault", factory: { _ in Handler(recording: self) })
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let recording: RecordingHandler
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }
        .map { " \($0.key)=\($0.value)" }.joined()
      recording.lines.withLock { $0.append("\(event.level): \(event.message)\(metadata)") }
    }
  }
}
