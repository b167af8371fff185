/// The URL of a token endpoint to which secrets may be sent.
protocol CheckedEndpoint {
  /// The host; IPv6 in brackets.
  var host: String { get }
}

extension TokenEndpoint: CheckedEndpoint {}
