"""The HTML report: one file that needs no network, no other file and no server.

The page carries a Content Security Policy that allows exactly its own style and its own script (by hash) and nothing else: no request,
no form, no frame, no inline handler. Texts are escaped by Jinja (autoescape) or set by the script as text, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sensscan.language import Language, Text
from sensscan.model import UNKNOWN_LEVEL, LevelView, Report
from sensscan.report import words
from sensscan.report.charts import Bar, bars, by_schema
from sensscan.report.diff import ReportDiff
from sensscan.report.htmldata import CHANGE_ORDER, STATE_ORDER, STATUS_ORDER, detail_blocks, page_data, script_json, shown_columns
from sensscan.report.options import DEFAULTS, RenderOptions
from sensscan.report.pagewords import PAGE
from sensscan.report.safe import safe_color, show
from sensscan.report.shape import timestamp
from sensscan.report.view import Summary, duration, grouped_skipped, labels_of, percent, ref_name, short_sources, summarise
from sensscan.report.words import W

if TYPE_CHECKING:
    from markupsafe import Markup

DIFF_LISTED = 2000
"""Changes that the page of a comparison lists; it says how many more there are."""
NOT_READ_LISTED = 500
"""Groups of objects that were not read are listed in the page up to this many; every column is in the list of columns."""


def to_html(report: Report, language: Language, options: RenderOptions = DEFAULTS) -> str:
    """Return the report as one page in both languages, opened in `language`."""
    summary = summarise(report, options.min_confidence)
    levels = _with_unknown([level for level, _ in summary.levels])
    columns = shown_columns(report, options.min_confidence)
    not_read = grouped_skipped(report)
    data = page_data(report, columns, levels, first=summary.first) | {
        "levels": [[show(level.id), show(level.label.en), show(level.label.zh)] for level in levels],
        "states": _words(words.STATES, STATE_ORDER),
        "statuses": _words(words.STATUSES, STATUS_ORDER),
        "changes": _words(words.CHANGES, CHANGE_ORDER),
        "words": _all_words(),
    }
    return _page(
        "report.html.j2",
        language,
        levels=levels,
        scripts=("tools.js", "list.js", "details.js", "report.js"),
        values={
            "report": report,
            "run": report.run,
            "summary": summary,
            "data": script_json(data),
            "blocks": detail_blocks(report, columns),
            "level_bars": _level_bars(summary),
            "type_bars": _type_bars(report, summary),
            "schema_bars": by_schema(summary.findings, levels, short_sources(report.run.sources)),
            "not_read": not_read[:NOT_READ_LISTED],
            "not_read_more": max(len(not_read) - NOT_READ_LISTED, 0),
            "seconds": max((report.run.finished_at - report.run.started_at).total_seconds(), 0.0),
        },
    )


def diff_page(diff: ReportDiff, language: Language) -> str:
    """Return a comparison as one page in both languages, opened in `language`."""
    from sensscan.report.diffrender import EQUAL, NOTHING_SHARED, POLICIES, not_compared

    sides = [label for change in diff.changes for label in (change.before, change.after) if label is not None]
    levels = tuple({label.level.id: label.level for label in sides}.values())
    return _page(
        "diff.html.j2",
        language,
        levels=levels,
        scripts=("tools.js", "diff.js"),
        values={
            "diff": diff,
            "changes": diff.changes[:DIFF_LISTED],
            "more": max(len(diff.changes) - DIFF_LISTED, 0),
            "place": {level.id: place for place, level in enumerate(levels)},
            "equal": EQUAL if diff.overlap else NOTHING_SHARED,
            "policies": POLICIES,
            "not_compared": not_compared(diff),
            "ref_name": ref_name,
            "short": short_sources(diff.sources),
        },
    )


def _with_unknown(levels: Sequence[LevelView]) -> tuple[LevelView, ...]:
    return tuple(levels) if any(level.id == UNKNOWN_LEVEL.id for level in levels) else (*levels, UNKNOWN_LEVEL)


def _words(known: Mapping[str, Text], order: Sequence[str]) -> list[list[str]]:
    return [[key, *(known[key] if key in known else Text("", ""))] for key in order]


def _all_words() -> dict[str, list[str]]:
    """Return every word that the script may need, keyed `group.key`."""
    groups = {
        "kind": words.KINDS, "method": words.METHODS, "flag": words.FLAGS, "reason": words.REASONS, "verdict": words.VERDICTS,
        "owner": words.OWNER_KEYS, "w": W, "page": PAGE,
    }  # fmt: skip
    return {f"{group}.{key}": [text.en, text.zh] for group, known in groups.items() for key, text in known.items()}


def _level_bars(summary: Summary) -> list[Bar]:
    return bars([(level.id, level.label, count, place) for place, (level, count) in enumerate(summary.levels)])


def _type_bars(report: Report, summary: Summary) -> list[Bar]:
    labels = labels_of(report)
    return bars([(type_id, labels.get(type_id, Text(type_id, type_id)), count, -1) for type_id, count in summary.types[:12]])


def _page(template: str, language: Language, *, levels: Sequence[LevelView], scripts: Sequence[str], values: Mapping[str, Any]) -> str:
    """Return the page: style and scripts from the package, their hashes in the Content Security Policy."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sensscan.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"show": show, "stamp": timestamp, "thousands": "{:,}".format, "percent": percent, "for_language": _for_language}
    style = _resource("report.css") + "".join(f".lv{place}{{--lv:{safe_color(level.color)}}}\n" for place, level in enumerate(levels))
    script = "".join(_resource(name) for name in scripts)
    text = environment.get_template(template).render(
        language=language,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'",
        levels=levels,
        W=W,
        P=PAGE,
        V=words,
        duration=duration,
        **values,
    )
    return text.encode("utf-8", "replace").decode("utf-8")


def _for_language(text: str, language: str) -> Markup:
    from markupsafe import Markup

    return Markup('<span lang="{}">{}</span>').format(language, text)


def _resource(name: str) -> str:
    return files("sensscan.report").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the CSP source expression for an inline element with exactly this text (CSP Level 3, section 8.2)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
