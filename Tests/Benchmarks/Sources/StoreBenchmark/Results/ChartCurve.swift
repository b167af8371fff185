/// One contender's line in the chart.
struct ChartCurve {
  let contender: String
  /// Its class in the style sheet.
  let style: String
  let points: [(tokens: Int, microseconds: Double)]

  /// Those that were measured; the last is drawn above the others.
  static func all(of results: Results) -> [ChartCurve] {
    let styles = [
      (ReplaceFloor.name, "bare"), (AppendFloor.name, "bare"),
      (StoreKind.sqliteDelete.name, "journal"), (StoreKind.sqlcipherWAL.name, "cipher"),
      (StoreKind.sqliteWAL.name, "log"), (StoreKind.tokenVault.name, "vault"),
    ]
    return styles.map { contender, style in
      let points = results.sizes.compactMap { size in
        results.median(.save, contender, size).map { (tokens: size, microseconds: $0) }
      }
      return ChartCurve(contender: contender, style: style, points: points)
    }.filter { !$0.points.isEmpty }
  }

  /// The colours are for a white ground, and others for a black one; the bare system calls are grey and dashed.
  static let style = """
    <style>
    text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-size:15px;fill:#24292f}
    path{fill:none;stroke-width:2}.grid{stroke:#d0d7de;stroke-width:1}.axis{stroke:#8c959f;stroke-width:1}
    g.bare path{stroke:#6e7781;stroke-dasharray:5 4}g.bare circle{fill:#6e7781}
    g.journal path{stroke:#bc4c00}g.journal circle,text.journal{fill:#bc4c00}
    g.cipher path{stroke:#8250df}g.cipher circle,text.cipher{fill:#8250df}
    g.log path{stroke:#0969da}g.log circle,text.log{fill:#0969da}
    g.vault path{stroke:#1a7f37;stroke-width:3.5}g.vault circle,text.vault{fill:#1a7f37}text.vault{font-weight:600}
    @media(prefers-color-scheme:dark){
    text{fill:#9198a1}.title{fill:#e6edf3}.grid{stroke:#30363d}.axis{stroke:#6e7681}
    g.bare path{stroke:#9198a1}g.bare circle{fill:#9198a1}
    g.journal path{stroke:#f0883e}g.journal circle,text.journal{fill:#f0883e}
    g.cipher path{stroke:#bc8cff}g.cipher circle,text.cipher{fill:#bc8cff}
    g.log path{stroke:#58a6ff}g.log circle,text.log{fill:#58a6ff}
    g.vault path{stroke:#3fb950}g.vault circle,text.vault{fill:#3fb950}
    }
    </style>
    """
}
