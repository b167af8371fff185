import Glibc

/// SQLite or SQLCipher, loaded by name. Both have the same functions, so that one process can only have them
/// both if neither is linked.
struct SQLLibrary: Sendable {
  typealias Call = @convention(c) (OpaquePointer?) -> Int32
  typealias Text = UnsafePointer<CChar>
  typealias Result = UnsafeMutablePointer<OpaquePointer?>
  typealias Open = @convention(c) (Text?, Result?, Int32, Text?) -> Int32
  typealias Execute =
    @convention(c) (
      OpaquePointer?, Text?, UnsafeRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?
    ) -> Int32
  typealias Prepare =
    @convention(c) (OpaquePointer?, Text?, Int32, Result?, UnsafeRawPointer?) -> Int32
  /// The last argument tells how long the text lives.
  typealias BindText =
    @convention(c) (OpaquePointer?, Int32, UnsafePointer<UInt8>?, Int32, Int) -> Int32
  typealias ColumnText = @convention(c) (OpaquePointer?, Int32) -> UnsafePointer<UInt8>?
  typealias ColumnBytes = @convention(c) (OpaquePointer?, Int32) -> Int32
  typealias SetBusyTimeout = @convention(c) (OpaquePointer?, Int32) -> Int32
  typealias ErrorMessage = @convention(c) (OpaquePointer?) -> Text?
  typealias Version = @convention(c) () -> Text?

  let file: String
  let open: Open
  let close, step, reset, finalize, changes: Call
  let execute: Execute
  let prepare: Prepare
  let bindText: BindText
  let columnText: ColumnText
  let columnBytes: ColumnBytes
  let setBusyTimeout: SetBusyTimeout
  let errorMessage: ErrorMessage
  let version: Version

  static let ok: Int32 = 0
  static let busy: Int32 = 5
  static let row: Int32 = 100
  static let done: Int32 = 101
  /// Read, write, create.
  static let openFlags: Int32 = 2 | 4
  /// The text outlives the statement's run, or is to be copied.
  static let staticText = 0
  static let copiedText = -1

  /// Nil where none of these files is there.
  init?(_ files: [String]) {
    for file in files {
      guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else { continue }
      self.init(handle, file)
      return
    }
    return nil
  }

  private init?(_ handle: UnsafeMutableRawPointer, _ file: String) {
    func function<Function>(_ name: String) -> Function? {
      dlsym(handle, "sqlite3_\(name)").map { unsafeBitCast($0, to: Function.self) }
    }
    self.file = file
    guard let open: Open = function("open_v2"), let close: Call = function("close"),
      let execute: Execute = function("exec"), let prepare: Prepare = function("prepare_v2"),
      let bindText: BindText = function("bind_text"), let step: Call = function("step"),
      let reset: Call = function("reset"), let finalize: Call = function("finalize"),
      let columnText: ColumnText = function("column_text"),
      let columnBytes: ColumnBytes = function("column_bytes"),
      let changes: Call = function("changes"),
      let setBusyTimeout: SetBusyTimeout = function("busy_timeout"),
      let errorMessage: ErrorMessage = function("errmsg"),
      let version: Version = function("libversion")
    else { return nil }
    (self.open, self.close, self.execute, self.prepare) = (open, close, execute, prepare)
    (self.bindText, self.step, self.reset, self.finalize) = (bindText, step, reset, finalize)
    (self.columnText, self.columnBytes, self.changes) = (columnText, columnBytes, changes)
    (self.setBusyTimeout, self.errorMessage) = (setBusyTimeout, errorMessage)
    self.version = version
  }
}
