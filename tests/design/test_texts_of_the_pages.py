"""The texts and those who use them: nothing missing, nothing left over."""

from pathlib import Path

import pytest
from text_usage import Usage, usage_in

from dugnad.design.texts import PACKAGE, foreign, texts


@pytest.fixture(scope="module")
def usage() -> Usage:
    return usage_in(PACKAGE, skip=foreign)


def test_every_text_a_page_asks_for_exists(usage: Usage) -> None:
    missing = [f"{place}: '{key}'" for key, place in usage.keys.items() if key not in texts()]
    assert not missing, "No such text:\n" + "\n".join(missing)


def test_every_text_is_used_somewhere(usage: Usage) -> None:
    unused = [f"{texts().place(key)}: '{key}'" for key in sorted(texts().keys()) if not usage.uses(key)]
    assert not unused, "Nobody asks for:\n" + "\n".join(unused)


def test_the_reader_of_usage_sees_what_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ t('a.b') }}{{ t('c.' ~ x) }}{{ t('d.yes' if x else 'd.no') }}")
    (tmp_path / "view.py").write_text("t('e.f')\nt(f'g.{x}')\nKEYS = ['h.i']\nOWN = 'j.'\n")
    usage = usage_in(tmp_path)
    assert set(usage.keys) == {"a.b", "d.yes", "d.no", "e.f"}
    assert all(map(usage.uses, ("c.anything", "g.anything", "h.i", "j.k")))
    assert not usage.uses("nobody.asks")
