import CGNU
import FoundationEssentials
import Glibc
import TokenVault

/// A run of the works that were asked for.
final class Suite {
  let options: Options
  let scratch: Scratch
  let stores: PreparedStores
  /// The release build of the command; nil where there is none.
  let tokenvault: String?
  private var results: Results

  /// In our JSON.
  static let bytesPerRecord = RecordFormat.json.encode([TestRecord(number: 10_000).token]).count

  var largest: Int { results.largest }

  init(_ options: Options, _ scratch: Scratch) throws {
    (self.options, self.scratch) = (options, scratch)
    let libraries = SQLLibraries()
    stores = PreparedStores(scratch.path, libraries)
    results = Results(
      machine: try Machine(scratch: scratch, libraries: libraries), isQuick: options.isQuick,
      sizes: options.sizes, bytesPerRecord: Self.bytesPerRecord)
    // Tests/Benchmarks/Sources/StoreBenchmark/Suite.swift
    let root = String(#filePath).split(separator: "/").dropLast(5).joined(separator: "/")
    let program = options.tokenvault ?? "/\(root)/.build/release/tokenvault"
    tokenvault = access(program, X_OK) == 0 ? program : nil
    libraries.missing.forEach(note)
    if tokenvault == nil {
      note("tokenvault is left out: swift build -c release --product tokenvault")
    }
  }

  /// Says something on the way that the results keep.
  func note(_ text: String) {
    print(text)
    results.notes.append(text)
  }

  func run() throws -> Results {
    printMachine()
    try checkDisk("at the start")
    for work in options.works {
      print("\n\(work.title)")
      let rows = try work.measure(in: self)
      print(rows.isEmpty ? "nothing to measure" : TextTable.of(rows))
      // Nobody sees it at once in a file else.
      fflush(nil)
      results.rows += rows
    }
    try checkDisk("at the end")
    results.bars = Bars(results: results).all
    // With `--only`, the others go without saying.
    let isWhole = options.works.count == Work.allCases.count
    print("\n" + Bars.text(results.bars.filter { isWhole || $0.isReached != nil }))
    return results
  }

  private func checkDisk(_ when: String) throws {
    let floor = try AppendFloor(path: "\(scratch.path)/noise", size: 600)
    try DiskNoise(floor: floor).warning(when).map(note)
  }

  private func printMachine() {
    let machine = results.machine
    print(
      "\(machine.processor), \(machine.cores) cores, Linux \(machine.kernel), \(machine.fileSystem)"
    )
    for (name, version) in machine.versions.sorted(by: { $0.key < $1.key }) {
      print("\(name) \(version)")
    }
    print("records of \(Self.bytesPerRecord) bytes of JSON")
    if machine.fileSystem == "tmpfs" { note("tmpfs: durability costs nothing here") }
  }
}

extension Scratch {
  /// Waits until the file system has nothing left to write.
  func sync() throws {
    let directory = try SystemCall.open(path, O_RDONLY | O_DIRECTORY)
    defer { close(directory) }
    try SystemCall.check(syncfs(directory), "syncfs")
  }
}
