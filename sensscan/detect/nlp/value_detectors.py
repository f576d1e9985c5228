"""Value detectors that ask HanLP where the text is Chinese, and the built-in models elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sensscan.detect.nlp.hanlp import HAN, HanlpEngine
from sensscan.plugin import ValueDetector

SURE = 0.9
"""Score of the built-in model from which a name passes whatever HanLP says."""


class _Hanlp(ValueDetector):
    """Asks HanLP about Han values and `builtin` about all others (pinyin, Western names and addresses)."""

    def __init__(self, engine: HanlpEngine, builtin: ValueDetector | None) -> None:
        self.engine = engine
        self.builtin = builtin

    def _ask(self, values: Sequence[str]) -> list[float]:
        raise NotImplementedError

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return one score per value, 0 to 1."""
        scores = [0.0] * len(values)
        han = [place for place, value in enumerate(values) if HAN.search(value)]
        others = [place for place, value in enumerate(values) if not HAN.search(value)]
        for place, score in zip(han, self._ask([values[place] for place in han]), strict=True):
            scores[place] = score
        if self.builtin is not None and others:
            for place, score in zip(others, self.builtin.score([values[place] for place in others]), strict=True):
                scores[place] = score
        return scores


class HanlpPersonName(_Hanlp):
    """Person names by HanLP's recognisers."""

    type_id = "person_name"

    def _ask(self, values: Sequence[str]) -> list[float]:
        asked = self.engine.person_scores(values)
        if self.builtin is None:
            return asked
        # HanLP misses rare surnames and names of minorities: where the built-in model is sure, that is enough.
        return [max(score, 0.55) if known >= SURE else score for score, known in zip(asked, self.builtin.score(values), strict=True)]


class HanlpAddress(_Hanlp):
    """Addresses by HanLP's place names; a road or village with a number counts as the built-in grammar says."""

    type_id = "address"

    def _ask(self, values: Sequence[str]) -> list[float]:
        asked = self.engine.address_scores(values)
        if self.builtin is None:
            return asked
        # The grammar knows fragments without any place name (阳光花园3栋502室); HanLP knows places that no list has.
        return [
            (3 * grammar + hanlp) / 4 if grammar < 0.5 else max(grammar * 0.9, hanlp)
            for grammar, hanlp in zip(self.builtin.score(values), asked, strict=True)
        ]


def detectors(engine: HanlpEngine, builtin: Mapping[str, ValueDetector] | None = None) -> list[ValueDetector]:
    """Return the detectors that replace those of `builtin` (type id -> detector) when HanLP is chosen."""
    known = builtin or {}
    return [HanlpPersonName(engine, known.get("person_name")), HanlpAddress(engine, known.get("address"))]
