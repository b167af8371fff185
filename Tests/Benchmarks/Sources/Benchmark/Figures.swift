/// What one contender has needed, in each of its runs.
struct Figures: Encodable {
  let contender, unit: String
  let figures: [Double]
}
