import Testing

@testable import TokenVault

extension PowerCutSweep {
  /// Saves by threads of several stores at once, and promises each user when its save has returned.
  func saveByThreads(stores: Int, threads: Int, saves: Int) throws {
    let all = QueuedThreads { 0 }
    for store in 1...stores {
      let vault = try Vault(configuration)
      for thread in 1...threads {
        all.start {
          for save in 1...saves {
            let user = "\(store).\(thread).\(save)"
            do {
              try vault.save(smallToken(user))
              disk.promise(user)
            } catch {
              Issue.record("\(user): \(error)")
            }
          }
        }
      }
    }
    all.join()
  }
}
