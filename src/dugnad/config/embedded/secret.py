"""The key that signs cookies: made once, readable by its owner only."""

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Read the key in `home/secret`; it is made (50 random bytes, mode 0600) if it is not there yet.

    Several processes may ask at once: whoever writes first decides, and a half-written file is never seen.
    """
    place = home / "secret"
    try:
        return place.read_text(encoding="ascii")
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True)
    draft = home / f"secret.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, place)
    except FileExistsError:
        pass  # another process was first; its key is the one to use
    finally:
        draft.unlink()
    return place.read_text(encoding="ascii")
