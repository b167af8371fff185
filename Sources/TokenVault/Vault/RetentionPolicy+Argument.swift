extension RetentionPolicy {
  /// The limits in the syntax of `tokenvault repair --policy`: `max-age=90d,idle=8h`, or `none`.
  var argument: String {
    let limits = Limit.allCases.compactMap { limit in
      self[limit].map { "\(limit.rawValue)=\(Self.span($0))" }
    }
    return limits.isEmpty ? "none" : limits.joined(separator: ",")
  }

  private static func span(_ seconds: Int64) -> String {
    for (unit, size) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)]
    where seconds.isMultiple(of: size) {
      return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
  }
}
