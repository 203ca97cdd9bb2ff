"""htmldate alone, for `bench.score`: JSON Lines of pages in, JSON Lines with the date of publication out."""

from __future__ import annotations

import json
import sys

from htmldate import find_date


def main() -> None:
    """Answer each line; a page on which htmldate fails gets no date."""
    for line in sys.stdin:
        page = json.loads(line)
        try:
            day = find_date(page["html"], url=page["url"] or None, original_date=True, extensive_search=True)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError):
            day = None
        print(json.dumps({"id": page["id"], "published": day}), flush=True)


if __name__ == "__main__":
    main()
