#if Logging
  extension String {
    /// The text with its control characters and line separators escaped: an id that another program chose, or what a server
    /// says, must not look like a line of the log.
    var onOneLine: String {
      unicodeScalars.reduce(into: "") { line, scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: line += scalar.escaped(asASCII: true)
        default: line.unicodeScalars.append(scalar)
        }
      }
    }
  }
#endif
