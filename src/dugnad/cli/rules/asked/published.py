"""A published version, by its number: read from the database of a running Dugnad into a folder."""

import os
from pathlib import Path

from dugnad.cli.rules.asked.refused import RefusedError


def written_out(service: str, number: int, room: Path) -> Path:
    """Write the files of a published version below `room` and return their folder. Raises RefusedError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dugnad.config.settings")
    import django  # noqa: PLC0415 - only who asks for a published version needs the database

    django.setup()
    from django.db import Error  # noqa: PLC0415 - as above

    from dugnad.catalogue import queries  # noqa: PLC0415 - its models need Django ready

    try:
        versions = {one.number: one.hash for one in queries.versions(service)}
        if number not in versions:
            known = ", ".join(str(one) for one in sorted(versions)) or "none"
            raise RefusedError(f"{service} has no published version {number}; there are: {known}.")
        files = queries.by_version(versions[number]).files
    except Error as error:
        message = f"The database with the published versions cannot be asked ({type(error).__name__})."
        raise RefusedError(f"{message} Start it with `dugnad run`, or set DUGNAD_DATABASE_URL.") from None
    folder = room / "services" / service
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
