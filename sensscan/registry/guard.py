"""Foreign detectors under guard: each runs in a process of its own, with a limit of time and memory per call.

A detector that raises, hangs, eats memory or returns nonsense is cut off and named; the column's other types are judged as ever, and the
failure is kept until `take` hands it over, so that the run is incomplete for this type and never silently clean. Built-in detectors do not
come here.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sensscan.errors import ConfigError
from sensscan.language import Text
from sensscan.model import Column, ColumnRef
from sensscan.plugin import ColumnDetector, Detector, GroupDetector, ValueDetector
from sensscan.registry.worker import Json, column_form, receive, send

LOAD_SECONDS = 60.0
"""Longest time for starting the process and importing the plugin."""
FAILURES_ALLOWED = 3
"""After so many failures a detector is not asked again in this run: a hang in every column would make a scan endless."""

_BOOT = "import sys,json; s=json.loads(sys.argv[1]); sys.path[:]=s['path']; from sensscan.registry.worker import serve; serve(s)"
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
_OWN_VARIABLES = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    # Threads of numeric libraries each reserve memory that the limit would count.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """What one call of a foreign detector may take."""

    seconds: float = 20.0
    megabytes: int = 512
    """Memory on top of what the plugin takes after loading."""


@dataclass(frozen=True, slots=True)
class DetectorFailure:
    """One detector that was cut off at one column."""

    type_id: str
    detector: str
    reason: Text
    """A whole sentence that names detector and type; without any value."""
    column: ColumnRef | None = None
    """None while cards are loaded and their examples checked."""


class CutOffError(Exception):
    """A call was cut off; `why` ends the sentence "Detector X: ..."."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class Worker:
    """The process of one foreign origin (folder or package), started when first needed and again after it was cut off."""

    def __init__(self, origin: Mapping[str, str], limits: GuardLimits) -> None:
        self.origin = origin
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._end: weakref.finalize[..., Worker] | None = None

    def start(self) -> Json:
        """Start the process, load the plugin and return its description. Raises CutOffError."""
        ours, theirs = socket.socketpair()
        setup = {
            "path": sys.path,
            "channel": theirs.fileno(),
            "parent": os.getpid(),
            "origin": dict(self.origin),
            "seconds": self.limits.seconds,
            "megabytes": self.limits.megabytes,
        }
        kept = {name: value for name, value in os.environ.items() if name in _KEPT_VARIABLES or name.startswith("LC_")}
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, json.dumps(setup)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=kept | _OWN_VARIABLES,
                start_new_session=True,
            )
        self._process, self._channel = process, ours
        self._end = weakref.finalize(self, _kill, process, ours)
        return self._exchange(None, LOAD_SECONDS, most=1 << 24)

    def call(self, request: Mapping[str, Json], *, answers: int) -> Json:
        """Ask one question with room for `answers` numbers. Raises CutOffError; the process is then ended."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self.start()
        return self._exchange(request, self.limits.seconds, most=(1 << 16) + 32 * answers)

    def _exchange(self, request: Mapping[str, Json] | None, seconds: float, *, most: int) -> Json:
        assert self._channel is not None
        try:
            # One deadline for all of it: a timeout per read would let a slow drip go on for ever.
            until = time.monotonic() + seconds
            self._channel.settimeout(seconds)
            if request is not None:
                send(self._channel, request)
            answer = receive(_Until(self._channel, until), most)  # type: ignore[arg-type]  # it has the one method that is needed
        except TimeoutError:
            self.close()
            raise CutOffError(Text(f"no answer within {seconds:g} s", f"{seconds:g} 秒内没有应答")) from None
        except (EOFError, OSError):
            self.close()
            raise CutOffError(Text("its process ended by itself", "其进程自行退出")) from None
        except (ValueError, RecursionError):
            self.close()
            raise CutOffError(Text("returned nonsense", "返回了无意义的内容")) from None
        return self._checked(answer)

    def _checked(self, answer: Json) -> Json:
        match answer:
            case {"memory": True}:
                self.close()
                raise CutOffError(
                    Text(f"needed more than {self.limits.megabytes} MB of memory", f"所需内存超过 {self.limits.megabytes} MB")
                )
            case {"raised": str(name), "where": str(where)}:
                place = Text(f" at {where}", f"（{where}）") if where else Text("", "")
                raise CutOffError(Text(f"raised {name}{place.en}", f"抛出 {name}{place.zh}"))
            case {"nonsense": [str(en), str(zh)]}:
                raise CutOffError(Text(en, zh))
            case dict():
                return answer
            case _:
                raise CutOffError(Text("returned nonsense", "返回了无意义的内容"))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._end is not None:
            self._end()
        self._process = self._channel = self._end = None


class _Until:
    """A socket whose reads share one deadline."""

    def __init__(self, channel: socket.socket, until: float) -> None:
        self._channel, self._until = channel, until

    def recv(self, size: int) -> bytes:
        """Read what is there; raises TimeoutError when the deadline has passed."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._channel.settimeout(left)
        return self._channel.recv(size)


def _kill(process: subprocess.Popen[bytes], channel: socket.socket) -> None:
    channel.close()
    # The plugin may have started processes: its whole group goes.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass
