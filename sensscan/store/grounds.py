"""What labels rest on besides the data: an event whenever a rule or a policy is another one than in the run before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.store import schema
from sensscan.store.chain import Draft
from sensscan.store.codec import RULE_DIGITS, decode_rules, word_json
from sensscan.store.known import text_key
from sensscan.store.structure import RunFacts


def changed_grounds(connection: Connection, facts: RunFacts, sources: Iterable[str]) -> Iterator[Draft]:
    """Yield the events of a run about its policy, and about the rules that the sources were examined by before.

    A rule that a run does not use is no change: other runs may have other rules.
    """
    name = facts.policy.partition("@")[0]
    before = _policy_before(connection, facts, name)
    if before is not None and before != facts.policy:
        yield _draft(facts, f"policy:{name}", "policy", before, facts.policy, cause="policy")
    told: set[str] = set()
    for source in sorted(set(sources)):
        for type_id, rule in sorted(_rules_before(connection, source).items()):
            now = facts.rules.get(type_id, rule)[:RULE_DIGITS]
            if now != rule and type_id not in told:
                told.add(type_id)
                yield _draft(facts, f"rule:{type_id}", "rule", rule, now, cause="detector", note=source)


def _policy_before(connection: Connection, facts: RunFacts, name: str) -> str | None:
    """Return the signature of the policy of this name in the last finished run that used it."""
    r = schema.runs.c
    same = sa.select(r.policy).where(r.seq < facts.seq, r.outcome.is_not(None), r.policy.startswith(f"{name}@", autoescape=True))
    found: str | None = connection.execute(same.order_by(r.seq.desc()).limit(1)).scalar()
    return found


def _rules_before(connection: Connection, source: str) -> Mapping[str, str]:
    """Return type -> beginning of its rule's fingerprint when a table of the source was examined last."""
    m = schema.marks.c
    newest = (
        sa.select(m.rule_fingerprint)
        .join(schema.sources, schema.sources.c.id == m.source_id)
        .where(schema.sources.c.key == text_key(source))
        .order_by(m.scanned_at.desc())
        .limit(1)
    )
    line = connection.execute(newest).scalar() or ""
    return decode_rules(line)[1]


def _draft(facts: RunFacts, ref: str, name: str, old: str, new: str, *, cause: str, note: str = "") -> Draft:
    return Draft("scan", facts.actor, None, ref, "", name, word_json(old), word_json(new), cause, note, facts.run_id)
