"""Logging to standard error, a line for each event."""

import logging
import sys

import structlog


def log_to_standard_error(level: int = logging.INFO) -> None:
    """Configure the logs of Deskbell and its libraries.

    Only commands that serve call it, so that an import has no effect on logging.
    """
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
    """Return False for a notice that Bolt logs at each start: it also reads SLACK_BOT_TOKEN."""
    return "`token` will be unused" not in record.getMessage()
