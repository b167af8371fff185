/// What is fuzzed.
enum FuzzTarget: String, CaseIterable {
  case header, json, csv, exchange, answer, time, vault, index, log

  /// The check of the target that the program was started for. Set once, before the first input.
  nonisolated(unsafe) static var chosen: ([UInt8]) -> Void = { _ in }

  /// A function that checks the properties of the target for one input, and traps if one does not hold.
  var check: ([UInt8]) -> Void {
    switch self {
    case .header: HeaderTarget().check
    case .json: RecordsTarget(.json).check
    case .csv: RecordsTarget(.csv).check
    case .exchange: ExchangeTarget().check
    case .answer: AnswerTarget().check
    case .time: TimeTarget().check
    case .vault: VaultTarget().check
    case .index: IndexTarget().check
    case .log: LogTarget().check
    }
  }

  /// Inputs to begin with, besides the files of `Fixtures`.
  var seeds: [[UInt8]] {
    switch self {
    case .header: HeaderTarget.seeds
    case .json: RecordsTarget.seeds(.json)
    case .csv: RecordsTarget.seeds(.csv)
    case .exchange: RecordsTarget.seeds(.json) + RecordsTarget.seeds(.csv)
    case .answer: AnswerTarget.seeds
    case .time: TimeTarget.seeds
    case .vault: VaultTarget.seeds
    case .index: VaultTarget.seeds
    case .log: LogTarget.seeds
    }
  }
}

/// Ends the process, which libFuzzer reports with the input, unless a property holds.
func require(_ holds: Bool, _ property: @autoclosure () -> String) {
  if !holds { fatalError(property()) }
}

/// The same for a property of what is read: that there is a value.
func required<Value>(_ value: Value?, _ property: @autoclosure () -> String) -> Value {
  guard let value else { fatalError(property()) }
  return value
}

/// A value that a sound seed must have.
func sound<Value>(_ make: () throws -> Value) -> Value {
  do { return try make() } catch { fatalError("a seed: \(error)") }
}
