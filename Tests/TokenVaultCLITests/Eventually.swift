import Foundation
import Testing

/// Waits until something is so, which must be within a minute.
func eventually(_ isSo: () throws -> Bool) throws {
  let end = ContinuousClock.now.advanced(by: .seconds(60))
  while try !isSo() {
    try #require(ContinuousClock.now < end, "it never happens")
    usleep(1000)
  }
}
