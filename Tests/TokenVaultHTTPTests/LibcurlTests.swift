import Glibc
import Testing
import TokenVault

@testable import TokenVaultHTTP

@Suite struct LibcurlTests {
  @Test func aLibraryThatIsMissingIsNamed() throws {
    let failure = #expect(throws: RefreshFailure.self) {
      try Libcurl.load(["libcurl-of-nobody.so.4", "libcurl-of-nobody-else.so.4"]).get()
    }
    let sentence = try #require(failure?.description)
    #expect(sentence.hasPrefix("libcurl cannot be loaded (libcurl-of-nobody.so.4: "))
    #expect(sentence.hasSuffix("); install libcurl4"))
    #expect(failure?.mayHaveUsedToken == false)
  }

  @Test func aLibraryThatIsAnotherIsRefused() throws {
    let failure = #expect(throws: RefreshFailure.self) { try Libcurl.load(["libc.so.6"]).get() }
    #expect(failure?.description.contains("curl_easy_setopt") == true)
  }

  @Test func theSecondLibraryIsTakenWhereTheFirstIsMissing() throws {
    _ = try Libcurl.load(["libcurl-of-nobody.so.4", "libcurl.so.4"]).get()
  }

  @Test func itIsNotLoadedBeforeItIsNeeded() async {
    await #expect(processExitsWith: .success) {
      let isLoaded = { unsafe dlopen("libcurl.so.4", RTLD_NOW | RTLD_NOLOAD) != nil }
      let grant = RefreshTokenGrant.patient
      guard !isLoaded() else { exit(1) }
      _ = try? await grant.refresh(OAuthToken())
      guard isLoaded() else { exit(2) }
    }
  }

  /// libcurl leaves SIGPIPE to us, and OpenSSL raises it.
  @Test func aBrokenPipeDoesNotEndTheProcess() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_DFL)
      var ends: [Int32] = [-1, -1]
      guard unsafe pipe(&ends) == 0 else { exit(1) }
      close(ends[0])
      let count = BrokenPipeSignal.suppressed { unsafe write(ends[1], "a", 1) }
      guard count == -1, errno == EPIPE else { exit(2) }
      var (pending, mask) = (sigset_t(), sigset_t())
      unsafe sigpending(&pending)
      unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
      guard unsafe sigismember(&pending, SIGPIPE) == 0 else { exit(3) }
      guard unsafe sigismember(&mask, SIGPIPE) == 0 else { exit(4) }
    }
  }
}
