"""Measure the HTML report: its size, the time it takes to make, and in Chromium the time to open it and to filter it.

    python -m benchmarks.page [--assets N …] [--troubled N]

Pages are made of invented scans (`tests/report/large.py`): one asset in `--troubled` bears a mark, a match or a finding.
Thumbnails are left out; each adds its own bytes and a third. Processor time is that of the page's main thread, which other work
on the machine stretches less than it does the wall.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from scanner.report.html_report import to_html
from tests.page.chromium import Tab, chromium, running
from tests.report.large import large

SETTLE = "document.body.offsetHeight; await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));"
CHANGES = {
    "one letter": "find.value = 'm'",
    "two letters": "find.value = 'mi'",
    "a generator": "find.value = 'midjourney'",
    "and a verdict": "verdict.selectedIndex = 1",
    "the verdict alone": "find.value = ''",
    "everything again": "verdict.value = ''",
    "one file": "find.value = 'shot_01234'",
    "everything once more": "find.value = ''",
}
"""What a person does to the filters, one after the other."""


def change(tab: Tab, doing: str) -> tuple[float, float, float]:
    """Do something to the filters; return (milliseconds until laid out, until painted, processor milliseconds)."""
    before = processor_ms(tab)
    wall = tab.evaluate(
        f"""(async () => {{
            const find = document.getElementById("find"), verdict = document.getElementById("by-verdict");
            const began = performance.now();
            {doing};
            find.dispatchEvent(new Event("input", {{bubbles: true}}));
            document.body.offsetHeight;
            const laid = performance.now() - began;
            {SETTLE}
            return [laid, performance.now() - began];
        }})()"""
    )
    return wall[0], wall[1], processor_ms(tab) - before


def processor_ms(tab: Tab) -> float:
    """Return the processor time of the page's tasks so far."""
    metrics = {each["name"]: each["value"] for each in tab.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"]) * 1000


def measure(tab: Tab, path: Path, count: int, troubled: int) -> None:
    """Make one page, open it, filter it and print the figures."""
    scan = large(count, troubled)
    began = time.perf_counter()
    text = to_html(scan)
    print(f"{count} assets: {len(text.encode()) / 1e6:.2f} MB, made in {time.perf_counter() - began:.2f} s")
    path.write_text(text, "utf-8")
    before = processor_ms(tab)
    tab.open(path)
    loaded = tab.evaluate(
        """(() => { const at = performance.getEntriesByType("navigation")[0];
        const paint = performance.getEntriesByType("paint").find(each => each.name === "first-contentful-paint");
        return [paint ? paint.startTime : 0, at.loadEventEnd]; })()"""
    )
    busy = processor_ms(tab) - before
    print(f"  first paint {loaded[0]:.0f} ms, loaded and filters ready {loaded[1]:.0f} ms, processor {busy:.0f} ms")
    if not tab.evaluate("!!document.getElementById('by-verdict')"):
        return
    for name, doing in CHANGES.items():
        laid, painted, busy = change(tab, doing)
        print(f"  {name}: laid out {laid:.0f} ms, painted {painted:.0f} ms, processor {busy:.0f} ms")
    before = processor_ms(tab)
    tab.evaluate(f"(async () => {{ document.querySelector('#assets .left button').click(); {SETTLE} }})()")
    print(f"  all {count} rows drawn: processor {processor_ms(tab) - before:.0f} ms")


def main() -> None:
    """Measure pages of each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, nargs="+", default=[0, 10, 5000])
    parser.add_argument("--troubled", type=int, default=8)
    chosen = parser.parse_args()
    program = chromium()
    if program is None:
        parser.exit(1, "no Chromium is installed\n")
    with tempfile.TemporaryDirectory() as folder, running(program) as browser:
        tab = browser.new_tab()
        tab.send("Performance.setTimeDomain", timeDomain="threadTicks")
        tab.send("Performance.enable")
        tab.look()
        for count in chosen.assets:
            measure(tab, Path(folder) / "scan.html", count, chosen.troubled)


if __name__ == "__main__":
    main()
