"""Names that do not belong to a person, in several languages: editorial desks, companies, authorities, placeholders."""

from __future__ import annotations

import re

from crawler.text import phrases, words


def _folded(data: str) -> frozenset[str]:
    return frozenset(words(data))


_LAST_WORDS = _folded("""
inc ltd llc plc corp corporation gmbh mbh kg sarl spa
staff desk newsdesk newsroom newsteam webteam bureau reporters correspondents writers editors contributors
media magazine agency agencies newspaper newspapers publishing broadcasting network wire wires
redaktion newsredaktion onlineredaktion verlag verband stiftung rédaction redaction redacción redaccion redazione
redação redacao redactie redaksjonen redaktionen redaktionen редакция redakcja redakce
""")
"""The last word of a desk, a company or an outlet."""

_FIRST_WORDS = _folded("""
وكالة وكالات صحيفة جريدة موقع شبكة قناة فريق هيئة وزارة مكتب مركز مؤسسة تلفزيون راديو إذاعة مجلة قسم غرفة محررو
خبرگزاری روزنامه پایگاه سایت تحریریه سرویس گروه
redaktion rédaction redacción redazione redactie редакция redakcja
""")
"""The first word of one."""

_CJK = re.compile(
    r"(?:編集部|编辑部|編輯部|取材班|報道局|新聞社|新闻社|通信社|通讯社|通訊社|新聞網|新闻网|日報|日报|晚报|晩報|編集局|特別取材|"
    r"뉴스|뉴스팀|취재팀|편집국|편집부|신문|일보|통신)$"
)
_COMPANY = re.compile(r"\b(?i:e\.\s?v|a\.\s?g|s\.\s?a|s\.p\.a|e\.?g|ltd|inc)\.?$|\b(?:AG|SE|SA|KG|eG)$")
_DESKS = phrases(
    "editor|editors|the editor|the editors|author|newsdesk|redakteur|редакция|redacción|redação|redazione|محرر"
)
_PLACEHOLDERS = phrases("""
admin|administrator|unknown|anonymous|guest|user|super user|webmaster|root|unbenannt|anonym|gast
default|no author|n/a|none|null|undefined|مدير الموقع|الإدارة|ادارة الموقع|ادمن|مدير|المدير|الناشر|مجهول|مدیر سایت
""")


def is_organisation(name: str) -> bool:
    """Whether a name from a byline is a desk's, a company's or an authority's: a source, not an author."""
    own = words(name)
    if not own:
        return False
    is_long = len(own) > 1
    return (
        tuple(own) in _DESKS
        or (is_long and (own[-1] in _LAST_WORDS or own[0] in _FIRST_WORDS))
        or any(word.endswith(("redaktion", "redaktionen")) for word in own)
        or bool(_CJK.search(name))
        or (is_long and bool(_COMPANY.search(name)))
    )


def is_placeholder(name: str) -> bool:
    """Whether a name is what systems write where nobody is named."""
    return tuple(words(name)) in _PLACEHOLDERS
