/// How long the steps of a refresh may take.
struct RefreshLimits: Sendable {
  /// How long a write waits for other writers.
  let lock: Duration
  /// How long a call of the token endpoint may take.
  let call: Duration
  /// How long to retry the save of an answer.
  let save: Duration
}
