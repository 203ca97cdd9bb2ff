"""Excel workbooks: typed cells, links, sheets and limits, read back with openpyxl and with LibreOffice."""

from __future__ import annotations

import csv
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from crawler.export import ARTICLE_COLUMNS, ExportError, excel, excel_sheet
from crawler.export.columns import table_columns
from crawler.export.excel import Table, export_workbook
from crawler.store import Store
from tests.conftest import PROJECT
from tests.inprocess import Commands
from tests.made_up import HOME, an_article, put
from tests.test_store_articles import pointing

DAMASCUS = ZoneInfo("Asia/Damascus")
ARABIC_URL = "https://example.org/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/%D9%85%D8%A7%D8%A1%20.html"
HOSTILE = (
    '=HYPERLINK("http://evil.example","click")', "+1", "-1+1", "@SUM(1)", "{=1}", "http://evil.example/", "mailto:a@b",
    "internal:Sheet2!A1", "external:c.xlsx", "<r><t>x</t></r>", "<c/>&amp;", "_x0041_", "a\x0bb\x07", "\ufffe", "007",
    "'x", "line\nbreak", " space ", "🗞️ paper", "\u202eright", "TRUE", "#N/A",
)  # fmt: skip


def articles(*rows: dict[str, Any], columns: tuple[str, ...] = ("title", "body", "url")) -> Table:
    return Table("Articles", table_columns("articles", columns), rows)


def written(target: Path, *tables: Table) -> openpyxl.Workbook:
    export_workbook(target, tables, DAMASCUS)
    return openpyxl.load_workbook(target)


def texts(workbook: openpyxl.Workbook, sheet: str = "Articles") -> list[list[Any]]:
    return [list(row) for row in workbook[sheet].iter_rows(min_row=2, values_only=True)]


@pytest.fixture
def scrapy(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Commands:
    with Store(tmp_path / "news.db") as store:
        at = datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
        put(store, an_article("old", "نص قديم", title="خبر قديم", language="ar", published=at, tags=["ماء", "نهر"]))
        put(store, pointing("new", "old", title="خبر جديد", language="ar", published=at.replace(hour=23)))
        put(
            store, an_article("day", "Text of a day", published=at.replace(hour=0, minute=0), published_precision="day")
        )
    return Commands(tmp_path / "news.db", capfd)


def test_an_export_has_typed_cells_the_newest_first_and_a_sheet_of_related_articles(
    scrapy: Commands, tmp_path: Path
) -> None:
    target = tmp_path / "news.xlsx"
    result = scrapy("export", str(target), "--timezone", "Asia/Damascus")
    assert (result.code, result.out, result.err) == (0, f"3 articles in {target}\n", "")
    workbook = openpyxl.load_workbook(target)
    assert workbook.sheetnames == ["Articles", "Related articles", "About"]
    sheet = workbook["Articles"]
    header = [str(cell.value) for cell in sheet[1]]
    assert {name.partition(" (")[0] for name in header} == set(ARTICLE_COLUMNS)
    assert header[0] == "published (Asia/Damascus)"
    column = {name.partition(" (")[0]: place for place, name in enumerate(header)}
    rows = texts(workbook)
    assert [row[column["title"]] for row in rows] == ["خبر جديد", "خبر قديم", "Title of day"]
    assert rows[1][0].isoformat() == "2026-03-01T01:30:00"  # 22:30 UTC in Damascus
    assert rows[2][0].isoformat() == "2026-02-28T00:00:00", "a day is no midnight of London"
    assert sheet.cell(2, 1).number_format == "yyyy-mm-dd hh:mm"
    assert sheet.cell(4, 1).number_format == "yyyy-mm-dd"
    assert rows[1][column["tags"]] == "ماء; نهر"
    assert rows[1][column["paywalled"]] is False
    assert isinstance(rows[1][column["word_count"]], int)
    assert sheet.freeze_panes == "A2"
    assert sheet.sheet_view.rightToLeft
    assert workbook["Related articles"].sheet_view.rightToLeft
    assert sheet.cell(2, column["body"] + 1).alignment.wrap_text
    related = texts(workbook, "Related articles")
    assert [row[0] for row in related] == [HOME + "new"]
    about = [str(row[0]) for row in workbook["About"].iter_rows(values_only=True)]
    assert about[: len(excel.RULES)] == list(excel.RULES)


def test_a_sheet_of_another_language_runs_from_left_to_right(tmp_path: Path) -> None:
    workbook = written(tmp_path / "a.xlsx", articles({"title": "One"}, {"title": "Two"}, {"title": "ثلاثة"}))
    assert not workbook["Articles"].sheet_view.rightToLeft


def test_a_text_runs_in_its_own_direction_whatever_that_of_the_sheet_is(tmp_path: Path) -> None:
    titles = ["\u00abخبر\u00bb من Larkmoor.", "A report from حلب."]
    sheet = written(tmp_path / "a.xlsx", articles(*({"title": title} for title in titles)))["Articles"]
    place = next(cell.column for cell in sheet[1] if cell.value == "title")
    assert [sheet.cell(row, place).alignment.readingOrder for row in (2, 3)] == [2, 1]


def test_a_link_shows_letters_and_leads_to_the_encoded_url(tmp_path: Path) -> None:
    workbook = written(tmp_path / "a.xlsx", articles({"url": ARABIC_URL}, {"url": "ftp://example.org/a"}))
    cell = workbook["Articles"].cell(2, 3)
    assert cell.value == "https://example.org/أخبار/ماء%20.html"
    assert cell.hyperlink is not None
    assert cell.hyperlink.target == ARABIC_URL
    assert workbook["Articles"].cell(3, 3).hyperlink is None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_a_text(tmp_path: Path, text: str) -> None:
    sheet = written(tmp_path / "a.xlsx", articles({"title": text, "body": text}))["Articles"]
    assert sheet.cell(2, 1).data_type in ("s", "inlineStr")
    assert sheet.cell(2, 1).hyperlink is None
    raw = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in raw
    if text.startswith("<r>"):
        assert sheet.cell(2, 1).value == f"{text} ", "XlsxWriter would take it for markup"
    elif text.isprintable() and "_x" not in text:
        assert sheet.cell(2, 1).value == text


def test_a_text_longer_than_a_cell_goes_on_and_nothing_is_lost(tmp_path: Path) -> None:
    long = "".join(f"{number:06} " for number in range(12_000)) + "🗞" * 40_000
    fits = "🗞" * 16_383 + "x"
    workbook = written(tmp_path / "a.xlsx", articles({"body": "short"}, {"body": long, "title": "b"}, {"body": fits}))
    assert workbook.sheetnames == ["Articles", "Long texts", "About"]
    first = workbook["Articles"].cell(3, 2).value
    assert isinstance(first, str)
    assert first.endswith(" […]")
    assert len(first.encode("utf-16-le")) // 2 <= excel_sheet.MAX_CELL
    parts = texts(workbook, "Long texts")
    assert [row[:4] for row in parts] == [["Articles", 3, "body", number] for number in range(2, len(parts) + 2)]
    assert first.removesuffix(" […]") + "".join(row[4] for row in parts) == long
    assert workbook["Articles"].cell(4, 2).value == fits


def test_a_sheet_that_is_full_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_sheet, "MAX_ROWS", 4)
    monkeypatch.setattr(excel_sheet, "MAX_LINKS", 2)
    rows = [{"title": f"{number}", "url": f"{HOME}{number}"} for number in range(7)]
    workbook = written(tmp_path / "a.xlsx", articles(*rows))
    sheets = ["Articles", "Articles 2", "Articles 3"]
    assert workbook.sheetnames == [*sheets, "About"]
    assert [row[0] for name in sheets for row in texts(workbook, name)] == [str(number) for number in range(7)]
    links = [workbook["Articles"].cell(row, 3).hyperlink is not None for row in (2, 3, 4)]
    assert links == [True, True, False]
    assert workbook["Articles"].cell(4, 3).value == f"{HOME}2", "the URL is there without a link"


