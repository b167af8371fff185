import ArgumentParser
import Glibc
import TokenVault

/// The Swift entry point: `main` in `TokenVaultEntry` calls it, and it does not return.
@c(tokenvault_main) public func tokenvaultMain(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  ProcessHardening.apply()
  // Not `exit`: nothing is buffered, and OpenSSL's exit handlers only free memory.
  _exit(unsafe CommandProcess.status(count: count, arguments))
}

/// One run of the command, which ends with 0 or the code of its error.
enum CommandProcess {
  /// Runs the command line that the C library passes to the process.
  static func status(
    count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  ) -> Int32 {
    do {
      return status(of: try unsafe ProcessArguments(count: count, arguments).words)
    } catch {
      return report(error)
    }
  }

  /// Runs one command line, and prints an error to standard error.
  static func status(of words: [String]) -> Int32 {
    defer { ProgressBar.erase() }
    do {
      let arguments = GlobalOptions.movedBehindSubcommand(words)
      if let request = TokenRequest(plainArguments: arguments) {
        prepareOpenSSL(usesTLS: request.minimumLifetime != nil)
        try request.run()
      } else if let records = RecordsToSave(plainArguments: arguments) {
        prepareOpenSSL(usesTLS: false)
        try records.run()
      } else {
        try run(arguments)
      }
      return 0
    } catch {
      return report(error, of: words)
    }
  }

  private static func run(_ arguments: [String]) throws {
    if let failure = NamedCommand(arguments).failure { throw failure }
    var command = try TokenVaultCommand.parseAsRoot(arguments)
    if let refresh = command as? RefreshCommand { try refresh.checkProgram(of: arguments) }
    prepareOpenSSL(usesTLS: command is RefreshCommand || command is TokenCommand)
    do {
      try command.run()
    } catch let failure as Failure where failure.isOutputClosed && command is any OutputOnlyCommand
    {
      ClosedPipe.endProcess()
    }
  }

  /// Only a call of a token endpoint uses TLS, by libcurl, which shares OpenSSL with this process.
  private static func prepareOpenSSL(usesTLS: Bool) {
    if !usesTLS { VaultConfiguration.useOpenSSLForVaultsAlone() }
  }

  private static func report(_ error: any Error, of words: [String] = []) -> Int32 {
    if let failure = Failure(error) {
      let help = failure.help.map { "\n\(DisplayText.lines($0))" } ?? ""
      StandardError.write("tokenvault: \(DisplayText.oneLine(failure.sentence))\(help)")
      if let hint = failure.hint.map(HintedCommands(words: words).complete) {
        StandardError.write("hint: \(DisplayText.oneLine(hint))")
      }
      return failure.status.rawValue
    }
    // The parser throws the help, the version and completions too.
    let text = TokenVaultCommand.fullMessage(for: error)
    do throws(Failure) {
      try StandardOutput.write(
        (text.hasPrefix("OVERVIEW: ") ? HelpPage.arranged(text) : text) + "\n")
      return 0
    } catch {
      if error.isOutputClosed { ClosedPipe.endProcess() }
      return report(error)
    }
  }
}
