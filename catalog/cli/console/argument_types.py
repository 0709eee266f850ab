"""What the texts of arguments stand for; what makes no sense is an ArgumentTypeError that names it."""

from __future__ import annotations

import argparse
import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assets import Credentials, Fingerprint


def moment(text: str) -> str:
    """A day or a time as UTC in ISO 8601."""
    from assets import in_utc

    moment = in_utc(text)
    if not moment:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2025-08-01 or 2025-08-01T06:30")
    return moment


def count(text: str) -> int:
    """A whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def days(text: str) -> timedelta:
    """A number of days, also a part of one."""
    if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,6})?", text) and float(text) > 0:
        return timedelta(days=float(text))
    raise argparse.ArgumentTypeError(f"{text!r} is no number of days above 0")


def days_or_input(text: str) -> timedelta:
    """A number of days of an option that can do without, so that an input may stand where it is looked for."""
    try:
        return days(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{error}; put inputs before this option") from None


def post_types(text: str) -> tuple[str, ...]:
    """Types of posts by their names, commas between them."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in names:
        if not re.fullmatch(r"[\w-]+", name):
            raise argparse.ArgumentTypeError(f"{text!r} is no list of types like posts,pages")
    return names


def port(text: str) -> int:
    """A TCP port, 0 for any that is free."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port")
    return int(text)


def address(text: str) -> str:
    """A web address in its standard form."""
    from assets import make_absolute

    address = make_absolute(text)
    if not address:
        raise argparse.ArgumentTypeError(f"{text!r} is not a web address")
    return address


def site(text: str) -> str:
    """A site as usages name it, from its name or an address on it."""
    from assets import make_absolute, site_of

    return site_of(make_absolute(text) or f"https://{text}/") or text


def reason(text: str) -> str:
    """A reason for which something failed, as it is told."""
    from assets import Reason

    wanted = " ".join(text.lower().split())
    if wanted not in [one.value for one in Reason]:
        raise argparse.ArgumentTypeError(f"{text!r} is no reason, as 'gone' or 'server error' are")
    return wanted


def words(text: str) -> str:
    """Words to look for."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"{text!r} holds no words to look for")
    return text


def question(text: str) -> str:
    """What names a picture: a file, an address or a digest."""
    if not text:
        raise argparse.ArgumentTypeError("an empty text names no picture")
    return _without_password(text)


def harvest_input(text: str) -> str:
    """What is harvested: a file, a folder, an address or `-`."""
    return _without_password(text)


def _without_password(text: str) -> str:
    """The text, unless it is an address with a password in it, which would be on record in many places."""
    from assets import has_password

    if has_password(text):
        raise argparse.ArgumentTypeError(
            "an address with a user name or a password in it is not asked;"
            " they belong in a file that only you can read, for `photodesk harvest --credentials FILE`"
        )
    return text


def credentials(text: str) -> Credentials:
    """The user names and passwords of a file."""
    from assets import CredentialsError, read_credentials

    try:
        return read_credentials(text)
    except CredentialsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def netrc(text: str) -> Credentials:
    """The user names and passwords of a netrc file, `""` for the user's own."""
    from assets import CredentialsError, is_web_address, read_netrc

    if is_web_address(text):
        raise argparse.ArgumentTypeError("it takes what follows for its file; put inputs before it")
    try:
        return read_netrc(text)
    except CredentialsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def allowed(text: str) -> tuple[str, int]:
    """A host and port that may be asked although they are private."""
    from assets import parse_allowed

    try:
        return parse_allowed(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def fingerprint(text: str) -> tuple[str, Fingerprint]:
    """A phash as another program wrote it, with its text."""
    from assets import parse_hex

    try:
        return text, parse_hex("phash", text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
