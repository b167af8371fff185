internal import CSQLite
internal import Glibc

/// The functions of the system's libsqlite3, which is loaded when it is first used, not linked, and never unloaded.
@safe struct SQLiteLibrary: @unchecked Sendable {
  // Sendable: nothing writes to the table after it is filled.
  private let table: UnsafePointer<csqlite>

  var functions: csqlite { unsafe table.pointee }

  /// The library, loaded once.
  ///
  /// - Throws: ``ForeignFault/database(_:)`` if it cannot be loaded.
  static func loaded() throws(ForeignFault) -> SQLiteLibrary { try result.get() }

  private static let result = load("libsqlite3.so.0")

  private static func load(_ name: String) -> Result<SQLiteLibrary, ForeignFault> {
    // A library that a static program loads brings a second C library.
    guard unsafe dlsym(nil, "dlsym") != nil else {
      return .failure(
        .database(
          "this program is linked statically, and so cannot load libsqlite3; use one that is not"))
    }
    guard let library = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      return .failure(failure(lastProblem))
    }
    // The table is never freed, as the library is never unloaded.
    let table = UnsafeMutablePointer<csqlite>.allocate(capacity: 1)
    guard unsafe csqlite_find(table, library) else { return .failure(failure(lastProblem)) }
    return .success(unsafe SQLiteLibrary(table: UnsafePointer(table)))
  }

  private static var lastProblem: String {
    guard let text = unsafe dlerror() else { return "dlopen" }
    return unsafe String(cString: text)
  }

  private static func failure(_ problem: String) -> ForeignFault {
    .database("libsqlite3 cannot be loaded (\(problem)); install libsqlite3-0")
  }
}
