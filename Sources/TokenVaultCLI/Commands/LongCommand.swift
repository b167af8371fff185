/// A command whose work on a large vault takes its time, which a terminal shows.
protocol LongCommand: VaultCommand {}

extension LongCommand {
  var session: Session {
    var session = options.session
    session.showsProgress = true
    return session
  }
}
