#!/usr/bin/env python3
"""Prints the figures of a run, and whether they reach their bars; with --write, also makes the README's tables and the chart.

    report.py [--write] [results.json]

The tables stand in the README between the two lines of MARKS.
"""

import json, math, pathlib, sys

from bars import APPEND, CIPHER, REPLACE, TOKEN, VAULT, WAL, ZEROS, Figures, aligned, digits, figure, verdicts

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parent.parent / "README.md"
MARKS = "<!-- Tests/Benchmarks/report.py writes what follows. -->\n", "<!-- Until here. -->\n"
CHART = HERE.parent.parent / "Sources/TokenVault/TokenVault.docc/save-cost.svg"
DELETE, DELETE_BY_USER = "SQLite, DELETE", "SQLite, DELETE, one index"
CONTENDERS = [VAULT, WAL, DELETE, DELETE_BY_USER, CIPHER, "LMDB", "RocksDB", APPEND, ZEROS, REPLACE]
TIMES, COUNTS = ["median", "p999", "longest"], ["flushes", "requests"]


def named(description):
    """As in "ext4 without a journal"."""
    return description["fileSystem"] + {True: " with a journal", False: " without a journal", None: ""}[description["journal"]]


def text(row, member):
    return figure(row[member], row["unit"]) if member in TIMES else digits(row[member])


def markdown(rows):
    lines = [rows[0], ["---"] + ["---:"] * (len(rows[0]) - 1), *rows[1:]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


class Report(Figures):
    def figures(self):
        print("; ".join(f"{disk}: {description['device']}, {named(description)}" for disk, description in self.disks.items()))
        for disk, work in dict.fromkeys((disk, work) for disk, work, _, _ in self.rows):
            rows = [row for row in self.rows.values() if (row["disk"], row["work"]) == (disk, work)]
            table = [[f"\n{work}, {disk}", "tokens", "samples", "median", "p99.9", "longest", "flushes", "requests"]]
            for row in rows:
                shown = [text(row, name) if name in row else "" for name in TIMES + COUNTS]
                table.append([row["contender"], f"{row['tokens']:,}", f"{row['samples']:,}", *shown])
            print(aligned(table))

    # The README's table, without the row of SQLite's DELETE with all indexes: a cell has the figures of all disks

    def cell(self, work, contender, tokens=None, member="median"):
        rows = [self.rows.get((disk, work, contender, tokens or self.many), {}) for disk in self.disks]
        texts = [text(row, member) if member in row else "–" for row in rows]
        units = {text.partition(" ")[2] for text in texts}
        if len(set(texts)) > 1 and len(units) == 1:
            return " / ".join(text.partition(" ")[0] for text in texts) + f" {units.pop()}".rstrip()
        return " / ".join(texts) if len(set(texts)) > 1 else texts[0]

    def tables(self):
        commands = {VAULT: TOKEN, CIPHER: "sqlcipher, raw key", WAL: "sqlite3"}
        where = " / ".join(self.disks)
        sizes = [f"save, {size:,}" for size in self.sizes]
        medians = [[f"median, {where}", *sizes, "find", "16 threads saving", "open and find", "`token`"]]
        for name in CONTENDERS:
            if name == DELETE:
                continue
            others = [("find", name), ("threads", name + ", 16 threads"), ("open", name), ("token", commands.get(name))]
            medians.append([name, *(self.cell("save", name, size) for size in self.sizes), *(self.cell(*other) for other in others)])
        return markdown(medians)

    # The chart: both axes are logarithmic. On J, which is what most users have, unless it was not measured.

    def chart(self):
        styles = {REPLACE: "bare", APPEND: "bare", DELETE: "journal", CIPHER: "cipher", WAL: "log", "LMDB": "tree",
                  "RocksDB": "merge", VAULT: "vault"}
        disk = "J" if "J" in self.disks else "D"
        left, right, top, bottom = 76, 548, 48, 360
        saves = {name: [(size, time) for size in self.sizes if (time := self.value(disk, "save", name, size))] for name in styles}
        times = [time for points in saves.values() for _, time in points]
        # Half a decade below the least leaves room for the labels of the lines that end near it.
        low, high = math.log10(min(times)) - 0.5, math.ceil(math.log10(max(times)))
        across = lambda size: left + (right - left) * math.log(size / self.few) / math.log(self.sizes[-1] / self.few)
        up = lambda time: bottom - (bottom - top) * (math.log10(time) - low) / (high - low)
        title = f"One durable save, by the number of tokens in the store ({named(self.disks[disk])})"
        parts = [f'<text class="title" x="{left}" y="26">{title}</text>']
        for power in range(math.ceil(low), high + 1):
            y, name = up(10 ** power), figure(10 ** power, "µs").replace(".00", "").replace(".0", "")
            parts.append(f'<path class="grid" d="M{left} {y:.1f}H{right}"/><text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{name}</text>')
        parts += [f'<text x="{across(size):.1f}" y="{bottom + 20}" text-anchor="middle">{size:,}</text>' for size in self.sizes]
        parts.append(f'<path class="axis" d="M{left} {bottom}H{right}"/><text x="{(left + right) / 2}" y="{bottom + 42}" text-anchor="middle">tokens</text>')
        labels = []
        for name, style in styles.items():
            points = [(across(size), up(time)) for size, time in saves[name]]
            if points:
                dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)
                parts.append(f'<g class="{style}"><path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>{dots}</g>')
                labels.append([points[-1][1], style, f"{name}, {figure(saves[name][-1][1], 'µs')}"])
        # At the lines' ends, moved apart; the lowest stays above the axis.
        labels.sort()
        for index in range(1, len(labels)):
            labels[index][0] = max(labels[index][0], labels[index - 1][0] + 18)
        floor = bottom - 8
        for label in reversed(labels):
            label[0] = min(label[0], floor)
            floor = label[0] - 18
        parts += [f'<text class="{style}" x="{right + 12}" y="{y + 4:.1f}">{text}</text>' for y, style, text in labels]
        return SVG.format(title=title, light=colors_of(0), dark=colors_of(1), parts="\n".join(parts))


