"""Measure the HTML report: its size, the time it takes to make, and in Chromium the time to open it and to filter it.

    python -m benchmarks.page [--assets N …] [--troubled N] [--runs N]

Pages are made of invented scans (`tests/report/large.py`): one asset in `--troubled` bears a mark, a match or a finding.
Thumbnails are left out; each adds its own bytes and a third. Each figure is the least of `--runs` openings: what is beyond it
is other work on the machine. Processor time is that of the page's main thread.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.page.chromium import Tab, chromium, running
from tests.report.large import large
from tests.report.written import to_html

SETTLE = "document.body.offsetHeight; await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));"
INPUT = "find.dispatchEvent(new Event('input', {bubbles: true}))"
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


def change(tab: Tab, doing: str, then: str = INPUT) -> tuple[float, float, float]:
    """Do something to the filters; return (milliseconds until laid out, until painted, processor milliseconds)."""
    before = processor_ms(tab)
    wall = tab.evaluate(
        f"""(async () => {{
            const find = document.getElementById("find"), verdict = document.getElementById("by-verdict");
            const began = performance.now();
            {doing};
            {then};
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


def opening(tab: Tab, path: Path) -> dict[str, tuple[float, float, float]]:
    """Open a page and filter it; return per step (milliseconds until laid out or first painted, until done, of the processor)."""
    tab.open(path)
    paint, loaded = tab.evaluate(
        """(() => { const at = performance.getEntriesByType("navigation")[0];
        const paint = performance.getEntriesByType("paint").find(each => each.name === "first-contentful-paint");
        return [paint ? paint.startTime : 0, at.loadEventEnd]; })()"""
    )
    figures = {"open it": (paint, loaded, processor_ms(tab))}
    tab.evaluate("new Promise(done => setTimeout(done, 500))")
    if tab.evaluate("!!document.getElementById('by-verdict')"):
        figures |= {name: change(tab, doing) for name, doing in CHANGES.items()}
        figures["draw all rows"] = change(tab, "document.querySelector('#assets .left button').click()", then="")
    return figures


def measure(tab: Tab, path: Path, count: int, troubled: int, runs: int) -> None:
    """Make one page, open and filter it some times, and print the least of the figures."""
    scan = large(count, troubled)
    making = []
    for _ in range(runs):
        began = time.perf_counter()
        text = to_html(scan)
        making.append(time.perf_counter() - began)
    path.write_text(text, "utf-8")
    print(f"{count} assets: {len(text.encode()) / 1e6:.2f} MB, made in {min(making):.2f} s")
    rounds = [opening(tab, path) for _ in range(runs)]
    for name in rounds[0]:
        first, done, busy = (min(figures) for figures in zip(*(each[name] for each in rounds), strict=True))
        began_with = "first painted" if name == "open it" else "laid out"
        print(f"  {name}: {began_with} {first:.0f} ms, done {done:.0f} ms, processor {busy:.0f} ms")


def main() -> None:
    """Measure pages of each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, nargs="+", default=[0, 10, 5000])
    parser.add_argument("--troubled", type=int, default=8)
    parser.add_argument("--runs", type=int, default=5)
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
            measure(tab, Path(folder) / "scan.html", count, chosen.troubled, chosen.runs)


if __name__ == "__main__":
    main()
