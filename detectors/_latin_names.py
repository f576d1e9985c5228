"""Person names written with an alphabet: Western names, pinyin, and other scripts with spaces.

A value is cut into tokens; each is looked up in the first names and surnames of some sixty countries. What is also an
ordinary word or a large city says less.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from . import _lists

_SHAPE = re.compile(r"[^\W\d_][^\W\d_.'’`-]*(?:[ .'’`,-]{1,2}[^\W\d_]+)*\.?")
_DEGREE = re.compile(r",? (?:B|M|Ph|Dr|D)\.[A-Z][A-Za-z]{0,4}\.?(?: .*)?$|(?<=Sig)\.(?=ra )")
_SPLIT = re.compile(r"[\s.]+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e", "’": "'", "`": "'"})

TITLES = frozenset(
    "mr mrs ms miss mx mister dr pan pani dhr mw bay bayan sig sigra dipl prof prof professor sir lady lord rev fr herr frau hr fru mme mlle monsieur madame sr sra srta don dona dott ing dipl capt col lt sgt".split()  # noqa: SIM905 - a list of words reads better without quotes
)
SUFFIXES = frozenset("jr sr ii iii iv phd md dds dvm esq ba ma mba bsc msc beng".split())  # noqa: SIM905 - as above
PARTICLES = frozenset(
    "de la le les van von der den di da do dos das del della du des al el bin ibn ben abu ter ten zu y e san st mac o d l af av".split()  # noqa: SIM905 - as above
)
NOT_PERSON = frozenset(
    """
    street road avenue lane drive city town county state province district region north south east west new san santa saint port fort los las upper lower
    central great grand united kingdom republic island islands lake mount river park hotel bank school college university hospital church center centre
    company corporation corp inc ltd llc plc gmbh ag sa group holdings limited store shop market restaurant cafe bar airport station museum theatre
    the and or of for with in on at to by from not is are was has be an a my your our this that all no yes new old
    department sales marketing finance engineering manager director officer assistant engineer developer administrator admin user guest customer client
    supplier employee staff team service services support system test demo sample default unknown none null
    red green blue yellow black white orange pink purple brown grey gray dark light silver gold
    chicken beef pork fish soup salad sauce cheese chocolate coffee tea beer wine bread cake rice noodles milk juice
    shirt shoes dress jacket watch phone laptop camera bag book table chair lamp box set kit pack size edition version model series pro max plus mini ultra
    monday tuesday wednesday thursday friday saturday sunday january february march july september october november december
    love life world day night time man woman girl boy king queen dead lost last first one two three big little my house secret story
    """.split()  # noqa: SIM905 - as above
)

_FINALS = {
    "": "a ai an ang ao e en er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve yu",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
"""The syllables of Hanyu Pinyin by initial (ISO 7098)."""

SURNAMES = frozenset(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng feng han cao zeng peng xiao cai
    pan tian dong yuan yu ye jiang du su lv lu lyu wei cheng ding shen ren yao zhong cui tan fan liao shi jin jia xia fu fang zou xiong bai meng qin
    qiu hou yin xue yan lei long duan hao kong shao mao chang wan gu lai kang qian niu hong gong tao yi qiao pang an wen bao mo ni lan zuo ji
    ouyang sima zhuge shangguan huangfu situ murong linghu dongfang
    """.split()  # noqa: SIM905 - as above
)
"""Pinyin of the commonest hundred and some surnames."""


def fold(token: str) -> str:
    """Return the token without case and without accents on Latin letters (José -> jose)."""
    folded = token.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
    if not decomposed[:1].isascii():
        return unicodedata.normalize("NFC", decomposed)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_PATRONYMICS = ("ович", "евич", "ьич", "овна", "евна", "ична", "ovich", "evich", "ovna", "evna")

_ENGLISH_PINYIN = frozenset(
    ["he", "she", "long", "song", "fan", "ma", "pan", "tan", "an", "tang", "gong", "can", "men", "den", "bin", "gang", "song", "you", "me", "we", "sun", "hang", "bang", "ban", "die", "lie", "pie", "tie", "mine", "lane"]
)
"""Pinyin that is also English: two of them do not make a name."""


@cache
def _pinyin() -> re.Pattern[str]:
    syllables = sorted((i + f for i, finals in _FINALS.items() for f in finals.split()), key=len, reverse=True)
    one = "(?:" + "|".join(syllables) + ")"
    return re.compile(f"{one}(?:['-]?{one})?")


@cache
def _joined_pinyin() -> re.Pattern[str]:
    """Surname and given name without a space (ZHANGSAN)."""
    surnames = "|".join(sorted((s for s in SURNAMES if len(s) >= 4), key=len, reverse=True))
    return re.compile(f"(?:{surnames}){_pinyin().pattern}")


