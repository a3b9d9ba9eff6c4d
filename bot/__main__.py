"""The entry point of `python -m bot` and `deskbell`."""

from bot.cli import app


def main() -> None:
    app()


if __name__ == "__main__":
    main()
