import Measuring

/// Whether others synchronize the disk, too: a journal then waits for company, and each fsync takes milliseconds
/// that say nothing about who is measured.
struct DiskNoise {
  let floor: AppendFloor

  /// How many times the shortest append the median one takes.
  func ratio() throws -> Double {
    let samples = try Interleaved([TimedPiece("") { try floor.save() }])
      .samples(rounds: 300, within: .seconds(1))[0].samples
    guard let shortest = samples.sorted.first else { return 1 }
    return samples.median / shortest
  }

  /// What to say of it; nil where it is quiet.
  func warning(_ when: String) throws -> String? {
    let ratio = try ratio()
    guard ratio > 2.5 else { return nil }
    let figure = FigureText.ratio(ratio)
    return "\(when), another process synchronizes the disk (the median append takes \(figure) "
      + "the shortest): run it again when it is quiet"
  }
}
