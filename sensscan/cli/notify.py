"""`sensscan notify`: try the notification channels of the configuration."""

from __future__ import annotations

import os
from typing import Any

from sensscan import errors
from sensscan.cli.base import Context, group, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.options import CONFIG
from sensscan.language import Text


@group(
    Text(
        "Notification channels ([notify] urls in sensscan.toml, apprise URLs).",
        "通知渠道（sensscan.toml 的 [notify] urls，apprise 格式）。",
    )
)
def command() -> None:
    """Hold the subcommands."""


@make_command(
    Text("Send a test message to every channel and say which arrived.", "向每个渠道发送测试消息，并说明哪些已送达。"),
    name="test",
    examples=("sensscan notify test",),
)
@CONFIG
@pass_context
def test(context: Context, /, **options: Any) -> int:
    """Send, print one line per channel; 3 when some failed, 4 when all did."""
    from sensscan.modes.config_file import load_config
    from sensscan.modes.notify import send

    config = load_config(options["config_file"])
    urls = config.notify_urls(os.environ)
    if not urls:
        raise errors.UsageError(
            Text("No notification channel is configured.", "未配置通知渠道。"),
            Text('Add to sensscan.toml: [notify] urls = ["..."]', '请在 sensscan.toml 中加入：[notify] urls = ["..."]'),
        )
    body = Text("Test message of sensscan.", "sensscan 测试消息。").pick(context.language)
    deliveries = send(urls, "sensscan", body)
    for number, delivery in enumerate(deliveries, start=1):
        good = delivery.delivered
        context.say(
            Text(
                f"{number}. {delivery.channel}: {'delivered' if good else 'failed'}",
                f"{number}. {delivery.channel}：{'已送达' if good else '失败'}",
            ),
            error=not good,
        )
    arrived = sum(delivery.delivered for delivery in deliveries)
    if arrived == len(deliveries):
        return errors.EXIT_DONE
    return errors.EXIT_INCOMPLETE if arrived else errors.EXIT_NOTHING_READ


command.add_command(test)
