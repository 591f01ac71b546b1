"""The Jinja2 environment of every page.

Settings name it: `"OPTIONS": {"environment": "dugnad.design.environment.environment"}`.
Macros need no context: texts and formats follow the language being spoken (`languages.speaking`).
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined

from dugnad.design import formats
from dugnad.design.compiling import VERSION, Templates
from dugnad.design.languages import LANGUAGE_NAMES, current_language
from dugnad.design.surround import surroundings
from dugnad.design.texts import t, texts

_HASH_LENGTH: Final = 12


@lru_cache(maxsize=512)
def _fingerprint(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"There is no static file '{path}' under STATICFILES_DIRS.")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:_HASH_LENGTH]


def static(path: str) -> str:
    """Give the address of a static file with a fingerprint of its bytes, so that it may be kept for ever.

    Raises FileNotFoundError when there is no such file.
    """
    if settings.DEBUG:
        _fingerprint.cache_clear()
    return f"{settings.STATIC_URL}{path}?v={_fingerprint(path)}"


def url(name: str, /, *args: object, **kwargs: object) -> str:
    """Give the path of a named view; raises NoReverseMatch when there is none."""
    return reverse(name, args=args, kwargs=kwargs)


def environment(**options: Any) -> Environment:
    """Make an environment that fails for an undefined variable and at once for faulty texts.

    `bytecode_cache` may be a folder: compiled templates are kept there from one start to the next.
    """
    if isinstance(folder := options.get("bytecode_cache"), str | Path):
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        options["bytecode_cache"] = FileSystemBytecodeCache(str(folder), f"__dugnad_{VERSION}_%s.cache")
    options["undefined"] = StrictUndefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options.setdefault("cache_size", -1)
    env = Templates(**options)
    texts()
    env.globals.update(
        t=t,
        surround=surroundings(env),
        url=url,
        static=static,
        language=current_language,
        language_names=LANGUAGE_NAMES,
        number=formats.number,
        money=formats.money,
        percent=formats.percent,
        date_long=formats.date_long,
        date_short=formats.date_short,
        month_year=formats.month_year,
        datetime_long=formats.datetime_long,
        datetime_short=formats.datetime_short,
    )
    return env
