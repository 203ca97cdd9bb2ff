"""React's flight format: pieces of a stream become rows, references become the rows that they name."""

from __future__ import annotations

import base64
import json
import time

import pytest

from crawler.extract import extract
from crawler.extract.flight import flight_values, is_flight

BODY = "أُعيد فتح الجسر بعد أعمال استمرت عامين. 桥梁重新开放。"


def pushed(stream: str, sizes: int = 40) -> list[str]:
    """The scripts that a server sends for a stream, cut at any place."""
    cut = [stream[at : at + sizes] for at in range(0, len(stream), sizes)]
    return [
        "(self.__next_f=self.__next_f||[]).push([0])",
        *(f"self.__next_f.push({json.dumps([1, piece])})" for piece in cut),
    ]


def text_row(name: str, text: str) -> str:
    return f"{name}:T{len(text.encode()):x},{text}"


class TestRows:
    def test_a_reference_is_replaced_by_its_row(self) -> None:
        stream = '1:I["chunk",["a.js"],"Page"]\n5:{"headline":"The bridge"}\n0:["$","$L1",null,{"article":"$5"}]\n'
        assert flight_values(pushed(stream)) == [{"type": "", "article": {"headline": "The bridge"}}]

    def test_the_length_of_a_text_counts_bytes_and_no_line_break_follows_it(self) -> None:
        stream = text_row("7", BODY + "\nline two") + '0:{"body":"$7","lazy":"$L8"}\n8:["a"]\n'
        assert flight_values(pushed(stream)) == [{"body": BODY + "\nline two", "lazy": ["a"]}]

    def test_elements_have_their_tag_as_type(self) -> None:
        stream = '0:["$","p",null,{"children":["One ",["$","b","k",{"children":"two"}]]}]\n'
        assert flight_values(pushed(stream)) == [{"type": "p", "children": ["One ", {"type": "b", "children": "two"}]}]

    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("$$5 a month", "$5 a month"),
            ("$D2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00.000Z"),
            ("$undefined", None),
            ("$Sreact.suspense", None),
            ("$", "$"),
            ("$2:props:article", None),
            ("$9", None),
        ],
    )
    def test_strings_that_stand_for_something_else(self, written: str, value: str | None) -> None:
        assert flight_values(pushed(f"0:{json.dumps({'x': written})}\n")) == [{"x": value}]

    def test_rows_that_the_root_does_not_reach_follow_it(self) -> None:
        assert flight_values(pushed('3:{"a":1}\n0:{"b":2}\n')) == [{"b": 2}, {"a": 1}]

    def test_a_stream_outside_next_and_a_binary_piece(self) -> None:
        piece = base64.b64encode('0:{"title":"橋"}\n'.encode()).decode()
        assert flight_values([f'self.__next_f.push([3,"{piece}"])']) == [{"title": "橋"}]
        assert flight_values(['(self.__FLIGHT_DATA||=[]).push("0:{\\"a\\":1}\\n")']) == [{"a": 1}]


class TestBadStreams:
    def test_malformed_rows_cost_themselves(self) -> None:
        assert flight_values(pushed('2:{"a":\nnot a row\n:\n4:E{"digest":"1"}\n0:{"b":2}\n')) == [{"b": 2}]

    def test_rows_that_refer_to_themselves_and_to_each_other(self) -> None:
        assert flight_values(pushed('0:{"self":"$0","other":"$1"}\n1:["$0"]\n')) == [{"self": None, "other": [None]}]

    def test_a_stream_that_doubles_with_each_row_stays_small(self) -> None:
        rows = "".join(f'{n:x}:["${n + 1:x}","${n + 1:x}"]\n' for n in range(60)) + '3c:"end"\n'
        begun = time.process_time()
        assert len(json.dumps(flight_values(pushed(rows, 1000)))) < 10_000
        assert time.process_time() - begun < 1

    @pytest.mark.parametrize(
        "stream", ["0:" + "[" * 100_000, "0:Tffffffff,short", '0:{"a":"$' + "1" * 5000 + '"}', "\x00\ud800"]
    )
    def test_hostile_streams_give_no_error(self, stream: str) -> None:
        assert isinstance(flight_values(pushed(stream, 5000)), list)

    @pytest.mark.parametrize("script", ["", "push([1])", "self.__next_f.push([1,", "self.__next_f.push([1,5])"])
    def test_scripts_without_a_piece(self, script: str) -> None:
        assert flight_values([script]) == []

    def test_only_the_beginning_says_what_a_script_is(self) -> None:
        assert is_flight('self.__next_f.push([1,"0:{}"])')
        assert is_flight("(self.__next_f=self.__next_f||[]).push([0])")
        assert not is_flight("window.dataLayer.push({})")


def test_the_text_of_a_page_that_shows_none_is_read_from_its_stream() -> None:
    parts = [
        f"{day} أعلن المجلس أن الجسر الحجري القديم سيبقى مغلقا حتى نهاية الصيف المقبل، وأن العمل مستمر."
        for day in "abc"
    ]
    body = json.dumps({"article": {"title": "إغلاق الجسر", "paragraphs": parts}}, ensure_ascii=False)
    scripts = "".join(f"<script>{script}</script>" for script in pushed(f"0:{body}\n"))
    html = f"<html><head><title>إغلاق الجسر</title></head><body><div id='app'></div>{scripts}</body></html>"
    assert extract(html, "https://town.example/2031/03/bridge").paragraphs == parts
