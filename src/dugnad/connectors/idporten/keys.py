"""RSA signing keys kept in a file: ours as a client, and the simulator's own."""

import json
import os
import tempfile
from pathlib import Path
from typing import cast

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

_BITS = 2048


class KeyFileError(Exception):
    """The key file cannot be read as a private RSA key; the text says which file and how to mend it."""


def load_or_create(path: Path) -> RSAKey:
    """Return the private key in `path` (a JWK), made on first use, readable by its owner only.

    Processes that start at once agree on one key: the file is linked into place, and the first one wins.
    Raises KeyFileError, and OSError where the folder cannot be written.
    """
    if not path.exists():
        _create(path)
    try:
        return from_jwk(path.read_text(encoding="utf-8"))
    except (ValueError, JoseError) as error:
        raise KeyFileError(
            f"{path} is not a private RSA key in JWK form. Delete it to get a new one."
        ) from error


def from_jwk(text: str) -> RSAKey:
    """Read a private RSA key of at least 2048 bits from a JWK as JSON. Raises ValueError and JoseError."""
    key = RSAKey.import_key(json.loads(text))
    if not key.is_private or key.raw_value.key_size < _BITS:
        raise ValueError(f"a private RSA key of at least {_BITS} bits is needed")
    key.ensure_kid()
    return key


def public_jwks(*keys: RSAKey) -> dict[str, list[dict[str, str]]]:
    """Return the public halves as a JWK Set (RFC 7517 section 5), to register or to publish."""
    return {"keys": [_public(key) for key in keys]}


def key_set(jwks: object) -> KeySet:
    """Read a published JWK Set; keys other than RSA are left out. Raises ValueError on anything else."""
    match jwks:
        case {"keys": [*keys]}:
            usable = [
                key for key in keys if isinstance(key, dict) and key.get("kty") == "RSA" and "kid" in key
            ]
            return KeySet([RSAKey.import_key(key) for key in usable])
    raise ValueError("no `keys` in the JWK Set")


def _public(key: RSAKey) -> dict[str, str]:
    key.ensure_kid()
    return cast("dict[str, str]", key.as_dict(private=False, use="sig", alg="RS256"))


def _create(path: Path) -> None:
    key = RSAKey.generate_key(_BITS, auto_kid=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(key.as_dict(private=True)).encode())
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process was first; its key is the one
    finally:
        Path(temporary).unlink()
