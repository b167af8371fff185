/// The figures of one contender.
struct Row: Encodable {
  let contender, unit: String
  let samples: Int
  let median: Double
  var p99, p999, longest: Double?
}
