"""Format a page as a WARC/1.1 record: one complete gzip member."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import UTC, datetime
from http import HTTPStatus

from isal import isal_zlib
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import datetime_to_iso_date
from warcio.warcwriter import WARCWriter

from crawler import clock
from crawler.items import Capture, Page, candidate_to_json

# Data for which WARC has no field. Readers ignore unknown fields.
SITE_FIELD = "X-Rasid-Site"
PAGE_FIELD = "X-Rasid-Page"
CANDIDATE_FIELD = "X-Rasid-Candidate"
_COMPRESSION_LEVEL = 2
"""200 pages of 126 kB on average were compressed to 23.6 % in 0.16 ms each; by level 3, isal's slowest, to 22.9 % in
0.30 ms. See docs/decisions.md#records-are-compressed-by-isal-by-our-own-code."""


def response_record(page: Page) -> bytes:
    """The record of a page's captured response."""
    capture = page.capture
    assert capture is not None
    fields = {
        "WARC-Date": _warc_date(page.fetched or clock.now()),
        SITE_FIELD: page.site,
        PAGE_FIELD: page.url,
        "WARC-Payload-Digest": capture.digest or payload_digest(capture.body),  # else warcio computes it
    }
    if capture.address:
        fields["WARC-IP-Address"] = capture.address
    if capture.candidate:
        fields[CANDIDATE_FIELD] = candidate_to_json(capture.candidate, ensure_ascii=True)
    writer, out = _writer()
    record = writer.create_warc_record(
        page.final_url or page.url,
        "response",
        payload=io.BytesIO(capture.body),
        length=len(capture.body),
        http_headers=_HeadersAsSent(_status_line(page.status or 200), capture.headers, protocol=capture.protocol),
        warc_headers_dict=fields,
    )
    writer.write_record(record)
    return _compressed(out.getvalue())


def make_record(capture: Capture, page: Page) -> None:
    """Set the record and the digest of a page's capture."""
    capture.digest = payload_digest(capture.body)
    capture.record = response_record(page)


def warcinfo_record(file: str, site: str, software: str, operator: str) -> bytes:
    """The record at the beginning of a file: which program wrote it, for whom."""
    writer, out = _writer()
    about = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "operator": operator,
        "isPartOf": site,
        "robots": "obey",
    }
    writer.write_record(writer.create_warcinfo_record(file, about))
    return _compressed(out.getvalue())


def payload_digest(body: bytes) -> str:
    """The SHA-1 of a body in the form of WARC-Payload-Digest."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")


class _HeadersAsSent(StatusAndHeaders):  # type: ignore[misc]
    """Keeps the bytes of a non-ASCII header, which warcio would percent-encode."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_bytes(encoding="iso-8859-1")


def _writer() -> tuple[WARCWriter, io.BytesIO]:
    # Not compressed by warcio, which always uses the slowest level.
    out = io.BytesIO()
    return WARCWriter(out, gzip=False, warc_version="1.1"), out


def _compressed(record: bytes) -> bytes:
    return isal_zlib.compress(record, _COMPRESSION_LEVEL, wbits=31)


def _warc_date(moment: datetime) -> str:
    return str(datetime_to_iso_date(moment.astimezone(UTC).replace(tzinfo=None), use_micros=True))


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} -"
