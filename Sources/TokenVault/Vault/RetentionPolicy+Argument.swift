extension RetentionPolicy {
  /// The limits in the syntax of `tokenvault repair --policy`: `max-age=90d,idle=8h`, or `none`.
  var argument: String {
    let limits = Limit.allCases.compactMap { limit in
      self[limit].map { "\(limit.rawValue)=\(Self.argument(seconds: $0))" }
    }
    return limits.isEmpty ? "none" : limits.joined(separator: ",")
  }

  /// A time in the syntax of the command's options, in the largest unit that divides it: `90d`, `10s`.
  package static func argument(seconds: Int64) -> String {
    for (unit, size) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)]
    where seconds.isMultiple(of: size) {
      return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
  }
}
