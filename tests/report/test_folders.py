from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scanner.report.folders import FolderCounts

NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4)


def counted_whole(paths):
    """The same worked out with all paths at hand."""
    deep = [tuple(path.split("/")[:-1]) for path in paths]
    deep = [folders for folders in deep if folders]
    depth = 0
    while deep and all(len(each) > depth + 1 for each in deep) and len({each[: depth + 1] for each in deep}) == 1:
        depth += 1
    counts = Counter("/".join(folders[: depth + 1]) for folders in deep)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


@given(st.lists(NAMES, max_size=12))
def test_it_counts_what_all_paths_at_hand_would_give(folders):
    paths = sorted("/".join([*each, f"{number}.jpg"]) for number, each in enumerate(folders))
    counts = FolderCounts()
    for path in paths:
        counts.add(path)
    assert counts.largest(100) == counted_whole(paths)
    assert counts.largest(1) == counted_whole(paths)[:1], "it may be asked twice"
