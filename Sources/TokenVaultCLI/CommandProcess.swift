import ArgumentParser
import Glibc

/// Where the process begins and ends.
@main enum Main {
  static func main() {
    ProcessHardening.apply()
    let arguments = GlobalOptions.movedBehindSubcommand(Array(CommandLine.arguments.dropFirst()))
    // Not `exit`: nothing is buffered, and OpenSSL would tidy up memory that goes anyway.
    _exit(status(of: arguments).rawValue)
  }

  /// Runs one command line, and says on standard error what went wrong.
  static func status(of arguments: [String]) -> ExitStatus {
    do {
      if let request = TokenRequest(plainArguments: arguments) {
        try request.run()
        return .done
      }
      var command = try TokenVaultCommand.parseAsRoot(arguments)
      try command.run()
      return .done
    } catch {
      return report(error)
    }
  }

  private static func report(_ error: any Error) -> ExitStatus {
    if let failure = Failure(error) {
      StandardError.write("tokenvault: \(DisplayText.oneLine(failure.sentence))")
      if let hint = failure.hint { StandardError.write("hint: \(DisplayText.oneLine(hint))") }
      return failure.status
    }
    // Help and version come as errors too.
    do {
      try StandardOutput.write(TokenVaultCommand.fullMessage(for: error) + "\n")
      return .done
    } catch {
      return report(error)
    }
  }
}
