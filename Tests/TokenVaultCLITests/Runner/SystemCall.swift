/// A call that strace has seen.
struct SystemCall {
  let name: String
  /// Its number among those of its name, from 1.
  let count: Int
  /// Whether it came after the command had begun with its own work.
  let isOurs: Bool

  /// Whether it only manages memory. How often that is needed depends on where the kernel has put the heap; and a kill
  /// before it leaves on the disk what a kill before the next other call leaves.
  var isOfMemory: Bool {
    ["brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "mlock", "munlock"].contains(name)
  }

  /// The calls of a log; ours are those from the first on that names this file.
  static func calls(_ log: String, oursFrom file: String) throws -> [SystemCall] {
    var counts: [String: Int] = [:]
    var isOurs = false
    return log.split(separator: "\n").compactMap { line in
      guard let match = line.firstMatch(of: /^\d+\s+([a-z0-9_]+)\(/) else { return nil }
      let name = String(match.1)
      counts[name, default: 0] += 1
      isOurs = isOurs || line.contains(file)
      return SystemCall(name: name, count: counts[name] ?? 0, isOurs: isOurs)
    }
  }
}
