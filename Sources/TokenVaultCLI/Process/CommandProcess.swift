import ArgumentParser
import Glibc

/// The Swift entry point: `main` in `TokenVaultEntry` calls it, and it does not return.
@c(tokenvault_main) public func tokenvaultMain(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  ProcessHardening.apply()
  // Not `exit`: nothing is buffered, and OpenSSL's exit handlers only free memory.
  _exit(unsafe CommandProcess.status(count: count, arguments).rawValue)
}

/// One run of the command.
enum CommandProcess {
  /// Runs the command line that the C library passes to the process.
  static func status(
    count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  ) -> ExitStatus {
    do {
      return status(of: try unsafe ProcessArguments(count: count, arguments).words)
    } catch {
      return report(error)
    }
  }

  /// Runs one command line, and prints an error to standard error.
  static func status(of words: [String]) -> ExitStatus {
    do {
      let arguments = GlobalOptions.movedBehindSubcommand(words)
      if let request = TokenRequest(plainArguments: arguments) {
        try request.run()
      } else if let records = RecordsToSave(plainArguments: arguments) {
        try records.run()
      } else {
        try run(arguments)
      }
      return .done
    } catch {
      return report(error, of: words)
    }
  }

  private static func run(_ arguments: [String]) throws {
    var command = try TokenVaultCommand.parseAsRoot(arguments)
    if let refresh = command as? RefreshCommand { try refresh.checkProgram(of: arguments) }
    do {
      try command.run()
    } catch let failure as Failure where failure.isOutputClosed && command is any OutputOnlyCommand
    {
      ClosedPipe.endProcess()
    }
  }

  private static func report(_ error: any Error, of words: [String] = []) -> ExitStatus {
    if let missing = error as? MissingSubcommand { return missing.report() }
    if let failure = Failure(error) {
      StandardError.write("tokenvault: \(DisplayText.oneLine(failure.sentence))")
      if let hint = failure.hint.map(HintedCommands(words: words).complete) {
        StandardError.write("hint: \(DisplayText.oneLine(hint))")
      }
      return ExitStatus(failure.status)
    }
    // The parser throws the help and the version too.
    do throws(Failure) {
      try StandardOutput.write(TokenVaultCommand.fullMessage(for: error) + "\n")
      return .done
    } catch {
      if error.isOutputClosed { ClosedPipe.endProcess() }
      return report(error)
    }
  }
}
