import Testing

@testable import TokenVault

@Suite struct UserDatabaseTests {
  private let database = UserDatabase(
    passwd: """
      root:x:0:0:root:/root:/bin/bash
      ann:x:1000:1000:Ann,,,:/home/ann:/bin/sh
      ben:x:1001:1001::/home/ben:/bin/sh
      eve:x:1002:1001::/home/eve:/bin/sh
      +@netgroup
      short:x:1003
      """,
    group: """
      root:x:0:
      ann:x:1000:ann,root
      ben:x:1001:
      staff:x:50:
      """)

  private func isPrivate(_ group: UInt32, of user: UInt32, _ effectiveGroup: UInt32) -> Bool {
    database.isPrivate(group: group, of: user, effectiveGroup: effectiveGroup)
  }

  @Test func aGroupIsPrivateOnlyIfItIsTheUsersOwnAndHasNoOtherMember() {
    #expect(isPrivate(1000, of: 1000, 1000))
    // Of the password file, not what the process runs with.
    #expect(isPrivate(1000, of: 1000, 50))
    #expect(!isPrivate(50, of: 1000, 50))
    #expect(!isPrivate(1001, of: 1001, 1001), "eve is a member")
    #expect(!isPrivate(1000, of: 1001, 1001))
    // A user whom the files do not have, as a container may run programs as.
    #expect(isPrivate(0, of: 4242, 0))
    #expect(!isPrivate(4242, of: 4242, 4242), "its members are unknown")
    #expect(isPrivate(0, of: 0, 0))
  }

  @Test func aUserHasANameIfTheFilesHaveIt() {
    #expect(database.name(of: 1001) == "ben")
    #expect(database.name(of: 1003) == nil)
    #expect(database.name(of: 7) == nil)
  }
}
