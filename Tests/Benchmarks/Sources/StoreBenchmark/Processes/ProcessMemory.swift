import FoundationEssentials

/// What the kernel says of this process's memory, in bytes.
struct ProcessMemory {
  let resident: Int
  let peak: Int

  static func current() throws -> ProcessMemory {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    func value(_ name: String) -> Int {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
      // "VmRSS:     1234 kB"
      let digits = line.filter { $0.isASCII && $0.isNumber }
      return (Int(digits) ?? 0) * 1024
    }
    return ProcessMemory(resident: value("VmRSS:"), peak: value("VmHWM:"))
  }
}
