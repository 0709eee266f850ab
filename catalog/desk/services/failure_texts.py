"""What failed in a harvest, told one by one: which address, and why in plain words."""

from __future__ import annotations

from assets import Failure, Reason
from catalog.model import Json

# What a reason means to whoever gave the address; `Reason` is what programs go by.
WORDS = {
    Reason.NOT_FOUND: "there is no such file",
    Reason.UNREADABLE: "it cannot be read",
    Reason.UNKNOWN_FORMAT: "it is neither a page, nor a feed, nor a picture",
    Reason.PASSED_OVER: "it is of no known kind and was passed over",
    Reason.MALFORMED: "what came is damaged or not what it claims to be",
    Reason.NO_PICTURE: "no picture was found in it",
    Reason.NOT_EMBEDDED: "the site does not say where the picture is",
    Reason.PROTECTED: "the site keeps it for those who have a password",
    Reason.BAD_ADDRESS: "this is no web address",
    Reason.ADDRESS_REFUSED: "it leads to a private network, which is never asked",
    Reason.ROBOTS: "the site's robots.txt asks programs not to fetch it",
    Reason.ROBOTS_TAG: "the site asks programs not to keep it",
    Reason.UNAUTHORIZED: "the site wants a password",
    Reason.FORBIDDEN: "the site refuses it",
    Reason.GONE: "there is nothing at this address",
    Reason.RATE_LIMITED: "the site says that it was asked too often",
    Reason.CLIENT_ERROR: "the site did not accept the request",
    Reason.SERVER_ERROR: "the site has an error of its own",
    Reason.TOO_MANY_REDIRECTS: "it leads from one address to the next without end",
    Reason.DNS: "no such site is known",
    Reason.CONNECT: "the site does not answer",
    Reason.TLS: "no secure connection to the site can be made",
    Reason.TIMEOUT: "the site took too long",
    Reason.CONNECTION_LOST: "the connection broke",
    Reason.BAD_RESPONSE: "the site's answer makes no sense",
    Reason.TRUNCATED: "only a part of it came",
    Reason.TOO_LARGE: "it is too large",
    Reason.EMPTY: "it is empty",
    Reason.NOT_A_PICTURE: "it is not a picture",
    Reason.UNSUPPORTED_PICTURE: "it is a kind of picture that cannot be read",
    Reason.DAMAGED_PICTURE: "the picture is damaged",
    Reason.TOO_MANY_PIXELS: "the picture has too many pixels",
    Reason.READ_TIMEOUT: "the document took too long to read",
    Reason.READ_CRASHED: "reading the document crashed",
    Reason.DECODE_TIMEOUT: "the picture took too long to read",
    Reason.DECODE_CRASHED: "reading the picture crashed",
    Reason.INTERNAL: "the program made a mistake",
}


def failure_record(failure: Failure) -> Json:
    """A failure as the API tells it.

    >>> from assets import Stage
    >>> failure_record(Failure(Stage.DISCOVER, Reason.DNS, "https://nowhere.example/"))["why"]
    'no such site is known'
    """
    return {
        "address": failure.address,
        "stage": failure.stage.value,
        "reason": failure.reason.value,
        "why": WORDS[failure.reason],
        "detail": failure.detail,
    }
