/// A command whose whole work is its output: it changes no token, no key and no vault.
///
/// If the reader of its output goes away, as in `tokenvault list | head`, the process ends as by SIGPIPE. Every other
/// command goes on and reports that its result could not be written, because it changed something, or because a script
/// takes the result for a token.
protocol OutputOnlyCommand: VaultCommand {}
