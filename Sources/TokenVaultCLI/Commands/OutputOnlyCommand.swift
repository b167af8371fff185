import ArgumentParser

/// A command whose whole work is its output: it changes no token, no key and no vault.
///
/// If the reader of its output goes away, as in `tokenvault list | head`, nothing is left to do and nobody is left to
/// tell, so the process ends as by SIGPIPE. Every other command goes on and says that its result could not be written,
/// because something was changed, or because a script takes the result for a token.
protocol OutputOnlyCommand: ParsableCommand {}
