internal import COpenSSL
internal import Glibc

// The configuration of this host.
extension OpenSSLConfiguration {
  /// Longer files, in bytes, change something.
  private static let largestSize = 65_536

  /// Whether the configuration that OpenSSL would read leaves it as it is. A missing file does.
  ///
  /// False if the environment names a file: a user who does so has one that matters.
  static var systemChangesNothing: Bool {
    guard unsafe getenv("OPENSSL_CONF") == nil, let path = unsafe CONF_get1_default_config_file()
    else { return false }
    defer { unsafe CRYPTO_free(path, "", 0) }
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard file >= 0 else { return errno == ENOENT }
    defer { close(file) }
    return text(of: file).map { Self($0.span).changesNothing } ?? false
  }

  /// The bytes of a regular file; nil if it is something else, too large, or cannot be read whole at once.
  private static func text(of file: Int32) -> [UInt8]? {
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= largestSize
    else { return nil }
    // One byte more, to see that the file ends.
    let size = Int(status.st_size) + 1
    let text = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe max(0, Glibc.read(file, buffer.baseAddress, size))
    }
    return text.count == size - 1 ? text : nil
  }
}
