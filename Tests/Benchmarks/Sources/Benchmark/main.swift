import Glibc

// benchmark WORK SIZE [quick|full] [TOKENVAULT|STORE]: measures one work at one size, on stores in the current directory, and
// prints a JSON object for each contender. `run.py` drives it.

do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  guard arguments.count >= 2, let work = Work(rawValue: arguments[0]), let size = Int(arguments[1])
  else {
    let works = Work.allCases.map(\.rawValue).joined(separator: " ")
    throw BenchmarkError("WORK SIZE [quick|full] [TOKENVAULT|STORE]; the works are \(works)")
  }
  let isQuick = arguments.dropFirst(2).first == "quick"
  try work.run(Run(size: size, isQuick: isQuick, operand: arguments.dropFirst(3).first))
} catch {
  try? SystemCall.write(Array("benchmark: \(error)\n".utf8), to: 2)
  exit(1)
}
