"""Tests of loading a catalogue."""

import hashlib
from pathlib import Path

import pytest

from bot.catalog import load_catalog, parse_catalog
from bot.errors import ConfigurationError


def test_a_shipped_catalogue_is_loaded_from_any_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_catalog("ecotone").vendor == "Ecotone"


def test_a_loaded_catalogue_has_the_files_name_text_and_digest(tmp_path: Path) -> None:
    text = load_catalog("ecotone").text
    path = tmp_path / "acme.toml"
    path.write_text(text, "utf-8")
    catalog = load_catalog(str(path))
    assert catalog == parse_catalog(text, name="acme", source="anywhere")
    assert catalog.plans["support-agreement"].catalog == "acme"
    assert catalog.text == text
    assert catalog.digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(load_catalog("ecotone").text, "utf-8-sig")
    assert load_catalog(path).name == "acme"


def test_a_missing_file_names_the_choices() -> None:
    with pytest.raises(ConfigurationError, match="'ecosir': choose ecosire or ecotone, or give"):
        load_catalog("ecosir")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_catalog(tmp_path)


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_an_invalid_path_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="catalogue"):
        load_catalog(name)


def test_a_file_that_is_not_utf_8_names_the_invalid_byte(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_bytes(b'vendor = "\xe9"\n')
    with pytest.raises(ConfigurationError, match="not UTF-8 text at byte 10"):
        load_catalog(path)
