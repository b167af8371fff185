#if Configuration
  public import Configuration

  /// A value of a vault was asked for as something that it is not: text, or its bytes.
  public struct VaultConfigError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The key.
    public let key: String
    /// The type that was asked for.
    public let type: ConfigType

    /// The key and the type, without the value.
    public var description: String { "the value of '\(key)' is text, and no \(type)" }
  }
#endif
