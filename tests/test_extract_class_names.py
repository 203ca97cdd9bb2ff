"""Elements by class and id: which names a pattern finds, and in which order."""

from __future__ import annotations

import re

import pytest

from crawler.extract.class_names import ClassNames, name_pattern
from crawler.extract.tree import parse_html

PAGE = """<div id="top" class="Post-Tags"><p class="stage">a</p><p class="one
  two\ttags">b</p></div><p id="tag_3">c</p><p class="">d</p><p>e</p><p class="post-tags" id="x">f</p>
<p class="tags">g</p>"""


def found(pattern: re.Pattern[str], markup: str = PAGE) -> list[str]:
    tree = parse_html(f"<html><body>{markup}</body></html>")
    assert tree is not None
    return [str(element.text or element.tag).strip() for element in ClassNames(tree).matching(pattern)]


def test_whole_words_are_found_in_any_case_and_whatever_separates_them_in_document_order() -> None:
    assert found(name_pattern("tags?")) == ["div", "b", "c", "f", "g"]


@pytest.mark.parametrize(
    ("alternatives", "texts"), [("tag", ["c"]), ("post-tags", ["div", "f"]), ("two", ["b"]), ("x", ["f"])]
)
def test_only_whole_words_count(alternatives: str, texts: list[str]) -> None:
    assert found(name_pattern(alternatives)) == texts


def test_a_pattern_of_its_own_finds_parts_of_words() -> None:
    assert found(re.compile("tag")) == ["div", "a", "b", "c", "f", "g"]


def test_words_of_two_elements_are_never_one() -> None:
    assert found(name_pattern("two[-_ ]tags|x[-_ ]y"), "<p id=x>a</p><p id=y>b</p><p class='two tags'>c</p>") == ["c"]


def test_what_was_cut_out_is_found_no_more() -> None:
    tree = parse_html(f"<html><body>{PAGE}</body></html>")
    assert tree is not None
    named = ClassNames(tree)
    box = named.matching(name_pattern("top"))[0]
    named.discard(set(box.iter()))
    box.drop_tree()
    assert [element.text for element in named.matching(name_pattern("tags?"))] == ["c", "f", "g"]
    assert named.matching(name_pattern("top")) == []
