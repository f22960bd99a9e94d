from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from scanner.engine.chunks import CHUNK_BYTES, CHUNK_TASKS, Chunk, ChunkSource
from scanner.model.work import ExamineTask, OpenFilmTask, PixelDigest, PixelsTask, WorkFailed


def examine(count: int, size_bytes: int = 1) -> list[ExamineTask]:
    return [ExamineTask(key, "/x", size_bytes) for key in range(count)]


def drained(source: ChunkSource, seconds: float) -> list[Chunk]:
    """All chunks of a source, where each task takes so long."""
    chunks = []
    while chunk := source.next_chunk():
        chunks.append(chunk)
        source.learn(len(chunk.tasks), seconds * len(chunk.tasks))
    return chunks


@given(st.lists(st.tuples(st.integers(0, 2 * CHUNK_BYTES), st.booleans())), st.floats(0, 10))
@example([(0, False)], 2.2250738585e-313)
def test_every_task_is_in_one_chunk_in_order(made, seconds):
    tasks = [OpenFilmTask(key, "/x", size) if film else ExamineTask(key, "/x", size) for key, (size, film) in enumerate(made)]
    chunks = drained(ChunkSource(iter(tasks)), seconds)
    assert [task for chunk in chunks for task in chunk.tasks] == tasks
    assert all(0 < len(chunk.tasks) <= CHUNK_TASKS for chunk in chunks)


def test_chunks_of_short_tasks_grow_and_those_of_long_ones_do_not():
    lengths = [len(chunk.tasks) for chunk in drained(ChunkSource(iter(examine(2000))), 0.001)]
    assert lengths[0] == 1
    assert max(lengths) == CHUNK_TASKS
    assert {len(chunk.tasks) for chunk in drained(ChunkSource(iter(examine(20))), 1.0)} == {1}


def test_chunks_shrink_where_tasks_turn_out_long():
    source = ChunkSource(iter(examine(500)))
    for _ in range(30):
        source.learn(CHUNK_TASKS, 0.01)
    assert len(source.next_chunk().tasks) == CHUNK_TASKS
    source.learn(CHUNK_TASKS, 64.0)
    assert len(source.next_chunk().tasks) == 1


def test_large_files_go_alone():
    source = ChunkSource(iter(examine(10, CHUNK_BYTES // 2 + 1)))
    for _ in range(30):
        source.learn(CHUNK_TASKS, 0.01)
    assert {len(chunk.tasks) for chunk in drained(source, 0.0)} == {1}


def test_only_the_results_of_its_tasks_in_order_answer_a_chunk():
    chunk = Chunk((PixelsTask(4, "/x", 1), PixelsTask(9, "/x", 1)))
    four, nine = PixelDigest(4, ""), WorkFailed(9, "died")
    assert chunk.answered_by((four, nine))
    assert not chunk.answered_by((nine, four))
    assert not chunk.answered_by((four,))
    assert not chunk.answered_by((four, nine, nine))
    assert not chunk.answered_by((four, "nine"))


def test_halves_hold_what_the_whole_held():
    one, other = Chunk(tuple(examine(5)), losses=3).halves()
    assert (*one.tasks, *other.tasks) == tuple(examine(5))
    assert one.losses == other.losses == 0
