/// What one contender has needed, in each of its samples.
struct Figures: Encodable {
  let contender, unit: String
  let figures: [Double]
  /// What the device has done for one sample, if it was counted: write requests, and the flushes among them.
  var requests: Double?
  var flushes: Double?
}
