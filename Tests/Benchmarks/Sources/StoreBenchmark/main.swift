import Glibc

// What the vault costs, against the bare system calls and against SQLite and SQLCipher; `Options.usage` tells how
// it is called.

do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  if arguments.first == Worker.flag {
    try Worker(arguments: Array(arguments.dropFirst())).run()
    exit(0)
  }
  let options = try Options(arguments)
  if let chart = options.chart {
    try Chart(results: .read(chart.results)).write(chart.image)
  } else if let table = options.table {
    print(try MarkdownTable(results: .read(table)).text)
  } else {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let results = try Suite(options, scratch).run()
    if let json = options.json { try results.write(json) }
  }
} catch {
  try? SystemCall.write(Array("store-benchmark: \(error)\n".utf8), to: 2)
  exit(1)
}
