import Testing

@testable import TokenVault

/// Cuts the power at every call of a run, and lends what is left.
struct PowerCutSweep {
  /// How many random cuts there are behind each call, besides the extremes.
  static var samples: Int { isFullTest ? 40 : 4 }

  let directory: TemporaryDirectory
  let disk: PowerCutDisk

  /// Begins a run in a directory, of which everything is on the disk.
  init(
    _ directory: TemporaryDirectory,
    deciding decide: @escaping @Sendable (_ call: String) -> Int32? = { _ in nil }
  ) throws {
    (self.directory, disk) = (directory, try PowerCutDisk(directory, deciding: decide))
  }

  /// The directory's vault on this disk.
  var configuration: VaultConfiguration { directory.configuration(on: disk) }

  /// The same for a process that is killed before a call.
  func configuration(killedAt call: Int) -> VaultConfiguration {
    directory.configuration(on: CuttingDisk(cutAt: call, over: disk))
  }

  /// Ends the run. What each cut leaves, the same only once.
  func cuts() -> some Sequence<Left> { LeftByCuts(directory, disk.end(), Self.samples) }

  /// What a power cut at the end leaves, for runs that are themselves many: the extremes alone, but in a full test.
  func cutsAtTheEnd() -> some Sequence<Left> {
    LeftByCuts(directory, disk.end().suffix(1), isFullTest ? Self.samples : 0)
  }

  /// What a power cut leaves.
  struct Left {
    /// Where the power was cut, and what survived.
    let place: Comment
    /// What callers had been told by then.
    let promised: [String]
    let directory: TemporaryDirectory
    fileprivate let tree: DiskTree

    /// Puts it in the place of what is in the directory, and does what must succeed then.
    func afterRestoring<Value>(_ work: () throws -> Value) -> Value? {
      do {
        try tree.write(inPlaceOf: directory.path)
        return try work()
      } catch {
        Issue.record("\(error)\n\(place)")
        return nil
      }
    }
  }
}

private struct LeftByCuts: Sequence, IteratorProtocol {
  private let directory: TemporaryDirectory
  private var rest: [(moment: PowerCutDisk.Moment, place: String, cut: PowerCut)]
  private var seen: Set<Int> = []

  init(
    _ directory: TemporaryDirectory, _ moments: some Sequence<PowerCutDisk.Moment>, _ samples: Int
  ) {
    self.directory = directory
    rest = moments.enumerated().reversed().flatMap { number, moment in
      let place = "cut behind call \(number + 1), \(moment.call)"
      return PowerCut.samples(samples, from: UInt64(number)).map {
        (moment, "\(place); \($0)", $0)
      }
    }
  }

  mutating func next() -> PowerCutSweep.Left? {
    while let (moment, place, cut) = rest.popLast() {
      let tree = moment.image.tree(after: cut)
      var hasher = Hasher()
      hasher.combine(tree)
      hasher.combine(moment.promised)
      if seen.insert(hasher.finalize()).inserted {
        return PowerCutSweep.Left(
          place: "\(place)", promised: moment.promised, directory: directory, tree: tree)
      }
    }
    return nil
  }
}
