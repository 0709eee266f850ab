"""Who is let in, and what a browser may do with the desk's answers."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import re
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from catalog.desk import DeskSettings, Problem
from catalog.errors import CatalogError, UnknownPicture
from catalog.reports import sanitize_text

COOKIE = "photodesk_token"

# Asked by what has neither a token nor our name: it tells nothing of the catalog.
HEALTH = "/health"

# Guessing a token is slow.
WRONG_TOKEN_SECONDS = 1.0

# What asks here signs in at no page.
FOR_PROGRAMS = ("/api/", "/static/", "/metrics")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

# A view's address as a browser sends it: printable ASCII.
_VIEW = re.compile(r"/(|search|harvest|clusters(/\w+)?|photo/\w+)(\?[!-~]*)?", re.ASCII)

logger = logging.getLogger(__name__)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def sign_in(to: str, *, is_wrong: bool = False) -> str:
    """The address of the page that asks for the token, and where that leads then.

    >>> sign_in("/search?words=flood"), sign_in("//elsewhere.example/")
    ('/token?to=%2Fsearch%3Fwords%3Dflood', '/token')
    """
    place = way_back(to)
    told = ({"to": place} if place != "/" else {}) | ({"wrong": ""} if is_wrong else {})
    return f"/token?{urlencode(told)}" if told else "/token"


def way_back(to: str) -> str:
    """One of the desk's own views, the first one for anything else: nobody is sent elsewhere.

    >>> way_back("/photo/3d2f88e5c194"), way_back("https://elsewhere.example/")
    ('/photo/3d2f88e5c194', '/')
    """
    return to if _VIEW.fullmatch(to) else "/"


def problem_response(problem: Problem, allowed: str = "") -> web.Response:
    """A problem as an answer; `allowed` are the methods that would be."""
    headers = {"Retry-After": str(problem.retry_after_seconds)} if problem.retry_after_seconds else {}
    if allowed:
        headers["Allow"] = allowed
    return web.json_response(
        problem.to_json(),
        status=int(problem.status),
        headers=headers,
        content_type="application/problem+json",
    )


def guards(settings: DeskSettings) -> list[Middleware]:
    """The middlewares, the outermost first."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Only our own host name, only our own pages, only who has the token; whether it is well anybody may ask."""
        if request.path == HEALTH:
            return await handler(request)
        _check_host(request, settings)
        _check_origin(request)
        if settings.token and not await _is_known(request, settings.token):
            if request.method == "GET" and not request.path.startswith(FOR_PROGRAMS):
                raise web.HTTPSeeOther(sign_in(request.path_qs))
            detail = "a token is needed: sign in at /token, or send it as a bearer token"
            raise Problem(HTTPStatus.UNAUTHORIZED, detail)
        return await handler(request)

    return [_answer_problems, guarded]


@web.middleware
async def _answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Problems instead of tracebacks, on API routes also for what aiohttp itself refuses."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem_response(problem)
    except UnknownPicture as error:
        return problem_response(Problem(HTTPStatus.NOT_FOUND, str(error)))
    except CatalogError as error:
        return problem_response(Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error)))
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST or not request.path.startswith("/api/"):
            raise
        return problem_response(
            Problem(HTTPStatus(error.status), error.reason), error.headers.get("Allow", "")
        )
    # The edge of one request: whatever went wrong, the desk goes on and says so.
    except Exception:
        logger.exception("%s %s", request.method, sanitize_text(request.path))
        return problem_response(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the desk made a mistake"))


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """The headers of every answer."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _check_host(request: web.Request, settings: DeskSettings) -> None:
    """A page on another name that was made to point here (DNS rebinding) sends that name."""
    if not is_loopback(settings.host):
        # Any name may lead here; the token, which no other name's page has, decides.
        return
    name = request.headers.get("Host", "").rsplit(":", 1)[0] if ":" in request.host else request.host
    if not is_loopback(name.strip("[]")):
        raise Problem(HTTPStatus.MISDIRECTED_REQUEST, f"{request.host[:200]}: this desk goes by another name")


def _check_origin(request: web.Request) -> None:
    """No other site's page may have something changed (CSRF)."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    ours = {f"http://{request.host}", f"https://{request.host}"}
    if site not in ("same-origin", "none") or (origin is not None and origin not in ours):
        raise Problem(HTTPStatus.FORBIDDEN, "only the desk's own pages may ask for this")


async def _is_known(request: web.Request, token: str) -> bool:
    if request.path == "/token" or request.path.startswith("/static/"):
        return True
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    # A scheme is written in any case, and one or more spaces come after it (RFC 9110, section 11).
    if scheme.lower() != "bearer":
        return await is_token(request.cookies.get(COOKIE, ""), token)
    return await is_token(given.lstrip(" "), token)


async def is_token(given: str, token: str) -> bool:
    """Whether a token is the right one; a wrong one takes its time."""
    if hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        return True
    if given:
        await asyncio.sleep(WRONG_TOKEN_SECONDS)
    return False
