import TokenVault

/// The text of a progress bar: what is done, how much of it, and how fast.
struct ProgressLine {
  /// A work that takes less shows none.
  static let delay = Duration.milliseconds(500)
  /// The time between two texts.
  static let interval = Duration.milliseconds(100)
  private static let barLimit = 30

  private var began: ContinuousClock.Instant?
  private var shown: ContinuousClock.Instant?
  private var work: VaultProgress.Work?
  private var done: Int64 = 0
  /// When the present work began.
  private var workBegan: ContinuousClock.Instant?

  /// The text that is due at this moment, in less than `width` cells; nil if none is.
  mutating func text(
    of progress: VaultProgress, at now: ContinuousClock.Instant, in width: Int
  ) -> String? {
    if began == nil { began = now }
    // Another work, or the same one of another file.
    if progress.work != work || progress.done < done { workBegan = now }
    (work, done) = (progress.work, progress.done)
    guard let began, began.duration(to: now) >= Self.delay else { return nil }
    if let shown, shown.duration(to: now) < Self.interval { return nil }
    shown = now
    let seconds = (workBegan ?? began).duration(to: now) / .seconds(1)
    return Self.line(progress, seconds: seconds, in: width)
  }

  private static func line(_ progress: VaultProgress, seconds: Double, in width: Int) -> String {
    let isBytes = progress.work == .reading
    func amount(_ count: Double) -> String {
      isBytes ? "\(Int(count / 100_000) / 10).\(Int(count / 100_000) % 10)" : "\(Int(count))"
    }
    let share = progress.total > 0 ? min(1, Double(progress.done) / Double(progress.total)) : 1
    let rate = seconds > 0 ? Double(progress.done) / seconds : 0
    let unit = isBytes ? "MB" : "records"
    let name = isBytes ? "reading" : "writing"
    let percent = DisplayText.padded("\(Int(share * 100))%", to: 4)
    let count = "\(amount(Double(progress.done))) of \(amount(Double(progress.total))) \(unit)"
    let text = "\(percent)  \(count)  \(amount(rate)) \(unit)/s"
    let room = min(barLimit, width - 1 - name.count - text.count - 6)
    guard room > 4 else { return DisplayText.cut("\(name)  \(text)", to: width - 1) }
    let full = Int(Double(room) * share)
    let bar = String(repeating: "#", count: full) + String(repeating: "-", count: room - full)
    return "\(name)  [\(bar)]  \(text)"
  }
}
