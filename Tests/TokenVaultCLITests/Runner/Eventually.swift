import Foundation
import Testing

/// Waits until something is so, which must be within an hour: more is a hang.
func eventually(_ isSo: () throws -> Bool) throws {
  let end = ContinuousClock.now.advanced(by: .seconds(3600))
  while try !isSo() {
    try #require(ContinuousClock.now < end, "it never happens")
    usleep(1000)
  }
}
