"""The names of trafilatura that are not part of its public interface. No other module of the project imports them.

tests/test_extract_reader.py compares our reading with that of the installed trafilatura, and fails if a function that
the modules beside this one restate has another source than that for which they were written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from trafilatura import external, xpaths
from trafilatura.baseline import _BLOCK_ELEMS as SPACED_TAGS
from trafilatura.baseline import baseline, basic_cleaning
from trafilatura.core import (
    ESCALATION_ACCEPT_RATIO,
    ESCALATION_JUSTEXT_RATIO,
    ESCALATION_MAX_LENGTH,
    ESCALATION_PAGE_SHARE,
)
from trafilatura.external import (  # type: ignore[attr-defined]  # justext's functions, which it imports
    JUSTEXT_OVERRIDE_RATIO,
    SANITIZED_XPATH,
    ParagraphMaker,
    _prefer_readability,
    classify_paragraphs,
    get_stoplist,
    get_stoplists,
    revise_paragraph_classification,
    sanitize_tree,
    try_readability,
)
from trafilatura.htmlprocessing import (
    _handle_forms,
    convert_tags,
    link_density_test,
    link_density_test_tables,
    process_node,
    prune_html,
    recover_math,
)
from trafilatura.main_extractor import (
    NOT_AT_THE_END,
    REBUILT_BLOCKS,
    _elem_text,
    handle_textelem,
)
from trafilatura.settings import (
    _COOKIE_CONSENT_RE,
    DEDUPE_SCAN_CAP,
    INLINE_FORMATTABLE,
    JUSTEXT_LANGUAGES,
    MANUALLY_CLEANED,
    MANUALLY_STRIPPED,
    MIN_DUPLICATE_LENGTH,
    TAG_CATALOG,
    Extractor,
    use_config,
)
from trafilatura.utils import SPACING_PROTECTED, check_html_lang, remove_control_characters, text_chars_test, trim
from trafilatura.xml import delete_element

StopWords = TypeVar("StopWords", bound=Iterable[str])

__all__ = [
    "DEDUPE_SCAN_CAP",
    "ESCALATION_ACCEPT_RATIO",
    "ESCALATION_JUSTEXT_RATIO",
    "ESCALATION_MAX_LENGTH",
    "ESCALATION_PAGE_SHARE",
    "INLINE_FORMATTABLE",
    "JUSTEXT_LANGUAGES",
    "JUSTEXT_OVERRIDE_RATIO",
    "MANUALLY_CLEANED",
    "MANUALLY_STRIPPED",
    "MIN_DUPLICATE_LENGTH",
    "NOT_AT_THE_END",
    "REBUILT_BLOCKS",
    "SANITIZED_XPATH",
    "SPACED_TAGS",
    "SPACING_PROTECTED",
    "TAG_CATALOG",
    "_COOKIE_CONSENT_RE",
    "Extractor",
    "ParagraphMaker",
    "_elem_text",
    "_handle_forms",
    "_prefer_readability",
    "baseline",
    "basic_cleaning",
    "check_html_lang",
    "classify_paragraphs",
    "convert_tags",
    "delete_element",
    "get_stoplist",
    "get_stoplists",
    "handle_textelem",
    "link_density_test",
    "link_density_test_tables",
    "process_node",
    "prune_html",
    "recover_math",
    "remove_control_characters",
    "revise_paragraph_classification",
    "sanitize_tree",
    "text_chars_test",
    "trim",
    "try_readability",
    "use_config",
    "use_for_unknown_languages",
    "xpaths",
]


def use_for_unknown_languages(words: StopWords) -> StopWords:
    """Have trafilatura give justext these words for pages of unknown language; returns them."""
    external.JT_STOPLIST = words  # type: ignore[assignment]  # None until the first such page
    return words
