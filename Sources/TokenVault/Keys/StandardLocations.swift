internal import Glibc

/// The locations of the XDG Base Directory Specification (0.8) that TokenVault uses.
package struct StandardLocations: Sendable {
  private let variable: @Sendable (String) -> String?

  /// The locations that this process' environment names.
  package static let process = StandardLocations { name in
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The locations that an environment names.
  package init(variable: @escaping @Sendable (String) -> String?) { self.variable = variable }

  /// The value of a variable that is set and not empty.
  package func value(_ name: String) -> String? {
    variable(name).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The default vault: `$XDG_DATA_HOME/tokenvault/tokens.vault`.
  package var vault: String? { vault(named: "tokens") }

  /// The vault of this name beside the default one.
  func vault(named name: String) -> String? {
    home("XDG_DATA_HOME", ".local/share").map { "\($0)/tokenvault/\(name).vault" }
  }

  /// The default key file of a store: `$XDG_STATE_HOME/tokenvault/keys/<store id>.key`. Not beside the vault, so that a
  /// backup of the vault does not contain its key.
  func key(of store: StoreID) -> String? {
    state.map { "\($0)/keys/\(store.text).key" }
  }

  /// Where this host remembers vaults: `$TOKENVAULT_STATE_DIR`, or `$XDG_STATE_HOME/tokenvault`.
  var stateDirectory: String? {
    value("TOKENVAULT_STATE_DIR") ?? state
  }

  private var state: String? {
    home("XDG_STATE_HOME", ".local/state").map { "\($0)/tokenvault" }
  }

  /// The path of a credential of this systemd unit; nil if the unit has none, or the name is no file name.
  func credential(_ name: String) -> String? {
    guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      return nil
    }
    return value("CREDENTIALS_DIRECTORY").map { "\($0)/\(name)" }
  }

  /// The specification wants relative paths ignored.
  private func home(_ name: String, _ fallback: String) -> String? {
    if let path = value(name), path.hasPrefix("/") { return path }
    return value("HOME").map { "\($0)/\(fallback)" }
  }
}
