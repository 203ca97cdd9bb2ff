"""WARC files as other crawlers write them, for the tests: made by warcio, response headers as the server sent them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2026-03-01T06:30:00Z"


class ForeignArchive:
    """An archive file to which records are added."""

    def __init__(self, path: Path, *, gzip: bool = True) -> None:
        self.path = path
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=gzip)
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, {"software": "StormCrawler"}))

    def response(
        self,
        url: str,
        body: bytes | str,
        content_type: str = "text/html; charset=utf-8",
        *,
        status: str = "200 OK",
        date: str = DATE,
        headers: dict[str, str] | None = None,
    ) -> int:
        """Add the request and the response of a URL; return the offset of the response."""
        request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        self._write(url, "request", b"", request, date)
        sent = [("Content-Type", content_type), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), *(headers or {}).items()]
        data = body.encode() if isinstance(body, str) else body
        offset = self._file.tell()
        self._write(url, "response", data, StatusAndHeaders(status, sent, protocol="HTTP/1.1"), date)
        metadata = self._writer.create_warc_record(
            url,
            "metadata",
            payload=io.BytesIO(b"fetchTimeMs: 5\r\n"),
            length=16,
            warc_content_type="application/warc-fields",
        )
        self._writer.write_record(metadata)
        return offset

    def raw(self, data: bytes) -> None:
        """Add arbitrary bytes."""
        self._file.write(data)

    def close(self) -> Path:
        """The path of the finished file."""
        self._file.close()
        return self.path

    def _write(self, url: str, kind: str, body: bytes, http: Any, date: str) -> None:
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": date},
        )
        self._writer.write_record(record)
        self._file.flush()


def chunked(body: bytes, size: int = 100) -> bytes:
    """A body in chunked encoding."""
    chunks = [body[n : n + size] for n in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
