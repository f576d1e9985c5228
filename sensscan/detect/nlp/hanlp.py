"""HanLP 1.x in this process, through the Java bridge that pyhanlp brings (jpype).

`pyhanlp` itself is never imported: its `static` module turns TLS verification off for the whole process and downloads 600 MB.
One Java machine per process, started with the first `HanlpEngine` that is asked; a Java machine cannot be started twice.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sensscan.detect.nlp.places import find_data, find_jar, find_java, has_crf, java_missing
from sensscan.errors import UsageError
from sensscan.language import Text

Term = tuple[str, str]
"""Word and part of speech (PKU tags: nr person, ns place, nt organisation, m number)."""

HAN = re.compile("[\u3400-\u9fff]")
_PERSON_FORM = re.compile("[\u3400-\u9fff·]{2,20}")
# As java.util.List prints itself: "word/tag, word/tag".
_TERM = re.compile(r"(?s)(?:^|, )(.*?)/([a-zA-Z]{1,4}\d?)(?=, |$)")
_TITLE = re.compile("(?:先生|女士|小姐|太太|老师|医生|经理|总监|主任|主管|局长|处长|科长|部长|院长|校长|教授|师傅|同学|律师|护士|老板)$")
_PLACE_END = re.compile("[路街巷道镇乡村屯县市省州区局厅署院厂店馆所部科处室站桥港湾寺庙庄楼厦]$")
_UNIT = re.compile("[号弄栋幢座室楼层组队村]")
_ROAD = re.compile("(?<!道)路$|街$|(?<!街)道$|[巷弄]$|胡同$")
_ORGANISATION_TAGS = ("nt", "nis", "nit")
_LONGEST = 4096

MEMORY = "1g"
"""The Java machine's largest heap, unless HANLP_JVM_XMX says otherwise."""


def start_java(environ: Mapping[str, str] = os.environ) -> None:
    """Start the Java machine with HanLP on its class path, once per process.

    Raises UsageError when Java or the jar is missing or does not start.
    """
    import jpype

    if jpype.isJVMStarted():
        return
    jar, data, java = find_jar(environ), find_data(environ), find_java()
    if java is None:
        raise java_missing()
    class_path = [str(jar)] if data is None else [str(jar), str(data)]
    # -Xrs leaves the signals (Ctrl-C, SIGTERM) to Python, which stops a scan so that it can be resumed.
    arguments = ["-Xrs", "-Djava.awt.headless=true", f"-Xmx{environ.get('HANLP_JVM_XMX', MEMORY)}"]
    try:
        jpype.startJVM(str(java), *arguments, classpath=class_path, convertStrings=False)
    except (RuntimeError, OSError, ValueError, TypeError) as error:
        raise UsageError(
            Text(f"Java at {java} does not start ({type(error).__name__}).", f"Java（{java}）无法启动（{type(error).__name__}）。"),
            Text(
                "Check JAVA_HOME and HANLP_JVM_XMX, or use `--nlp builtin`.", "请检查 JAVA_HOME 与 HANLP_JVM_XMX，或改用 `--nlp builtin`。"
            ),
        ) from error


