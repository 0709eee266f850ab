from __future__ import annotations

from dataclasses import astuple
from importlib import metadata

import pytest

from assets.http import limits
from assets.http.limits import Limits, Politeness


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> str:
    """The release that seems to be installed."""
    monkeypatch.setattr(limits, "_user_agent", limits._user_agent.__wrapped__)
    monkeypatch.setattr(limits, "_release", lambda: "1.2.3")
    return "1.2.3"


def test_an_address_may_cost_so_much() -> None:
    assert astuple(Limits()) == (67_108_864, 33_554_432, 120.0, 15.0, 30.0, 10, 3, 120.0, 1.0)


def test_hosts_are_treated_so_politely() -> None:
    own = Politeness()
    assert (own.connections, own.connections_per_host, own.pause_seconds) == (64, 4, 0.25)


def test_robots_txt_counts_unless_told_otherwise() -> None:
    assert Politeness().respect_robots


def test_the_robots_tag_counts_unless_told_otherwise() -> None:
    assert Politeness().respect_robots_tag


def test_no_host_is_our_own_unless_told_so() -> None:
    assert Politeness().allow_addresses == frozenset()


def test_who_asks_is_told_with_the_release_and_where_to_complain(release: str) -> None:
    assert Politeness().user_agent == f"Photodesk/{release} (+https://github.com/photodesk/photodesk)"


def test_the_contact_is_the_users_own(release: str) -> None:
    assert Politeness(contact="desk@news.example").user_agent == "Photodesk/1.2.3 (+desk@news.example)"


@pytest.mark.parametrize("typed", ["a\r\nX-Evil: 1", "a\x00", "a\x7f", "aé", "a한"])
def test_what_cannot_stand_in_a_header_is_left_out_of_the_contact(typed: str, release: str) -> None:
    agent = Politeness(contact=typed).user_agent
    assert agent.isascii()
    assert agent.isprintable()


def test_space_and_tilde_may_stand_in_the_contact(release: str) -> None:
    assert Politeness(contact="the desk ~kim").user_agent == "Photodesk/1.2.3 (+the desk ~kim)"


def test_the_release_is_that_of_the_installed_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "version", {"photodesk": "7.8.9"}.__getitem__)
    assert limits._release.__wrapped__() == "7.8.9"


def test_what_runs_without_being_installed_has_release_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(limits, "version", version)
    assert limits._release.__wrapped__() == "0"
