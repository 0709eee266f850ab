"""Passwords for sites of one's own: read from files that nobody else may read, and shown nowhere."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from assets.errors import CredentialsError
from assets.http.credentials import Credentials, is_safe, read_credentials, read_netrc

WORDS = "k3y w1th spac3s"


def written(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "passwords"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return str(path)


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def problem(folder: Path, text: str, mode: int = 0o600) -> str:
    with pytest.raises(CredentialsError) as caught:
        read_credentials(written(folder, text, mode))
    assert WORDS not in str(caught.value)
    return str(caught.value).removeprefix(f"{folder / 'passwords'}: ")


# A file of lines


def test_an_address_is_told_what_its_origin_has(tmp_path: Path) -> None:
    found = read_credentials(written(tmp_path, "https://news.example ada:secret\n"))
    assert found.header("https://news.example/wp-json/?x=1") == basic("ada:secret")


def test_spaces_of_an_application_password_count(tmp_path: Path) -> None:
    found = read_credentials(written(tmp_path, "https://news.example ada:abcd efgh ijkl mnop\n"))
    assert found.header("https://news.example/") == basic("ada:abcd efgh ijkl mnop")


def test_a_user_name_may_have_spaces_and_a_password_colons(tmp_path: Path) -> None:
    found = read_credentials(written(tmp_path, "https://news.example Ada L:a:b\n"))
    assert found.header("https://news.example/") == basic("Ada L:a:b")


def test_other_letters_are_sent_as_utf8(tmp_path: Path) -> None:
    found = read_credentials(written(tmp_path, "https://news.example \u00e4da:\ud55c\n"))
    assert found.header("https://news.example/") == basic("\u00e4da:\ud55c")


def test_comments_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    text = "\ufeff# ours\n\n  https://a.example ada:x\n#https://b.example ada:x\n"
    assert list(read_credentials(written(tmp_path, text)).by_origin) == ["https://a.example"]


@pytest.mark.parametrize(
    "address",
    [
        "http://news.example/",
        "https://news.example:8443/",
        "https://www.news.example/",
        "https://news.example.evil.example/",
        "https://evil.example/?https://news.example/",
        "",
    ],
)
def test_another_origin_is_told_nothing(address: str, tmp_path: Path) -> None:
    found = read_credentials(written(tmp_path, "https://news.example ada:secret\n"))
    assert (found.header(address), found.has(address)) == ("", False)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_may_read_is_refused(mode: int, tmp_path: Path) -> None:
    assert problem(tmp_path, f"https://a.example ada:{WORDS}", mode).startswith("others may read it")


@pytest.mark.parametrize(
    "line",
    [
        f"https://a.example {WORDS}",
        f"https://a.example :{WORDS}",
        f"https://a.example ada:\nhttps://b.example ada:{WORDS}",
        "https://a.example",
    ],
)
def test_a_line_without_both_parts_is_refused(line: str, tmp_path: Path) -> None:
    assert problem(tmp_path, line) == "line 1: expected an origin, a space and USER:PASSWORD"


@pytest.mark.parametrize(
    "address",
    ["https://a.example/uk/", "https://a.example/?x", "a.example", f"https://ada:{WORDS[:4]}@a.example"],
)
def test_what_is_no_origin_is_refused(address: str, tmp_path: Path) -> None:
    assert problem(tmp_path, f"{address} ada:{WORDS}").startswith("line 1: expected an origin like")


def test_plain_http_to_another_machine_is_refused(tmp_path: Path) -> None:
    assert problem(tmp_path, f"http://a.example ada:{WORDS}").startswith(
        "line 1: http://a.example is plain http, where passwords can be read on the way"
    )


def test_an_origin_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    text = f"https://a.example ada:x\nhttps://A.example:443/ ada:{WORDS}"
    assert problem(tmp_path, text) == "line 2: https://a.example has credentials already"


@pytest.mark.parametrize("text", ["\x00" * 70_000, "\udcff"])
def test_what_is_no_file_of_passwords_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "passwords"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(0o600)
    with pytest.raises(CredentialsError):
        read_credentials(str(path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="No such file"):
        read_credentials(str(tmp_path / "none"))


# netrc


def test_a_machine_of_netrc_counts_for_https(tmp_path: Path) -> None:
    found = read_netrc(written(tmp_path, 'machine a.example login ada password "abcd efgh"\n'))
    assert found.by_origin == {"https://a.example": basic("ada:abcd efgh")}


def test_a_machine_on_loopback_counts_for_http_too(tmp_path: Path) -> None:
    found = read_netrc(written(tmp_path, "machine 127.0.0.1:8080 login ada password x\n"))
    assert set(found.by_origin) == {"https://127.0.0.1:8080", "http://127.0.0.1:8080"}


def test_a_user_name_with_a_colon_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="may not hold a colon"):
        read_netrc(written(tmp_path, "machine a.example login a:da password x\n"))


def test_the_default_of_netrc_counts_for_nobody(tmp_path: Path) -> None:
    assert read_netrc(written(tmp_path, "default login ada password x\n")).by_origin == {}


def test_the_users_own_netrc_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text("machine a.example login ada password x\n")
    (tmp_path / ".netrc").chmod(0o600)
    assert list(read_netrc().by_origin) == ["https://a.example"]


def test_a_netrc_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="others may read it"):
        read_netrc(written(tmp_path, "machine a.example login ada password x\n", 0o644))


def test_a_broken_netrc_is_told_without_what_stands_in_it(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError) as caught:
        read_netrc(written(tmp_path, "machine a.example login ada secret\n"))
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


# The value


def test_no_text_of_the_value_shows_a_password() -> None:
    found = Credentials({"https://a.example": basic("ada:secret")})
    assert repr(found) == str(found) == "Credentials(for https://a.example)"


def test_of_two_the_other_wins() -> None:
    first, second = Credentials({"a": "1", "b": "1"}), Credentials({"b": "2"})
    assert (first | second).by_origin == {"a": "1", "b": "2"}


def test_nothing_goes_over_plain_http_whoever_put_it_there() -> None:
    assert Credentials({"http://a.example": "x"}).header("http://a.example/") == ""


@pytest.mark.parametrize(
    ("origin", "safe"),
    [
        ("https://a.example", True),
        ("http://localhost:8080", True),
        ("http://desk.localhost", True),
        ("http://[::1]:80", True),
        ("http://127.9.9.9", True),
        ("http://10.0.0.1", False),
        ("http://localhost.example", False),
        ("ftp://localhost", False),
        ("", False),
    ],
)
def test_passwords_go_over_https_or_to_this_machine(origin: str, safe: bool) -> None:
    assert is_safe(origin) is safe
