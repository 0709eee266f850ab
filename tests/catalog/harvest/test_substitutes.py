"""What a server gave in place of pictures, told from a photograph that was uploaded twice."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Server

from catalog.cli import main
from catalog.harvest.substitutes import explain_substitutes, find_substitutes, substitute_of
from catalog.model import AssetRecord, UsageRecord

UNLIKE = ("harbour", "mayor-speaks", "ferry", "storm-damage", "market-hall", "old-town")
NOTICE = AssetRecord(sha256="aa", format="JPEG", width=480, height=240)


def used(*addresses: str, width: int | None = None, height: int | None = None) -> list[UsageRecord]:
    return [
        UsageRecord(key=str(at), page="p", asset="aa", url=url, width=width, height=height)
        for at, url in enumerate(addresses)
    ]


def on(host: str, names: tuple[str, ...], ending: str = ".jpg") -> list[str]:
    return [f"https://{host}/up/{name}{ending}" for name in names]


def told(usages: list[UsageRecord], asset: AssetRecord = NOTICE) -> dict[str, int]:
    return {host: found.addresses for host, found in find_substitutes(asset, usages).items()}


def test_the_same_bytes_behind_many_unlike_names_of_a_host_are_a_substitute() -> None:
    assert told(used(*on("a.example", UNLIKE))) == {"a.example": 6}


def test_four_unlike_names_may_be_one_photograph() -> None:
    assert told(used(*on("a.example", UNLIKE[:4]))) == {}


def test_one_address_used_everywhere_is_a_placeholder_of_the_site() -> None:
    assert told(used(*["https://a.example/up/no-picture.jpg"] * 50)) == {}


@pytest.mark.parametrize(
    "names",
    [
        ("kim", "kim-1", "kim-2", "kim-3", "kim-14", "kim-5"),
        ("kim", "kim-300x200", "kim-scaled", "kim-1024x683", "kim-150x150"),
        ("kim", "kim(1)", "kim_2", "kim copy", "Kim-e1690000000000", "kim-edited"),
        (
            "kim-jong-un-2023",
            "kim-jong-un-1690000000",
            "kim-jong-un-20250804",
            "kim-jong-un-7",
            "kim-jong-un",
        ),
    ],
)
def test_names_that_differ_in_numbers_sizes_and_marks_of_a_copy_are_alike(names: tuple[str, ...]) -> None:
    assert told(used(*on("a.example", names))) == {}


def test_addresses_that_differ_in_their_query_are_alike() -> None:
    assert told(used(*(f"https://a.example/show.php?id={number}" for number in range(9)))) == {}


def test_numbers_that_a_camera_gives_are_names() -> None:
    names = ("IMG_2041", "IMG_2055", "DSC00412", "P8205599", "IMG_2099")
    assert told(used(*on("a.example", names))) == {"a.example": 5}


def test_each_host_counts_for_itself() -> None:
    addresses = [*on("a.example", UNLIKE[:3]), *on("b.example", UNLIKE[3:])]
    assert told(used(*addresses)) == {}


def test_a_proxy_before_a_host_is_that_host() -> None:
    addresses = [f"https://i{at % 3}.wp.com/a.example/up/{name}.jpg" for at, name in enumerate(UNLIKE)]
    assert told(used(*addresses)) == {"a.example": 6}


def test_local_files_are_no_answers_of_a_host() -> None:
    assert told(used(*(f"/pictures/{name}.jpg" for name in UNLIKE))) == {}


def test_bytes_of_another_shape_than_declared_need_fewer_addresses() -> None:
    addresses = on("a.example", UNLIKE[:3])
    assert told(used(*addresses, width=1600, height=900)) == {"a.example": 3}


def test_bytes_of_the_declared_shape_do_not() -> None:
    assert told(used(*on("a.example", UNLIKE[:3]), width=960, height=480)) == {}


def test_a_png_behind_the_names_of_jpegs_needs_fewer_addresses() -> None:
    notice = AssetRecord(sha256="aa", format="PNG", width=480, height=240)
    assert told(used(*on("a.example", ("i1", "i2", "i3"))), notice) == {"a.example": 3}


def test_a_webp_behind_the_names_of_jpegs_is_what_servers_make_of_them() -> None:
    made = AssetRecord(sha256="aa", format="WEBP", width=480, height=240)
    assert told(used(*on("a.example", ("i1", "i2", "i3"))), made) == {}


def test_most_uses_must_belie_the_bytes() -> None:
    addresses = on("a.example", UNLIKE[:4])
    fitting = used(*addresses[:2], width=960, height=480)
    assert told([*fitting, *used(*addresses[2:], width=100, height=100)]) == {}


def test_the_substitute_of_a_use_is_that_of_its_host() -> None:
    usages = [*used(*on("a.example", UNLIKE)), *used("https://b.example/k.jpg")]
    found = find_substitutes(NOTICE, usages)
    assert [substitute_of(usage, found) is not None for usage in usages] == [True] * 6 + [False]


def test_a_use_has_no_substitute_where_nothing_stands_in_for_others() -> None:
    assert substitute_of(used("https://a.example/k.jpg")[0], {}) is None


def test_the_hosts_of_a_substitute_are_told_one_after_the_other() -> None:
    found = find_substitutes(NOTICE, used(*on("a.example", UNLIKE), *on("b.example", UNLIKE[:5])))
    assert explain_substitutes(found) == (
        "probable substitute: 6 unlike addresses of a.example gave these same bytes; "
        "probable substitute: 5 unlike addresses of b.example gave these same bytes"
    )


def test_of_what_is_no_substitute_nothing_is_told() -> None:
    assert explain_substitutes({}) == ""


def test_uses_of_one_upload_in_many_sizes_belie_the_bytes_as_one_address() -> None:
    sizes = [f"https://a.example/up/kim-{number}00x200.jpg" for number in range(1, 9)]
    assert told(used(*sizes, width=1600, height=900)) == {}


# In the reports


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of a site that gives one notice for everything, and of another with one photo under two names."""
    folder = tmp_path_factory.mktemp("substitutes")
    notice, real = (Answer(jpeg_bytes(photo(seed, 320, 200)), content_type="image/jpeg") for seed in (60, 61))
    with Server(fallback=notice) as hot, Server(fallback=real) as fair:
        addresses = [hot.url(f"/up/{name}.jpg") for name in UNLIKE]
        addresses += [fair.url("/up/bridge.jpg"), fair.url("/up/the-bridge-at-night.jpg")]
        for at, address in enumerate(addresses):
            (folder / f"{at}.txt").write_text(address)
        allowed = [f"--allow-address={server.host}:{server.port}" for server in (hot, fair)]
        for server in (hot, fair):
            server.routes["/robots.txt"] = Answer(status=404)
        lists = [str(path) for path in sorted(folder.glob("*.txt"))]
        assert main(["harvest", *lists, *allowed, "--catalog", str(folder / "catalog")]) == 0
    return folder / "catalog"