class HanlpEngine:
    """Asks HanLP about values. Picklable: every process starts its own Java machine when it first asks."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        """`environ` replaces the environment's HANLP_* and SENSSCAN_DATA_DIR (for tests and libraries)."""
        self._environ: Mapping[str, str] = dict(os.environ if environ is None else environ)
        self._segment: Callable[[str], Any] | None = None
        self._simplify: Callable[[str], Any] | None = None

    def __getstate__(self) -> dict[str, object]:
        """Leave the Java object behind: it lives in one process."""
        return {"_environ": self._environ}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._environ = state["_environ"]
        self._segment = self._simplify = None

    def start(self) -> None:
        """Start Java and load the dictionaries (about one second); raises UsageError saying what is missing."""
        if self._segment is not None:
            return
        start_java(self._environ)
        import jpype

        try:
            hanlp = jpype.JClass("com.hankcs.hanlp.HanLP")
            # HanLP writes to stderr about every optional file that it does not find.
            hanlp.Config.enableDebug(False)
            segment = self._analyser(hanlp)
            segment.seg("张三")
        except Exception as error:  # Java exceptions are classes made at run time; their texts can name values
            raise UsageError(
                Text(f"HanLP does not start ({type(error).__name__}).", f"HanLP 无法启动（{type(error).__name__}）。"),
                Text(
                    "Check the jar with `sensscan nlp status`, or use `--nlp builtin`.",
                    "请用 `sensscan nlp status` 检查，或改用 `--nlp builtin`。",
                ),
            ) from None
        self._segment, self._simplify = segment.seg, hanlp.convertToSimplifiedChinese

    def _analyser(self, hanlp: Any) -> Any:
        """Return the CRF analyser when its models are there, else the standard segmenter with all recognisers."""
        import jpype

        if has_crf(find_data(self._environ)):
            return jpype.JClass("com.hankcs.hanlp.model.crf.CRFLexicalAnalyzer")()
        segment = hanlp.newSegment().enableNameRecognize(True).enablePlaceRecognize(True).enableOrganizationRecognize(True)
        return segment.enableTranslatedNameRecognize(True).enableJapaneseNameRecognize(True)

    def terms(self, value: str) -> list[Term]:
        """Return words and tags of one text; traditional characters come back simplified."""
        self.start()
        assert self._segment is not None and self._simplify is not None
        if _is_traditional(value):
            value = str(self._simplify(value))
        # One crossing per value: Java's own text form of the list, instead of two calls per term.
        line = str(self._segment(value[:_LONGEST]))
        return _TERM.findall(line[1:-1])

    def person_scores(self, values: Sequence[str]) -> list[float]:
        """Return per value how much it is a person's name, 0 to 1; 0 for anything that is not Han."""
        return [self._person(value) if _PERSON_FORM.fullmatch(value) else 0.0 for value in values]

    def address_scores(self, values: Sequence[str]) -> list[float]:
        """Return per value how much it is an address, 0 to 1; 0 for anything without Han."""
        return [address_score(self.terms(value)) if 5 <= len(value) <= 160 and HAN.search(value) else 0.0 for value in values]

    def names_in_text(self, values: Sequence[str]) -> list[list[str]]:
        """Return per text the person names that occur in it, in order, each once."""
        return [list(dict.fromkeys(persons(self.terms(value)))) if HAN.search(value) else [] for value in values]

    def _person(self, value: str) -> float:
        return person_score(value, self.terms(value))


def _is_traditional(value: str) -> bool:
    """Tell whether the text holds characters outside GB 2312: HanLP's dictionaries know simplified forms only."""
    try:
        value.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def _is_person(tag: str) -> bool:
    return tag.startswith("nr")


def person_score(value: str, terms: Sequence[Term]) -> float:
    """Return how much `value`, cut into `terms`, is one person's name."""
    named = sum(len(word) for word, tag in terms if _is_person(tag))
    dots = value.count("·")
    if named == 0:
        return 0.05
    if _TITLE.search(value):
        return 0.4
    if len(value) > 2 and _PLACE_END.search(value):
        return 0.15
    share = (named + dots) / len(value)
    if share >= 1.0:
        return 0.95 if len(terms) == 1 + 2 * dots or dots else 0.85
    # A surname recognised as such with an unusual given name behind it (欧阳 + 娜娜).
    surname = terms[0][0]
    if _is_person(terms[0][1]) and 1 <= len(value) - len(surname) <= 2 and len(surname) <= 2:
        return 0.6 if all(tag in _GIVEN_TAGS or _is_person(tag) for _, tag in terms[1:]) else 0.35
    return 0.3 * share


_GIVEN_TAGS = frozenset({"nz", "ag", "a", "ng", "vg", "j", "n", "g", "dg", "tg", "b", "k", "m", "x", "nrf", "nx", "vi", "z", "an"})


def address_score(terms: Sequence[Term]) -> float:
    """Return how much a text of these terms is an address: places, then a road or a building with its number."""
    places = sum(1 for _, tag in terms if tag.startswith("ns"))
    numbered = any(tag.startswith("m") and _UNIT.match(after) for (_, tag), (after, _) in itertools.pairwise(terms))
    numbered = numbered or any(_UNIT.search(word) and any(c.isdigit() for c in word) for word, _ in terms)
    road = any(_ROAD.search(word) for word, _ in terms)
    if terms and terms[-1][1].startswith(_ORGANISATION_TAGS) and not numbered:
        return 0.15
    if numbered and (places >= 1 or road):
        return 0.95 if places > 1 else 0.8
    if places == len(terms):
        # Divisions alone: a place, but nobody's address.
        return 0.35
    if places >= 2:
        return 0.6 if road or terms[-1][1].startswith("ns") else 0.35
    return 0.3 if places or numbered else 0.05


_CALLED = frozenset({"nz", "ag", "ng", "vg", "j", "nr", "nrf", "nrj"})
"""Tags of what may be the given name behind a surname that stands alone; narrower than in a cell that holds nothing else."""


def persons(terms: Sequence[Term]) -> list[str]:
    """Return the person names among `terms`; a surname that stands alone takes the given name behind it."""
    names: list[str] = []
    surname = ""
    for word, tag in terms:
        if surname and tag in _CALLED and len(word) <= 2:
            names.append(surname + word)
            surname = ""
        elif _is_person(tag) and len(word) == 1:
            surname = word
        else:
            surname = ""
            if _is_person(tag):
                names.append(word)
    return names
