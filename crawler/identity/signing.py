"""Signatures of requests: RFC 9421, with the parameters of draft-meunier-web-bot-auth-architecture."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.identity.keys import Identity

LIFETIME = timedelta(minutes=10)
"""A signature is valid for this time: a request may wait for its host's slot before it is sent. Chosen by hand; the
draft recommends at most a day."""

_LABEL = "sig1"
_NONCE_BYTES = 48
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def signature_headers(identity: Identity, url: str, now: datetime) -> dict[str, str]:
    """The headers that say who sends a request, and prove it for its host. Raises IdentityError if no key is valid."""
    key = identity.key_at(now)
    created = int(now.timestamp())
    parameters = (
        f'("@authority" "signature-agent";key="{_LABEL}");created={created};keyid="{key.kid}";alg="ed25519"'
        f";expires={created + int(LIFETIME.total_seconds())};"
        f'nonce="{base64.b64encode(secrets.token_bytes(_NONCE_BYTES)).decode()}";tag="web-bot-auth"'
    )
    base = (
        f'"@authority": {authority_of(url)}\n'
        f'"signature-agent";key="{_LABEL}": "{identity.agent}"\n'
        f'"@signature-params": {parameters}'
    )
    signature = base64.b64encode(key.private.sign(base.encode("ascii"))).decode()
    return {
        "Signature-Agent": f'{_LABEL}="{identity.agent}"',
        "Signature-Input": f"{_LABEL}={parameters}",
        "Signature": f"{_LABEL}=:{signature}:",
    }


def authority_of(url: str) -> str:
    """Host and port of a URL, in lower case, without a default port (RFC 9421, 2.2.3)."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, "\n"))