def test_a_substitute_is_told_and_is_no_cluster(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", "--catalog", str(catalog), "--format", "json"]) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    (one,) = document["substitutes"]
    assert one["explanation"].startswith("probable substitute: 6 unlike addresses of 127.0.0.1:")
    assert "gave these same bytes; not counted as reuse" in printed.err
    assert one["sha256"] not in {cluster["best"] for cluster in document["clusters"]}


def test_a_photo_under_two_names_stays_reuse(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["duplicates", "--catalog", str(catalog), "--format", "json"])
    (cluster,) = json.loads(capsys.readouterr().out)["clusters"]
    assert [use["reuse"] for use in cluster["uses"]] == [True, True]


def test_a_lookup_tells_a_substitute(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["duplicates", "--catalog", str(catalog), "--format", "json"])
    (one,) = json.loads(capsys.readouterr().out)["substitutes"]
    main(["lookup", one["sha256"], "--catalog", str(catalog), "--json"])
    copy = json.loads(capsys.readouterr().out)["photos"][0]["copies"][0]
    assert copy["substitute"] == one["explanation"]
    assert copy["query"]["explanation"].endswith(one["explanation"])


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of a picture that one site gives for everything, and that two others really use."""
    folder = tmp_path_factory.mktemp("mixed")
    picture = Answer(jpeg_bytes(photo(62, 320, 200)), content_type="image/jpeg")
    with Server(fallback=picture) as hot, Server(fallback=picture) as one, Server(fallback=picture) as other:
        servers = (hot, one, other)
        addresses = [hot.url(f"/up/{name}.jpg") for name in UNLIKE]
        addresses += [one.url("/up/bridge.jpg"), other.url("/up/bridge.jpg")]
        for at, address in enumerate(addresses):
            (folder / f"{at}.txt").write_text(address)
        for server in servers:
            server.routes["/robots.txt"] = Answer(status=404)
        allowed = [f"--allow-address={server.host}:{server.port}" for server in servers]
        lists = [str(path) for path in sorted(folder.glob("*.txt"))]
        assert main(["harvest", *lists, *allowed, "--catalog", str(folder / "catalog")]) == 0
    return folder / "catalog"


def test_uses_that_got_a_substitute_are_no_reuse_beside_those_that_are(
    mixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["duplicates", "--catalog", str(mixed), "--format", "json"])
    (cluster,) = json.loads(capsys.readouterr().out)["clusters"]
    assert [bool(use["substitute"]) for use in cluster["uses"] if use["reuse"]] == [False, False]
    assert [bool(use["substitute"]) for use in cluster["uses"] if not use["reuse"]] == [True] * 6


def test_the_earliest_use_is_none_that_got_a_substitute(
    mixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["duplicates", "--catalog", str(mixed), "--format", "json"])
    (cluster,) = json.loads(capsys.readouterr().out)["clusters"]
    shown = [use for use in cluster["uses"] if not use["substitute"]]
    assert cluster["earliest_observed"] == shown[0]["first_seen"]


def test_the_report_flags_uses_that_got_a_substitute(mixed: Path, tmp_path: Path) -> None:
    main(["duplicates", "--catalog", str(mixed), "--html", str(tmp_path / "report")])
    pages = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "report").rglob("*.html"))
    assert pages.count('<span class="flag">probable substitute: 6 unlike addresses of') == 6


def test_the_table_of_uses_names_the_substitute(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["duplicates", "--catalog", str(mixed), "--format", "csv"])
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert sum(row["substitute"].startswith("probable substitute: 6") for row in rows) == 6
