"""How a journal's lines are written, and what is read of them."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog.errors import CatalogUnwritable, NotACatalog, UnsupportedVersion
from catalog.store.journals import journal_lines
from catalog.store.journals.journal_lines import (
    MOST_FILE,
    MOST_LINE,
    JournalEntry,
    copy_document,
    decode_json,
    document_of,
    encode_json,
    encode_line,
    header,
    header_length,
    is_good,
    keeps_version,
    may_say,
    pack_place,
    parse_line,
    raise_version,
    unpack_place,
)

PUT = b'6fa20e0f ["put","assets","5f"]\t{"width":640}\n'
DELETE = b'db65a018 ["delete","assets","5f"]\tnull\n'


def mapped(path: Path, text: bytes) -> mmap.mmap:
    path.write_bytes(text)
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@contextmanager
def raising(path: Path, text: bytes) -> Iterator[int]:
    path.write_bytes(text)
    descriptor = os.open(path, os.O_RDWR)
    yield descriptor
    os.close(descriptor)


# Places


def test_a_place_is_the_offset_above_26_bits_of_length() -> None:
    assert pack_place(3, 5) == 3 * 2**26 + 5


@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0), (MOST_FILE, MOST_LINE)])
def test_a_place_tells_its_offset_and_length(place: tuple[int, int]) -> None:
    assert unpack_place(pack_place(*place)) == place


def test_the_last_place_is_a_number_of_64_bits() -> None:
    assert pack_place(MOST_FILE, MOST_LINE) == 2**64 - 1


# The first line


def test_the_first_line_names_format_and_version() -> None:
    assert header() == b'["photodesk-catalog",2]\n'


def test_a_first_line_of_the_version_before_is_read(tmp_path: Path) -> None:
    with mapped(tmp_path / "j", b'["photodesk-catalog",1]\n' + PUT) as data:
        assert header_length(data, tmp_path / "j") == 24


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        (b'["photodesk-catalog",2]\n' + PUT, True),
        (b'["photodesk-catalog",1]\n' + PUT, False),
        (b'["photodesk-catalog",20]\n', False),
        (b'["photodesk-cXtalog",2]\n', False),
        (b"", False),
    ],
)
def test_a_journal_keeps_this_version_where_its_first_line_says_so(
    tmp_path: Path, text: bytes, is_kept: bool
) -> None:
    (tmp_path / "j").write_bytes(text)
    assert keeps_version(tmp_path / "j") is is_kept


@pytest.mark.parametrize("line", [b'["photodesk-catalog",1]\n', b'[ "photodesk-catalog", 1 ]\n'])
def test_a_version_is_raised_by_one_byte(tmp_path: Path, line: bytes) -> None:
    with raising(tmp_path / "j", line + PUT) as descriptor:
        raise_version(tmp_path / "j", descriptor, line)
    assert (tmp_path / "j").read_bytes() == line.replace(b"1", b"2") + PUT


def test_a_version_that_was_raised_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda _descriptor: settled.append((tmp_path / "j").read_bytes()))
    with raising(tmp_path / "j", b'["photodesk-catalog",1]\n') as descriptor:
        raise_version(tmp_path / "j", descriptor, b'["photodesk-catalog",1]\n')
    assert settled == [header()]


def test_this_version_is_not_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", lambda *_: pytest.fail("written"))
    with raising(tmp_path / "j", header()) as descriptor:
        raise_version(tmp_path / "j", descriptor, header())


def test_a_version_that_cannot_be_raised_is_told(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b'["photodesk-catalog",1]\n')
    descriptor = os.open(tmp_path / "j", os.O_RDONLY)
    with pytest.raises(CatalogUnwritable, match=rf"^{tmp_path}/j: Bad file descriptor"):
        raise_version(tmp_path / "j", descriptor, b'["photodesk-catalog",1]\n')
    os.close(descriptor)


def test_a_first_line_is_as_long_as_it_is(tmp_path: Path) -> None:
    with mapped(tmp_path / "j", header() + PUT) as data:
        assert header_length(data, tmp_path / "j") == 24


def test_spaces_in_a_first_line_count(tmp_path: Path) -> None:
    with mapped(tmp_path / "j", b'[ "photodesk-catalog", 1 ]\n' + PUT) as data:
        assert header_length(data, tmp_path / "j") == 27


@pytest.mark.parametrize(
    "text",
    [
        b'["photodesk-catalog",1]',
        b'["another-catalog",1]\n',
        b'["photodesk-catalog"]\n',
        b'["photodesk-catalog",1,2]\n',
        b"[]\n",
        b"7\n",
        b"null\n",
        b"dear diary\n",
        b"\n",
        b"\xff\n",
    ],
)
def test_another_first_line_is_no_catalog(tmp_path: Path, text: bytes) -> None:
    with mapped(tmp_path / "j", text) as data, pytest.raises(NotACatalog) as caught:
        header_length(data, tmp_path / "j")
    assert str(caught.value) == f"{tmp_path}/j: not a photodesk catalog"
    assert caught.value.file == "j"


@pytest.mark.parametrize("version", [0, 3, 10])
def test_another_version_is_said_to_be_later(tmp_path: Path, version: int) -> None:
    text = f'["photodesk-catalog",{version}]\n'.encode()
    with mapped(tmp_path / "j", text) as data, pytest.raises(UnsupportedVersion) as caught:
        header_length(data, tmp_path / "j")
    assert str(caught.value) == (
        f"{tmp_path}/j: written by a later photodesk (format {version}, this reads 2)"
    )


# Lines


def test_a_put_is_a_line_with_its_checksum() -> None:
    assert encode_line(JournalEntry("assets", "5f", {"width": 640})) == PUT


def test_a_deletion_is_a_line_without_a_document() -> None:
    assert encode_line(JournalEntry("assets", "5f", None)) == DELETE


def test_a_checksum_has_eight_digits_however_small_it_is() -> None:
    assert encode_line(JournalEntry("t", "49", {})) == b'001c4e71 ["put","t","49"]\t{}\n'


def test_an_empty_document_is_put() -> None:
    assert parse_line(encode_line(JournalEntry("assets", "5f", {})), 0) == ("assets", "5f", pack_place(0, 34))


def test_a_line_as_long_as_a_place_can_tell_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_lines, "MOST_LINE", len(PUT))
    assert encode_line(JournalEntry("assets", "5f", {"width": 640})) == PUT


def test_a_longer_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_lines, "MOST_LINE", len(PUT) - 1)
    with pytest.raises(CatalogUnwritable, match=r"^5f: a record of 45 bytes is too long$"):
        encode_line(JournalEntry("assets", "5f", {"width": 640}))


def test_a_line_that_is_refused_is_told_by_the_beginning_of_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_lines, "MOST_LINE", 10)
    with pytest.raises(CatalogUnwritable, match=r"^x{200}: a record"):
        encode_line(JournalEntry("assets", "x" * 300, {}))


def test_a_line_as_it_was_written_is_good() -> None:
    assert is_good(PUT)


@pytest.mark.parametrize("place", [0, 7, 9, 20, len(PUT) - 2])
def test_a_line_of_which_a_byte_changed_is_not_good(place: int) -> None:
    assert not is_good(PUT[:place] + bytes([PUT[place] ^ 1]) + PUT[place + 1 :])


@pytest.mark.parametrize("place", [8, len(PUT) - 1])
def test_no_checksum_is_over_the_space_and_the_end_of_a_line(place: int) -> None:
    assert is_good(PUT[:place] + b"?" + PUT[place + 1 :])


def test_a_put_tells_its_table_key_and_place() -> None:
    assert parse_line(PUT, 24) == ("assets", "5f", pack_place(24, 45))


def test_a_deletion_tells_no_place() -> None:
    assert parse_line(DELETE, 24) == ("assets", "5f", None)


@pytest.mark.parametrize("line", [PUT.replace(b"640", b"641"), PUT[1:], b"", b"\n", b"00000000"])
def test_what_is_no_good_line_tells_nothing(line: bytes) -> None:
    assert parse_line(line, 24) is None


def test_a_line_without_a_tab_tells_nothing_though_its_checksum_is_right() -> None:
    line = b'b63f15f7 ["put","assets","5f"]\n'
    assert is_good(line)
    assert parse_line(line, 24) is None


def test_a_tab_within_a_key_does_not_end_the_head() -> None:
    line = encode_line(JournalEntry("assets", "a\tb", {"text": "c\td"}))
    assert parse_line(line, 0) == ("assets", "a\tb", pack_place(0, len(line)))


def test_a_tab_within_a_text_is_part_of_the_document() -> None:
    line = encode_line(JournalEntry("assets", "a\tb", {"text": "c\td"}))
    assert document_of(line) == {"text": "c\td"}


def test_the_document_of_a_line_is_what_follows_the_tab() -> None:
    assert document_of(PUT) == {"width": 640}


# Words


def test_without_words_any_line_may_say_them() -> None:
    assert may_say(PUT, [])


def test_a_plain_line_says_a_word_that_stands_in_it_in_any_case() -> None:
    assert may_say(b'{"title":"KIM visits"}', [b"kim"])


def test_a_plain_line_says_no_word_that_does_not_stand_in_it() -> None:
    assert not may_say(b'{"title":"Kim visits"}', [b"talks", b"lee"])


def test_one_of_several_words_is_enough() -> None:
    assert may_say(b'{"title":"Kim visits"}', [b"talks", b"visit"])


@pytest.mark.parametrize("line", ['{"title":"Gespräche"}'.encode(), b'{"title":"\\"quoted\\""}'])
def test_a_line_with_accents_or_escapes_is_taken_for_granted(line: bytes) -> None:
    assert may_say(line, [b"talks"])


# JSON


def test_json_is_written_without_spaces() -> None:
    assert encode_json({"a": [1, "é"]}) == '{"a":[1,"é"]}'.encode()


@pytest.mark.parametrize("value", ["/desk/\udcff.jpg", 2**70, [-(2**70)], {"a": "\ud800"}])
def test_what_orjson_does_not_take_comes_back_too(value: object) -> None:
    assert decode_json(encode_json(value)) == value


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        decode_json(b'["put",')


def test_a_copy_shares_nothing_with_its_document() -> None:
    document = {"embedded": {"credit": {"text": "AP"}}}
    copy_document(document)["embedded"]["credit"]["text"] = "NASA"
    assert document == {"embedded": {"credit": {"text": "AP"}}}


def test_a_copy_holds_lists_where_the_document_has_tuples() -> None:
    assert copy_document({"variants": ("a", "b")}) == {"variants": ["a", "b"]}
