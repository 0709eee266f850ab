"""What people decided about pairs, and decisions that cannot all be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.cli import main
from catalog.decisions import contradictions, decide, find_contradicted
from catalog.model import AssetRecord, DecisionRecord
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore

AT = "2025-08-01T06:00:00Z"


def decided(store: EmbeddedStore, pair: str, decision: str) -> DecisionRecord:
    return decide(store, (pair[0], pair[1]), decision, note="", by="Ada", at=AT)


def pairs(records: list[DecisionRecord]) -> list[str]:
    return [f"{one.first}{one.second} {one.decision}" for one in records]


@pytest.mark.parametrize(
    ("earlier", "pair", "decision", "against"),
    [
        (["ab different", "ac same"], "bc", "same", ["ab different", "ac same"]),
        (["ac same", "bc same"], "ab", "different", ["ac same", "bc same"]),
        (["ab same", "cd same", "ef same", "ae different"], "bc", "same", []),
        (
            ["ab same", "bc same", "de same", "ef same", "af different"],
            "cd",
            "same",
            ["af different", "ab same", "bc same", "de same", "ef same"],
        ),
        # By the fewest decisions, whichever of two pictures is named first.
        (["ab same", "bc same", "cd same", "ac same"], "da", "different", ["ac same", "cd same"]),
        # Each once, though it stands in two ways around.
        (
            ["ab same", "ac different", "ad different", "cd same"],
            "bc",
            "same",
            ["ac different", "ab same", "ad different", "cd same"],
        ),
        # What was decided of the pair before is no other decision, and what is undecided says nothing.
        (["ab different"], "ab", "same", []),
        (["ab same", "bc same"], "ac", "undecided", []),
        (["ab different", "ac undecided"], "bc", "same", []),
        (["ab different", "bc different"], "ac", "different", []),
    ],
)
def test_what_a_decision_contradicts(
    earlier: list[str], pair: str, decision: str, against: list[str]
) -> None:
    with EmbeddedStore() as store:
        for text in earlier:
            decided(store, *text.split())
        record = decided(store, pair, decision)
        assert pairs(find_contradicted(store, record)) == against


def test_every_contradiction_is_known_until_it_is_taken_back() -> None:
    with EmbeddedStore() as store:
        for text in ("ab different", "ac same", "bc same", "de different"):
            decided(store, *text.split())
        assert [pairs(one) for one in contradictions(store)] == [["ab different", "ac same", "bc same"]]
        decided(store, "bc", "undecided")
        assert list(contradictions(store)) == []


def test_long_ways_are_gone_at_once() -> None:
    with EmbeddedStore() as store:
        with store.batch():
            for number in range(3000):
                first, second = f"{number:04}", f"{number + 1:04}"
                key = f"{first} {second}"
                store.put_decision(DecisionRecord(key=key, first=first, second=second, decision="same"))
        record = DecisionRecord(key="x", first="0000", second="3000", decision="different")
        assert len(find_contradicted(store, record)) == 3000


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    with open_store(tmp_path) as store:
        for name in "abc":
            store.put_asset(AssetRecord(sha256=name * 64))
    return tmp_path


def command(desk: Path, *arguments: str) -> int:
    return main([*arguments, "--catalog", str(desk)])


def test_a_decision_that_contradicts_others_is_kept_and_told(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(desk, "decide", "aaaa", "bbbb", "different", "--by", "Ada\x1b[31m") == 0
    assert command(desk, "decide", "aaaa", "cccc", "same", "--by", "Ben") == 0
    assert capsys.readouterr().err == ""
    assert command(desk, "decide", "bbbb", "cccc", "same") == 0
    output = capsys.readouterr()
    assert output.out == "bbbbbbbbbbbb and cccccccccccc: same\n"
    with open_store(desk, read_only=True) as store:
        first, second, third = store.decisions()
    assert third.decision == "same"
    assert output.err == (
        "photodesk: this contradicts what was decided: "
        f"aaaaaaaaaaaa and bbbbbbbbbbbb: different (Ada\N{REPLACEMENT CHARACTER}[31m, {first.at}); "
        f"aaaaaaaaaaaa and cccccccccccc: same (Ben, {second.at})\n"
    )


def test_duplicates_tells_of_decisions_that_contradict_each_other(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for decision in ("aaaa bbbb different", "aaaa cccc same", "bbbb cccc same"):
        command(desk, "decide", *decision.split(), "--by", "Ada")
    capsys.readouterr()
    command(desk, "duplicates")
    told = [line for line in capsys.readouterr().err.splitlines() if "contradict" in line]
    assert len(told) == 1
    begin = "photodesk: decisions contradict each other: aaaaaaaaaaaa and bbbbbbbbbbbb: different (Ada, 20"
    assert told[0].startswith(begin)
    assert told[0].count(": same (Ada, 20") == 2


def test_of_many_contradictions_the_first_are_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(desk) as store, store.batch():
        for number in range(7):
            for pair, decision in (("ab", "different"), ("ac", "same"), ("bc", "same")):
                first, second = (f"{one}{number}" for one in pair)
                record = DecisionRecord(
                    key=f"{first} {second}", first=first, second=second, decision=decision
                )
                store.put_decision(record)
    command(desk, "duplicates")
    told = [line for line in capsys.readouterr().err.splitlines() if "contradict" in line]
    assert told[0] == (
        "photodesk: decisions contradict each other: a0 and b0: different; a0 and c0: same; b0 and c0: same"
    )
    assert told[5:] == ["photodesk: decisions contradict each other in 2 more places"]
