"""The fit of the confidence: it finds the signal that tells bodies apart, and writes its weights into the module."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bench.confidence import MODULE, fit, with_constants
from bench.confidence_pages import Sample
from crawler.extract.confidence import Signals

NONE = Signals(**{each.name: 0.0 for each in fields(Signals)})


def test_a_fit_weighs_the_signal_of_bad_bodies_and_no_other() -> None:
    good = [Sample("x", "A", "real", 0.98, NONE), Sample("x", "A", "real", 0.98, replace(NONE, poor=1.0))] * 20
    bad = [Sample("x", "A", "real", 0.2, replace(NONE, linked=1.0))] * 20
    other_half = [Sample("x", "B", "real", 0.0, replace(NONE, poor=1.0))] * 100
    weights = fit([*good, *bad, *other_half])
    assert weights["linked"] > 2
    assert abs(weights["poor"]) < 0.5
    assert all(weight >= 0 for name, weight in weights.items() if name)


def test_weights_replace_those_of_the_module() -> None:
    source = MODULE.read_text("utf-8")
    weights = dict.fromkeys((each.name for each in fields(Signals)), 0.25) | {"": 1.5}
    written = with_constants(source, weights)
    assert '_BASE = 1.50\n_WEIGHTS = {\n    "short": 0.25,\n' in written
    assert written.count("0.25,\n") == len(fields(Signals))
    assert written[: written.index("_BASE = ")] == source[: source.index("_BASE = ")]
    compile(written, "confidence.py", "exec")
    with pytest.raises(ValueError, match="at 0 places"):
        with_constants("", weights)