# The chart has a ground of its own, so that it can be read on a page of any colour.
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 420" role="img" aria-label="{title}">
<style>
text{{font:13px system-ui,sans-serif}}.title{{font-size:15px}}text.vault{{font-weight:600}}
path{{fill:none;stroke-width:2}}path.grid,path.axis{{stroke-width:1}}g.vault path{{stroke-width:3.5}}
g.bare path{{stroke-dasharray:5 4}}
{light}
@media(prefers-color-scheme:dark){{
{dark}
}}
</style>
<rect class="ground" x="0.5" y="0.5" width="799" height="419" rx="8"/>
{parts}
</svg>
"""
# For a light and a dark ground.
COLORS = {"journal": ("#bc4c00", "#f0883e"), "cipher": ("#8250df", "#bc8cff"), "log": ("#0969da", "#58a6ff"),
          "vault": ("#1a7f37", "#3fb950"), "bare": ("#6e7781", "#9198a1"), "tree": ("#9a6700", "#d29922"),
          "merge": ("#cf222e", "#ff7b72")}
GROUND = ["text{fill:#57606a}.title{fill:#24292f}.ground{fill:#fff;stroke:#d0d7de}.grid{stroke:#d0d7de}.axis{stroke:#8c959f}",
          "text{fill:#9198a1}.title{fill:#e6edf3}.ground{fill:#0d1117;stroke:#30363d}.grid{stroke:#30363d}.axis{stroke:#6e7681}"]


def colors_of(index):
    rule = "g.{0} path{{stroke:{1}}}g.{0} circle,text.{0}{{fill:{1}}}"
    return "\n".join([GROUND[index], *(rule.format(name, colors[index]) for name, colors in COLORS.items())])


def main():
    words = [word for word in sys.argv[1:] if word != "--write"]
    results = json.loads(pathlib.Path(words[0] if words else HERE / "results.json").read_text())
    report = Report(results)
    report.figures()
    print("\n" + aligned(verdicts(results)))
    if "--write" in sys.argv:
        CHART.write_text(report.chart())
        before, _, rest = README.read_text().partition(MARKS[0])
        README.write_text(before + MARKS[0] + "\n" + report.tables() + "\n" + MARKS[1] + rest.partition(MARKS[1])[2])


if __name__ == "__main__":
    main()
