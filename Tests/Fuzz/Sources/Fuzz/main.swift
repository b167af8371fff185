import CFuzzer
import Glibc

// `fuzz TARGET seeds DIRECTORY` writes the target's seeds; `fuzz TARGET [option of libFuzzer ...]` fuzzes, in a working
// directory that is the process's own.
guard CommandLine.argc > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
  let targets = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
  let usage = "usage: fuzz \(targets) [seeds DIRECTORY | OPTION ...]\n"
  write(STDERR_FILENO, usage, usage.utf8.count)
  _exit(EX_USAGE)
}
if CommandLine.argc > 3, CommandLine.arguments[2] == "seeds" {
  for (number, seed) in target.seeds.enumerated() {
    let file = fopen("\(CommandLine.arguments[3])/seed\(number)", "w")
    fwrite(seed, 1, seed.count, file)
    fclose(file)
  }
  exit(0)
}
FuzzTarget.chosen = target.check
// libFuzzer need not know the target's name.
CommandLine.unsafeArgv[1] = CommandLine.unsafeArgv[0]
var count = CommandLine.argc - 1
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
exit(LLVMFuzzerRunDriver(&count, &arguments, runOne))

/// The name is that which the `main` of libFuzzer calls: it is linked, too, and does not run.
@_cdecl("LLVMFuzzerTestOneInput")
func runOne(_ input: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  FuzzTarget.chosen(Array(UnsafeBufferPointer(start: input, count: size)))
  return 0
}
