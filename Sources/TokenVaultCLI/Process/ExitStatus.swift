/// What the process ends with; documented and never renumbered.
enum ExitStatus: Int32 {
  case done = 0
  case other = 1
  case notFound = 3
  case key = 4
  case damaged = 5
  case lockTimeout = 6
  case conflict = 7
  case unsafePermissions = 8
  case noVault = 9
  case rolledBack = 10
  case refused = 11
  case usage = 64
}
