"""`sensscan tags review`: one finding after the other with its scorecard, one key each, in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import click

from sensscan.cli.tagging import Knowledge, Names
from sensscan.errors import UsageError
from sensscan.language import Language, Text
from sensscan.store import LabelChange

if TYPE_CHECKING:
    from sensscan.model import ColumnRef
    from sensscan.store import Store
    from sensscan.store.reviews import ReviewItem

_KEYS = Text(
    "[c] confirm  [r] reject  [s] skip  [t] change type  [n] note  [u] undo  [q] quit",
    "[c] 确认  [r] 驳回  [s] 跳过  [t] 改类型  [n] 备注  [u] 撤销  [q] 退出",
)


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done about one finding, to be taken back by `u`."""

    position: int
    ref: ColumnRef
    what: Literal["decided", "passed"]


def run_review(
    store: Store,
    knowledge: Knowledge,
    *,
    reviewer: str,
    sources: Sequence[str] | None,
    patterns: Sequence[str],
    policy: str | None,
    language: Language,
) -> None:
    """Ask about each open finding until the reviewer quits. Raises UsageError without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            Text("A review needs a terminal.", "复核需要在终端中进行。"),
            Text(
                "Use `sensscan tags export` and `sensscan tags import` instead.",
                "请改用 `sensscan tags export` 和 `sensscan tags import`。",
            ),
        )
    items = store.pending_reviews(reviewer, sources=sources, patterns=patterns, policy=policy)
    if not items:
        click.echo(Text("Nothing is open for review.", "没有待复核的发现。").pick(language))
        return
    _Review(store, knowledge, items, reviewer, language).run()


class _Review:
    """The dialogue: a list of findings, a position in it, and what was done so far."""

    def __init__(self, store: Store, knowledge: Knowledge, items: Sequence[ReviewItem], reviewer: str, language: Language) -> None:
        self.store, self.knowledge, self.items, self.reviewer, self.language = store, knowledge, items, reviewer, language
        self.position = 0
        self.done: list[_Done] = []

    def _say(self, text: Text) -> None:
        click.echo(text.pick(self.language))

    def run(self) -> None:
        """Show and ask until the end of the list or `q`."""
        shown = -1
        try:
            while self.position < len(self.items):
                if shown != self.position:
                    self._show(self.items[self.position])
                    shown = self.position
                if not self._key(click.getchar()):
                    break
                if self.done and shown >= self.position:
                    shown = -1
        except (KeyboardInterrupt, EOFError, click.Abort):
            click.echo()
        decided = sum(done.what == "decided" for done in self.done)
        left = len(self.items) - self.position
        self._say(
            Text(
                f"Decided: {decided}. Left: {left}. Run the command again to go on.",
                f"已决定 {decided} 条，剩余 {left} 条。再次运行本命令可继续。",
            )
        )

    def _show(self, item: ReviewItem) -> None:
        from sensscan.cli.tagtables import tag_text

        click.echo()
        click.echo(f"[{self.position + 1}/{len(self.items)}]")
        tags = self.store.tags(item.tag.ref.source, tables=[item.tag.ref.table_ref])
        tag = tags.get(item.tag.ref, item.tag)
        click.echo(tag_text(tag, item.result, Names(self.knowledge, self.language)), nl=False)
        self._say(_KEYS)

    def _key(self, key: str) -> bool:
        """Act on one key; return False to quit."""
        item = self.items[self.position]
        match key.lower():
            case "c":
                self._confirm(item)
            case "r":
                self._decide(item, LabelChange(status="rejected", reviewer=self.reviewer), Text("Rejected.", "已驳回。"))
            case "s":
                self._pass(item, Text("Skipped.", "已跳过。"))
            case "t":
                self._change_type(item)
            case "n":
                self._note(item)
            case "u":
                self._undo()
            case "q" | "\x03" | "\x04":
                return False
            case _:
                self._say(_KEYS)
        return True

    def _confirm(self, item: ReviewItem) -> None:
        if item.tag.status == "found":
            self._decide(item, LabelChange(status="confirmed", reviewer=self.reviewer), Text("Confirmed.", "已确认。"))
        else:
            self._pass(item, Text("The decision stands.", "维持原决定。"))

    def _decide(self, item: ReviewItem, change: LabelChange, said: Text) -> None:
        self.store.decide({item.tag.ref: self.knowledge.complete(item.tag, change)}, actor=self.reviewer)
        self.done.append(_Done(self.position, item.tag.ref, "decided"))
        self._say(said)
        self.position += 1

    def _pass(self, item: ReviewItem, said: Text) -> None:
        self.store.pass_over(self.reviewer, item.tag.ref)
        self.done.append(_Done(self.position, item.tag.ref, "passed"))
        self._say(said)
        self.position += 1

    def _ask(self, text: Text) -> str:
        try:
            answer: str = click.prompt(text.pick(self.language), default="", show_default=False)
        except click.Abort:
            click.echo()
            return ""
        return answer.strip()

    def _change_type(self, item: ReviewItem) -> None:
        type_id = self._ask(Text("Type id (empty: leave it)", "类型编号（留空则不改）"))
        if not type_id:
            self._say(_KEYS)
            return
        try:
            self.knowledge.check_type(type_id)
        except UsageError as error:
            click.echo(error.message(self.language))
            self._say(_KEYS)
            return
        change = LabelChange(type_id=type_id, status="manual", reviewer=self.reviewer)
        self._decide(item, change, Text(f"Type set: {type_id}.", f"已设为 {type_id}。"))

    def _note(self, item: ReviewItem) -> None:
        note = self._ask(Text("Note (empty: leave it)", "备注（留空则不改）"))
        if note:
            self.store.decide({item.tag.ref: LabelChange(note=note)}, actor=self.reviewer)
            self._say(Text("Noted.", "已记录。"))
        self._say(_KEYS)

    def _undo(self) -> None:
        if not self.done:
            self._say(Text("Nothing to take back.", "没有可撤销的操作。"))
            return
        last = self.done.pop()
        if last.what == "decided":
            self.store.undo(last.ref, actor=self.reviewer)
        else:
            self.store.pass_over(self.reviewer, last.ref, passed=False)
        self._say(Text("Taken back.", "已撤销。"))
        self.position = last.position
