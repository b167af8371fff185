internal import CCurl
internal import Glibc
internal import TokenVault

/// The functions of the system's libcurl.
///
/// The library is loaded when it is first used, and not linked: with its dependencies, it takes longer to load than a
/// token takes to read. It is never unloaded.
@safe struct Libcurl: @unchecked Sendable {
  // Sendable: nothing writes to the table after it is filled.
  typealias Handle = UnsafeMutableRawPointer
  typealias List = UnsafeMutablePointer<curl_slist>
  let table: UnsafePointer<ccurl>

  var functions: ccurl { unsafe table.pointee }

  /// The library, loaded once.
  ///
  /// - Throws: ``RefreshFailure`` if it cannot be loaded; the refresh token was not used.
  static func loaded() throws(RefreshFailure) -> Libcurl { try result.get() }

  private static let result = load(["libcurl.so.4", "libcurl-gnutls.so.4"])

  /// Loads the first of these libraries that exists.
  static func load(_ names: [String]) -> Result<Libcurl, RefreshFailure> {
    guard !isStaticProgram else {
      return .failure(
        RefreshFailure(
          "this program is linked statically, and so cannot load libcurl; use one that is not",
          mayHaveUsedToken: false))
    }
    var problem = ""
    for name in names {
      guard let library = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
        // The first name is the usual one, so its error tells more.
        if problem.isEmpty { problem = lastProblem }
        continue
      }
      do { return .success(try unsafe Libcurl(library)) } catch { return .failure(error) }
    }
    return .failure(failure(problem))
  }

  /// Whether the program has no dynamic linker. A library that it loads then brings a second C library, and the first
  /// thread that libcurl starts, to look up a name, ends in a segmentation fault.
  private static var isStaticProgram: Bool { unsafe dlsym(nil, "dlsym") == nil }

  /// The table is never freed, as the library is never unloaded.
  private init(_ library: UnsafeMutableRawPointer) throws(RefreshFailure) {
    let table = UnsafeMutablePointer<ccurl>.allocate(capacity: 1)
    guard unsafe ccurl_find(table, library) else { throw Self.failure(Self.lastProblem) }
    unsafe self.table = UnsafePointer(table)
    // Not thread-safe in every version: the initializer of a static constant calls it once, before any other function.
    let status = functions.global_init(Int(CURL_GLOBAL_ALL))
    guard status == CURLE_OK else { throw Self.failure("curl_global_init: \(status.rawValue)") }
  }

  private static var lastProblem: String {
    guard let text = unsafe dlerror() else { return "dlopen" }
    return unsafe String(cString: text)
  }

  private static func failure(_ problem: String) -> RefreshFailure {
    RefreshFailure(
      "libcurl cannot be loaded (\(problem)); install libcurl4", mayHaveUsedToken: false)
  }
}
