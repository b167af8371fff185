import Foundation
import Synchronization

/// A token endpoint on this computer, in a process of its own: `token_server.py` says what it does.
public final class TokenServer: Sendable {
  /// A certificate in PEM and its key, to serve https with.
  public struct Identity: Sendable {
    let certificate: String
    let key: String

    /// The paths of both.
    public init(certificate: String, key: String) {
      (self.certificate, self.key) = (certificate, key)
    }
  }

  /// Why there is no server, or no log.
  public struct Failure: Error { let problem: String }

  private struct Connection {
    let process: Process
    let commands: FileHandle
    let answers: FileHandle
  }

  /// `http://127.0.0.1:PORT`, or https where it has a certificate.
  public let url: String
  private let connection: Mutex<Connection>

  /// Starts a server. It ends with this object, and with this process, however that ends.
  public init(identity: Identity? = nil) throws {
    let (process, commands, answers) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Self.script]
    if let identity {
      process.arguments? += ["--certificate", identity.certificate, "--key", identity.key]
    }
    process.standardInput = commands
    process.standardOutput = answers
    try process.run()
    let output = answers.fileHandleForReading
    guard let port = Int(Self.line(output)) else { throw Failure(problem: "it did not start") }
    url = "\(identity == nil ? "http" : "https")://127.0.0.1:\(port)"
    connection = Mutex(
      Connection(process: process, commands: commands.fileHandleForWriting, answers: output))
  }

  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "token_server.py").path

  /// What it has seen.
  public func log() throws -> TokenServerLog {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(TokenServerLog.self, from: Data(try answer("log").utf8))
  }

  /// Makes it forget all.
  public func reset() throws { _ = try answer("reset") }

  /// Lets every call go on that it holds, and holds none any more.
  public func release() throws { _ = try answer("release") }

  private func answer(_ command: String) throws -> String {
    try connection.withLock { connection in
      try connection.commands.write(contentsOf: Data("\(command)\n".utf8))
      return Self.line(connection.answers)
    }
  }

  private static func line(_ file: FileHandle) -> String {
    var bytes: [UInt8] = []
    while let byte = file.readData(ofLength: 1).first, byte != UInt8(ascii: "\n") {
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  deinit {
    connection.withLock { connection in
      try? connection.commands.close()
      connection.process.terminate()
      connection.process.waitUntilExit()
    }
  }
}
