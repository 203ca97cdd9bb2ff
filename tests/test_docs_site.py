"""The documentation as a site: it is built as `make docs-site` builds it, and every link in it leads somewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import lxml.html
import pytest

from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, lxml.html.HtmlElement]:
    """The pages of the built site."""
    folder = tmp_path_factory.mktemp("site")
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)],
        cwd=PROJECT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    return {path: lxml.html.parse(str(path), lxml.html.HTMLParser(encoding="utf-8")).getroot()
            for path in folder.glob("*.html") if path.name != "404.html"}  # fmt: skip


def test_every_page_is_built_and_in_the_navigation(site: dict[Path, lxml.html.HtmlElement]) -> None:
    assert {path.stem for path in site} == {page.stem for page in (PROJECT / "docs").glob("*.md")}
    index = next(root for path, root in site.items() if path.stem == "index")
    linked = {link.split("#")[0] for link in index.xpath("//nav//a/@href")}
    assert {path.name for path in site} - linked == set()


def test_links_pictures_and_styles_exist_and_nothing_is_loaded_from_elsewhere(
    site: dict[Path, lxml.html.HtmlElement],
) -> None:
    anchors = {path: set(root.xpath("//@id")) for path, root in site.items()}
    for path, root in site.items():
        loaded = root.xpath("//img/@src | //script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        assert not [url for url in loaded if "//" in url], path.name
        for link in [*root.xpath("//a/@href"), *loaded]:
            if link.startswith(("https:", "http:", "mailto:")):
                continue
            name, anchor = urldefrag(unquote(link))
            target = (path.parent / name).resolve() if name else path
            target = target / "index.html" if target.is_dir() else target
            assert target.exists(), f"{path.name} links to {link}"
            assert not anchor or anchor in anchors[target] | {"__drawer"}, (
                f"{path.name} links to {link}: no such anchor"
            )


def test_a_page_has_its_language_and_its_direction(site: dict[Path, lxml.html.HtmlElement]) -> None:
    for path, root in site.items():
        expected = ("ar", "rtl") if path.stem.endswith("_ar") else ("en", "ltr")
        assert (root.get("lang"), *root.xpath("body/@dir")) == expected, path.name


def test_code_in_tables_shows_no_escapes(site: dict[Path, lxml.html.HtmlElement]) -> None:
    for path, root in site.items():
        assert not [code for code in root.xpath("//td//code") if "\\|" in code.text_content()], path.name
