"""The key file: Ed25519 keys as JSON Web Keys (RFC 8037), with the times between which they are valid.

A key is published before it is used, and stays published while signatures of it may be checked: a new one begins to
sign after an overlap, and the old one ends after another (draft-meunier-http-message-signatures-directory, Key
rotation).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_FILE = "keys.json"
DIRECTORY_FILE = "http-message-signatures-directory"
"""Name of the file with the public keys, here and on the server."""

DIRECTORY_PATH = f"/.well-known/{DIRECTORY_FILE}"
DIRECTORY_TYPE = f"application/{DIRECTORY_FILE}+json"


class IdentityError(ValueError):
    """A key file, or an agent, that cannot be used; the message is the reason and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningKey:
    """A key pair with the time between which it signs."""

    private: Ed25519PrivateKey
    not_before: datetime
    expires: datetime | None = None
    """None until a newer key has been made."""

    @property
    def x(self) -> str:
        """The public key, in base64url."""
        return _encoded(self.private.public_key().public_bytes_raw())

    @property
    def kid(self) -> str:
        """Its JWK thumbprint (RFC 7638, RFC 8037 A.3)."""
        members = f'{{"crv":"Ed25519","kty":"OKP","x":"{self.x}"}}'
        return _encoded(hashlib.sha256(members.encode()).digest())

    def public_jwk(self) -> dict[str, Any]:
        """Its entry in the directory."""
        jwk = {
            "kty": "OKP",
            "crv": "Ed25519",
            "kid": self.kid,
            "x": self.x,
            "use": "sig",
            "nbf": _seconds(self.not_before),
        }
        return jwk if self.expires is None else jwk | {"exp": _seconds(self.expires)}


@dataclass(frozen=True, slots=True)
class Identity:
    """An agent and its keys, the oldest first."""

    agent: str
    """Origin under which the directory of the public keys is, like https://bot.example.org."""

    keys: tuple[SigningKey, ...]

    def key_at(self, now: datetime) -> SigningKey:
        """The newest key that is valid. Raises IdentityError."""
        valid = [key for key in self.keys if key.not_before <= now and (key.expires is None or now < key.expires)]
        if not valid:
            raise IdentityError("no key is valid now; make one with `rasid identity rotate`")
        return valid[-1]

    def directory(self, now: datetime) -> dict[str, Any]:
        """The public keys that have not expired, as a JSON Web Key Set."""
        return {"keys": [key.public_jwk() for key in self.keys if key.expires is None or now < key.expires]}


def make_identity(agent: str, now: datetime) -> Identity:
    """An identity with a new key. Raises IdentityError for an agent that is not the origin of an https URL."""
    return Identity(_checked_agent(agent), (_new_key(now),))


def rotate(identity: Identity, now: datetime, overlap: timedelta) -> Identity:
    """The identity with a new key, which signs after the overlap; the others expire another overlap later. Without an
    overlap the others are removed at once, as after a theft. Expired keys are removed."""
    begin = now + overlap
    if not overlap:
        return replace(identity, keys=(_new_key(now),))
    end = begin + overlap
    kept = [
        replace(key, expires=min(key.expires or end, end))
        for key in identity.keys
        if key.expires is None or now < key.expires
    ]
    return replace(identity, keys=(*kept, _new_key(begin)))


def read_identity(path: Path) -> Identity:
    """The identity in a key file. Raises IdentityError for one that is missing, that cannot be read or that others can
    read, and for one with other contents."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise IdentityError(f"{path}: no such key file; make one with `rasid identity init`") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not text"
        raise IdentityError(f"{path}: the key file cannot be read: {reason}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise IdentityError(f"{path}: others can read or change the private keys; run: chmod 600 {path}")
    try:
        data = json.loads(text)
        keys = tuple(sorted(map(_key, data["keys"]), key=lambda key: key.not_before))
        identity = Identity(_checked_agent(data["agent"]), keys)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise IdentityError(f"{path}: not a key file of `rasid identity`: {reason}") from error
    if not keys:
        raise IdentityError(f"{path}: not a key file of `rasid identity`: it has no key")
    return identity


def write_identity(path: Path, identity: Identity, now: datetime) -> Path:
    """Write the key file, for its owner only, and beside it the directory file; the path of that. Raises
    IdentityError."""
    keys = [key.public_jwk() | {"d": _encoded(key.private.private_bytes_raw())} for key in identity.keys]
    directory = path.with_name(DIRECTORY_FILE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, {"agent": identity.agent, "keys": keys}, 0o600)
        _write(directory, identity.directory(now), 0o644)
    except OSError as error:
        raise IdentityError(f"{path}: cannot be written: {error.strerror}") from error
    return directory


def _write(path: Path, data: dict[str, Any], mode: int) -> None:
    """Replace a file by a complete one. The mode is that of the first byte: nobody else can ever open it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, mode)
        json.dump(data, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(descriptor)
    os.replace(part, path)


def _new_key(not_before: datetime) -> SigningKey:
    return SigningKey(private=Ed25519PrivateKey.generate(), not_before=not_before.replace(microsecond=0))


def _key(jwk: dict[str, Any]) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(_decoded(jwk["d"]))
    expires = jwk.get("exp")
    key = SigningKey(
        private=private,
        not_before=datetime.fromtimestamp(jwk["nbf"], UTC),
        expires=None if expires is None else datetime.fromtimestamp(expires, UTC),
    )
    if jwk.get("kid") != key.kid:
        raise ValueError(f"the key {jwk.get('kid')} does not have that thumbprint")
    return key


def _checked_agent(agent: str) -> str:
    parts = urlsplit(agent.rstrip("/"))
    is_origin = parts.scheme == "https" and parts.hostname and not (parts.path or parts.query or parts.fragment)
    if not is_origin or "@" in parts.netloc or not agent.isascii() or any(letter in agent for letter in ' "\\'):
        raise IdentityError(f"{agent!r}: the agent must be the origin of an https URL, like https://bot.example.org")
    return agent.rstrip("/").lower()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"==", altchars=b"-_", validate=False)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