def _kinds(token: str, lists: Mapping[str, str]) -> str:
    """Return the kinds of a folded token; of a double name those of its parts, u for unknown."""
    found = lists.get(token)
    if found is not None:
        return found
    if "-" in token or "'" in token:
        parts = [lists.get(p, "") for p in re.split("[-']", token) if len(p) > 1]
        joined = "".join(parts)
        if joined:
            return joined.replace("w", "").replace("c", "")
        return "u"
    return "u"


def score(value: str) -> float:
    """Return how much a value of letters, spaces, points, hyphens and one comma looks like a person's name."""
    if len(value) > 60 or _SHAPE.fullmatch(value) is None:
        return 0.0
    swapped = "," in value
    if value.count(",") > 1:
        return 0.0
    if "." in value:
        value = _DEGREE.sub("", value)
    tokens = [t for t in _SPLIT.split(value.replace(",", " ")) if t]
    folded = [fold(t.strip("'’`-")) for t in tokens]
    bonus = 0.1 if folded[0] in TITLES and len(folded) > 1 else 0.0
    if bonus:
        tokens, folded = tokens[1:], folded[1:]
    while len(folded) > 1 and folded[-1] in SUFFIXES:
        tokens, folded, bonus = tokens[:-1], folded[:-1], 0.1
    if len(folded) > 6 or not folded[0]:
        return 0.0
    lists = _lists.name_tokens()
    cased = sum(1 for t in tokens if t[:1].isupper() or not t[:1].islower())
    if len(folded) == 1:
        return min(0.9, _one(tokens[0], folded[0], lists) + (0.3 if bonus else 0.0))
    result = _several(folded, lists, swapped=swapped)
    particles = sum(1 for f in folded if f in PARTICLES)
    if cased + particles < len(tokens):
        result *= 0.75
    return min(0.98, result + (bonus if result > 0.3 else 0.0))


def _one(token: str, folded: str, lists: Mapping[str, str]) -> float:
    """Score of a single word: a given name or a surname in a column of its own."""
    kinds = _kinds(folded, lists)
    if kinds == "u":
        if token.isupper() and len(folded) >= 6 and _joined_pinyin().fullmatch(folded):
            return 0.55
        if token[:1].isupper() and token[1:].islower() and len(folded) >= 5 and _pinyin().fullmatch(folded) and folded[0] in "xqz":
            return 0.5
        return 0.15 if token[:1].isupper() and folded.isalpha() else 0.03
    best = 0.68 if "f" in kinds else 0.6
    if "w" in kinds or folded in NOT_PERSON:
        best -= 0.4
    elif "c" in kinds:
        best -= 0.2
    return best * (0.7 if token[:1].islower() and token[:1].isascii() else 1.0)


def _several(folded: list[str], lists: Mapping[str, str], *, swapped: bool) -> float:
    """Score of two to six words."""
    words = [f for f in folded if f not in PARTICLES or len(folded) == 2]
    full = [w for w in words if len(w) > 1]
    if not full:
        return 0.0
    pinyin = _pinyin_score(full) if 2 <= len(full) <= 3 else 0.0
    if pinyin > 0.8:
        return pinyin
    named = "f" in lists.get(full[0], "") and "w" not in lists.get(full[0], "") and full[0] not in NOT_PERSON
    if any(w in NOT_PERSON and not lists.get(w, "").startswith(("f", "l") if named else "f") for w in full) or folded[0] in {
        "the",
        "san",
        "santa",
        "los",
        "las",
        "el",
        "la",
        "le",
    }:
        return 0.08
    first, last = (full[-1], full[0]) if swapped else (full[0], full[-1])
    a, b = _kinds(first, lists), _kinds(last, lists)
    weak = ("w" in a) + ("w" in b)
    initials = len(words) > len(full)
    if len(full) == 1:
        base = 0.7 if b != "u" and "w" not in b else 0.3
    elif "f" in a and b != "u":
        base = (0.95, 0.85 if "w" not in a else 0.6, 0.5)[weak]
    elif "f" in a or any(w.endswith(_PATRONYMICS) for w in full[1:]):
        base = 0.45 if weak else 0.78
    elif "l" in a and any("f" in lists.get(w, "") or w.endswith(_PATRONYMICS) for w in full[1:]):
        base = 0.85 if not weak else 0.6
    elif "l" in a and b != "u":
        base = (0.8, 0.6, 0.3)[weak]
    elif b != "u":
        base = 0.35 if weak else 0.62
    else:
        base = 0.2
    if initials and base > 0.3:
        base = min(0.95, base + 0.1)
    if swapped and base > 0.3:
        base = min(0.95, base + 0.05)
    return max(base, pinyin)


def _pinyin_score(words: list[str]) -> float:
    """Score of pinyin with spaces, surname first or last."""
    pattern = _pinyin()
    if not all(pattern.fullmatch(w) for w in words):
        return 0.0
    if words[0] in SURNAMES:
        return 0.88 if not all(w in _ENGLISH_PINYIN for w in words) else 0.4
    return 0.75 if words[-1] in SURNAMES else 0.3
