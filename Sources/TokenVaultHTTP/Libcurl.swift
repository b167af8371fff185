internal import CCurl
internal import Glibc
internal import TokenVault

/// The functions of the system's libcurl.
///
/// It is loaded when it is first used and not linked, so that a program which refreshes nothing pays nothing for
/// it: with what it depends on, it takes longer to load than a token takes to read. It is never unloaded.
@safe struct Libcurl: @unchecked Sendable {
  // Sendable: functions, which do not change.
  typealias Handle = UnsafeMutableRawPointer
  typealias List = UnsafeMutablePointer<curl_slist>
  let setOption: UnsafeMutableRawPointer
  let getInfo: UnsafeMutableRawPointer
  let makeHandle: @convention(c) () -> Handle?
  let perform: @convention(c) (Handle?) -> CURLcode
  let freeHandle: @convention(c) (Handle?) -> Void
  let describe: @convention(c) (CURLcode) -> UnsafePointer<CChar>?
  let appendToList: @convention(c) (List?, UnsafePointer<CChar>?) -> List?
  let freeList: @convention(c) (List?) -> Void
  let makeURL: @convention(c) () -> OpaquePointer?
  let setURLPart:
    @convention(c) (OpaquePointer?, CURLUPart, UnsafePointer<CChar>?, UInt32) -> CURLUcode
  let urlPart:
    @convention(c) (
      OpaquePointer?, CURLUPart, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, UInt32
    ) -> CURLUcode
  let freeURL: @convention(c) (OpaquePointer?) -> Void
  let free: @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// The library, or why there is none.
  static func loaded() throws(RefreshFailure) -> Libcurl { try result.get() }

  private static let result = load(["libcurl.so.4", "libcurl-gnutls.so.4"])

  /// Loads the first of these libraries that is there.
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
        // The first is the one that is meant to be there.
        if problem.isEmpty { problem = lastProblem }
        continue
      }
      do { return .success(try unsafe Libcurl(library)) } catch { return .failure(error) }
    }
    return .failure(failure(problem))
  }

  /// Whether the program has no dynamic linker. There, libraries come with a C library of their own, beside the
  /// program's: the first thread that libcurl starts, to look up a name, ends in a segmentation fault.
  private static var isStaticProgram: Bool { unsafe dlsym(nil, "dlsym") == nil }

  private init(_ library: UnsafeMutableRawPointer) throws(RefreshFailure) {
    func function<Function>(
      _ name: String, as type: Function.Type = Function.self
    ) throws(RefreshFailure) -> Function {
      unsafe unsafeBitCast(try Self.address(of: name, in: library), to: type)
    }
    unsafe setOption = try Self.address(of: "curl_easy_setopt", in: library)
    unsafe getInfo = try Self.address(of: "curl_easy_getinfo", in: library)
    unsafe makeHandle = try function("curl_easy_init")
    unsafe perform = try function("curl_easy_perform")
    unsafe freeHandle = try function("curl_easy_cleanup")
    unsafe describe = try function("curl_easy_strerror")
    unsafe appendToList = try function("curl_slist_append")
    unsafe freeList = try function("curl_slist_free_all")
    unsafe makeURL = try function("curl_url")
    unsafe setURLPart = try function("curl_url_set")
    unsafe urlPart = try function("curl_url_get")
    unsafe freeURL = try function("curl_url_cleanup")
    unsafe free = try function("curl_free")
    // Once, before anything else, and by one thread: a static constant sees to that.
    typealias Initialize = @convention(c) (Int) -> CURLcode
    let status = try function("curl_global_init", as: Initialize.self)(Int(CURL_GLOBAL_ALL))
    guard status == CURLE_OK else { throw Self.failure("curl_global_init: \(status.rawValue)") }
  }

  private static func address(
    of name: String, in library: UnsafeMutableRawPointer
  ) throws(RefreshFailure) -> UnsafeMutableRawPointer {
    guard let address = unsafe dlsym(library, name) else { throw failure(lastProblem) }
    return unsafe address
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
