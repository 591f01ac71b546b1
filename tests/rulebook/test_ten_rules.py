"""The ten-rule table of `python -m bench peers`: what is measured there must also be right."""

from bench.peers import our_table
from bench.peers_table import ROWS, as_values, inputs, plain

from dugnad.rulebook import Recorder


def test_the_measured_table_agrees_with_the_plain_function_and_reaches_every_row() -> None:
    table, reached = our_table(), set()
    for one in inputs(500):
        recorder = Recorder()
        assert table(as_values(one), recorder) == plain(**one)
        (record,) = recorder.as_data()
        reached.update(record["matched"])
    assert reached == set(range(1, len(ROWS) + 1))
