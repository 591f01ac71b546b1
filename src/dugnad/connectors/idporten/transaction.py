"""A login under way, sealed so that the browser can carry it without reading or changing it.

JWE (RFC 7516), `dir` with A256GCM. Sealing instead of storing keeps the web stateless: any process can finish
what another began.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from dugnad.identity.ports import EidRefusedError, Refusal

LIFETIME = timedelta(minutes=10)
_HEADER = {"alg": "dir", "enc": "A256GCM", "typ": "dugnad-login"}
_ALGORITHMS = ["dir", "A256GCM"]
_MOST_CHARACTERS = 4096  # what a browser keeps in one cookie


@dataclass(frozen=True, slots=True)
class Transaction:
    """What is remembered between sending the browser off and having it back. expires: seconds since 1970."""

    id: str
    expires: int
    redirect_uri: str
    acr: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    carry: str = field(repr=False, default="")

    @property
    def expires_at(self) -> datetime:
        """When it can no longer be finished."""
        return datetime.fromtimestamp(self.expires, UTC)


class Seal:
    """Seals and opens transactions with a key derived from the server's secret (at least 32 bytes)."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < sha256().digest_size:
            raise ValueError("the secret that seals logins must be at least 32 bytes")
        self._key = OctKey.import_key(sha256(b"dugnad eid transaction v1\0" + secret).digest())

    def close(self, transaction: Transaction) -> str:
        """Return the sealed text."""
        return jwe.encrypt_compact(
            _HEADER, json.dumps(asdict(transaction)), self._key, algorithms=_ALGORITHMS
        )

    def open(self, sealed: str, at: datetime) -> Transaction:
        """Return what was sealed. Raises EidRefusedError: `transaction_invalid`, or `expired`."""
        if len(sealed) > _MOST_CHARACTERS:
            raise EidRefusedError(Refusal.TRANSACTION_INVALID, "longer than any cookie of ours")
        try:
            plaintext = jwe.decrypt_compact(sealed, self._key, algorithms=_ALGORITHMS).plaintext
            transaction = Transaction(**json.loads(plaintext or b""))
        except (JoseError, ValueError, TypeError) as error:
            raise EidRefusedError(Refusal.TRANSACTION_INVALID, type(error).__name__) from None
        if at >= transaction.expires_at:
            raise EidRefusedError(Refusal.EXPIRED, "the login took more than ten minutes")
        return transaction
