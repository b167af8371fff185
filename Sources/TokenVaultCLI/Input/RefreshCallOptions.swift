import ArgumentParser

/// How a server or a program is called.
struct RefreshCallOptions: ParsableArguments {
  @Option(help: .init("How long a call that refreshes a token may take (default: 30s).", "time"))
  var timeout: TimeSpan?

  var limit: TimeSpan { timeout ?? TimeSpan(seconds: 30) }

  func validate() throws {
    guard (1...3600).contains(limit.seconds) else {
      throw ValidationError("--timeout must be from 1s to 60m")
    }
  }
}
