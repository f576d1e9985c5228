"""Notifications to the channels that the user named ([notify] urls), by apprise. Bodies hold counts and names, never values."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.modes.config_file import Config


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message. `channel` is the kind only: the rest of a URL is a secret."""

    channel: str
    delivered: bool


def send(urls: Sequence[str], title: str, body: str) -> list[Delivery]:
    """Send to every channel; one that fails does not hold up the others. Raises UsageError without apprise or for a broken URL."""
    try:
        import apprise
    except ImportError:
        raise UsageError(
            Text("The package apprise is not installed.", "未安装 apprise 包。"),
            Text("Run: pip install 'sensscan[notify]'", "请运行：pip install 'sensscan[notify]'"),
        ) from None
    # Its log lines quote URLs, and those hold tokens.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    channels = []
    for number, url in enumerate(urls, start=1):
        channel = apprise.Apprise()
        if not channel.add(url):
            kind = url.partition("://")[0] if "://" in url else "?"
            raise UsageError(
                Text(f"Notification URL {number} ({kind}) is not understood.", f"第 {number} 个通知 URL（{kind}）无法识别。"),
                Text("See the forms at [notify] in docs/configuration.md.", "写法见 docs/configuration.md 的 [notify]。"),
            )
        channels.append((url.partition("://")[0], channel))
    return [Delivery(kind, bool(channel.notify(title=title, body=body))) for kind, channel in channels]


def tell(config: Config, environ: Mapping[str, str], *, title: str, body: str, changed: bool, failed: bool) -> list[Delivery]:
    """Send when [notify] on says so: `change` (findings changed, or failures), `failure`, `always`."""
    wanted = failed or config.notify.on == "always" or (changed and config.notify.on == "change")
    return send(config.notify_urls(environ), title, body) if wanted and config.notify.urls else []