def test_what_is_no_date_of_excel_is_text(tmp_path: Path) -> None:
    workbook = written(
        tmp_path / "a.xlsx", articles({"published": "1899-12-31T00:00:00Z", "id": 10**17}, columns=("published", "id"))
    )
    assert texts(workbook) == [["1899-12-31T00:00:00Z", str(10**17)]]


def test_a_workbook_of_nothing_has_its_header(tmp_path: Path) -> None:
    assert texts(written(tmp_path / "a.xlsx", articles())) == []


def test_a_failing_export_leaves_the_earlier_workbook_and_nothing_else(tmp_path: Path) -> None:
    def failing() -> Iterator[dict[str, Any]]:
        yield {"title": "one"}
        raise ExportError("broken")

    target = tmp_path / "a.xlsx"
    target.write_text("yesterday's")
    with pytest.raises(ExportError, match="broken"):
        export_workbook(target, [Table("Articles", table_columns("articles", ["title"]), failing())], UTC)
    assert target.read_text() == "yesterday's"
    assert list(tmp_path.iterdir()) == [target]


def test_kill_9_leaves_the_earlier_workbook_and_the_next_export_removes_the_rest(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("yesterday's")
    endless = (
        "import itertools, sys\nfrom datetime import UTC\nfrom pathlib import Path\n"
        "from crawler.export.columns import table_columns\nfrom crawler.export.excel import Table, export_workbook\n"
        "rows = ({'title': 'x' * 1000} for _ in itertools.count())\n"
        "export_workbook(Path(sys.argv[1]), [Table('A', table_columns('articles', ['title']), rows)], UTC)"
    )
    with subprocess.Popen([sys.executable, "-c", endless, str(target)], cwd=PROJECT) as killed:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and sum(path.stat().st_size for path in tmp_path.rglob("*/*")) < 100_000:
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
    assert target.read_text() == "yesterday's"
    assert len(list(tmp_path.iterdir())) == 3, "it had begun"
    written(target, articles({"title": "one"}))
    assert list(tmp_path.iterdir()) == [target]


def test_libreoffice_reads_the_right_text(scrapy: Commands, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: apt install libreoffice-calc")
    columns = "published,title,body,url"
    scrapy("export", str(tmp_path / "a.xlsx"), "--timezone", "Asia/Damascus", "--columns", columns)
    rows = as_csv(tmp_path / "a.xlsx")
    assert rows[0] == ["published (Asia/Damascus)", "title", "body", "url"]
    assert rows[1][:2] == ["2026-03-01 02:30", "خبر جديد"]
    assert rows[2] == ["2026-03-01 01:30", "خبر قديم", "نص قديم", HOME + "old"]
    assert rows[3][0] == "2026-02-28"


def as_csv(workbook: Path) -> list[list[str]]:
    """The first sheet as LibreOffice shows it."""
    profile = workbook.parent / "libreoffice"  # its own: two LibreOffices cannot share one
    # 44 comma, 34 quote, 76 UTF-8, from line 1, cells as shown.
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to",
               "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"]  # fmt: skip
    subprocess.run(
        [*command, "--outdir", str(workbook.parent), str(workbook)], check=True, capture_output=True, timeout=120
    )
    with workbook.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
