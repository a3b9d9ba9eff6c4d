"""Logs: one line an event, to standard error."""

import logging
import sys

import structlog


def log_to_standard_error(level: int = logging.INFO) -> None:
    """Let Deskbell and its libraries log; called by the commands that serve, never at import."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_is_news)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _is_news(record: logging.LogRecord) -> bool:
    """Bolt reads SLACK_BOT_TOKEN too, and says at each start that it needs it no more."""
    return "`token` will be unused" not in record.getMessage()
