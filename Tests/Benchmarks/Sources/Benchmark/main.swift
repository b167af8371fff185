import Glibc

// benchmark WORK SIZE [quick|full] [OPERAND]: measures one work at one size, on stores in the current directory,
// and prints a JSON object for each contender. `run.py` drives it.

let works: [String: (Run) throws -> Void] = [
  "save": { try $0.saves() }, "find": { try $0.finds() }, "threads": { try $0.threads() },
  "open": { try $0.opens() }, "rotation": { try $0.rotations() },
  // Parts of works that need a process of their own.
  "missing": { try $0.sayMissing() }, "fill": { _ = try ($0.stores(), $0.vaultWithLog()) },
  "compact": { try VaultStorage.compact($0.vault().path) }, "grow": { try $0.growLog() },
  "saving": { try $0.savingProcess() }, "reading": { try $0.readingProcess() },
  "memory": { try $0.openVault() }, "rotate": { try $0.rotate() }, "text": { try $0.writeText() },
]
do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  guard arguments.count >= 2, let work = works[arguments[0]], let size = Int(arguments[1]) else {
    throw BenchmarkError("WORK SIZE; the works are \(works.keys.sorted())")
  }
  let isQuick = arguments.dropFirst(2).first == "quick"
  try work(Run(size: size, isQuick: isQuick, operand: arguments.dropFirst(3).first))
} catch {
  try? SystemCall.write(Array("benchmark: \(error)\n".utf8), to: 2)
  exit(1)
}