class Guards:
    """What happened to the foreign detectors of one registry; not shared between processes."""

    limits: GuardLimits = GuardLimits()
    _failures: list[DetectorFailure] = field(default_factory=list)
    _failed: dict[tuple[str, str], int] = field(default_factory=dict)
    _column: ColumnRef | None = None

    def begin(self, column: ColumnRef) -> None:
        """Say which column the next calls are about."""
        self._column = column

    def failed_types(self, column: ColumnRef) -> tuple[str, ...]:
        """Return the types whose detector failed at this column."""
        return tuple(sorted({one.type_id for one in self._failures if one.column == column}))

    def take(self) -> tuple[DetectorFailure, ...]:
        """Return the failures since the last call and forget them."""
        taken, self._failures = tuple(self._failures), []
        self._column = None
        return taken

    def ask(self, guarded: Guarded, request: Mapping[str, Json], *, answers: int = 1, column: ColumnRef | None = None) -> Json | None:
        """Call a foreign detector; None when it failed, now or before at this column."""
        column = column or self._column
        key = (guarded.type_id, guarded.name)
        if any(one.column == column and (one.type_id, one.detector) == key for one in self._failures):
            return None
        if self._failed.get(key, 0) >= FAILURES_ALLOWED:
            self._note(guarded, column, Text(f"not asked again after {FAILURES_ALLOWED} failures", f"失败 {FAILURES_ALLOWED} 次后不再调用"))
            return None
        try:
            return guarded.worker.call({"detector": guarded.number, **request}, answers=answers)
        except CutOffError as cut:
            self._failed[key] = self._failed.get(key, 0) + 1
            self._note(guarded, column, cut.why)
            return None

    def nonsense(self, guarded: Guarded) -> None:
        """Note an answer that is not what was asked for."""
        self._note(guarded, self._column, Text("returned nonsense", "返回了无意义的内容"))

    def _note(self, guarded: Guarded, column: ColumnRef | None, why: Text) -> None:
        reason = Text(
            f"Type {guarded.type_id} not judged: detector {guarded.name} ({guarded.origin}): {why.en}.",
            f"未判断类型 {guarded.type_id}：检测器 {guarded.name}（{guarded.origin}）：{why.zh}。",
        )
        self._failures.append(DetectorFailure(guarded.type_id, guarded.name, reason, column))


@dataclass(frozen=True)
class Guarded:
    """A foreign detector as this process sees it."""

    guards: Guards
    worker: Worker
    number: int
    """Its place in the worker's list."""
    type_id: str
    name: str
    """Class name."""
    origin: str
    fingerprint: str
    """Hash over its source file."""


class GuardedValues(ValueDetector):
    """A foreign value detector; scores 0 where it fails."""

    def __init__(self, guarded: Guarded) -> None:
        self.type_id = guarded.type_id
        self.guarded = guarded
        self.fingerprint = guarded.fingerprint

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Ask the foreign detector."""
        if not values:
            return []
        match self.guarded.guards.ask(self.guarded, {"values": list(values)}, answers=len(values)):
            case None:
                pass
            case {"scores": [*scores]} if len(scores) == len(values) and all(isinstance(score, float) for score in scores):
                return scores
            case _:
                self.guarded.guards.nonsense(self.guarded)
        return [0.0] * len(values)


class GuardedColumn(ColumnDetector):
    """A foreign column detector; says nothing where it fails."""

    def __init__(self, guarded: Guarded) -> None:
        self.type_id = guarded.type_id
        self.guarded = guarded
        self.fingerprint = guarded.fingerprint

    def score(self, column: Column) -> float:
        """Ask the foreign detector."""
        match self.guarded.guards.ask(self.guarded, {"column": column_form(column)}, column=column.ref):
            case None:
                return 0.0
            case {"score": float(score)}:
                return score
            case _:
                self.guarded.guards.nonsense(self.guarded)
                return 0.0


class GuardedGroup(GroupDetector):
    """A foreign group detector; says nothing where it fails."""

    def __init__(self, guarded: Guarded) -> None:
        self.type_id = guarded.type_id
        self.guarded = guarded
        self.fingerprint = guarded.fingerprint

    def weigh(self, values: Sequence[str]) -> tuple[float, Text]:
        """Ask the foreign detector."""
        match self.guarded.guards.ask(self.guarded, {"values": list(values)}):
            case None:
                pass
            case {"weighed": [float(weight), str(en), str(zh)]}:
                return weight, Text(en, zh)
            case _:
                self.guarded.guards.nonsense(self.guarded)
        return 0.0, Text("", "")


_PROXIES: Mapping[str, type[GuardedValues | GuardedColumn | GuardedGroup]] = {
    "value": GuardedValues,
    "column": GuardedColumn,
    "group": GuardedGroup,
}


PROXIES = (GuardedValues, GuardedColumn, GuardedGroup)


@dataclass(frozen=True)
class Foreign:
    """A foreign origin after its first loading."""

    name: str
    folder: str
    detectors: tuple[Detector, ...]


def load_foreign(origin: Mapping[str, str], what: Text, guards: Guards) -> Foreign:
    """Load a foreign folder or package in a process of its own. Raises ConfigError that begins with `what`."""
    first = Worker(origin, guards.limits)
    try:
        described = first.start()
        name, folder = str(described["name"]), str(described["folder"])
        detectors: list[Detector] = []
        for number, one in enumerate(described["detectors"]):
            # One process per detector: what hangs or leaks takes no other with it.
            worker = first if number == 0 else Worker(origin, guards.limits)
            guarded = Guarded(guards, worker, number, one["type_id"], one["name"], name, one["fingerprint"])
            detectors.append(_PROXIES[one["kind"]](guarded))
    except CutOffError as cut:
        raise ConfigError(
            Text(f"{what.en}: cannot be loaded: {cut.why.en}.", f"{what.zh}：无法加载：{cut.why.zh}。"),
            Text("Fix or remove it.", "请修复或移除它。"),
        ) from None
    if not detectors:
        first.close()
    return Foreign(name, folder, tuple(detectors))
