from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from s3_server import ACCESS_KEY, SECRET_KEY, S3Server
from servers import Answer, Request, Server, free_port

from assets.errors import OriginalsError
from assets.originals import objects
from assets.originals.objects import Bucket, StoredObject, has_bytes

pytest.importorskip("obstore", reason="obstore is not installed")

CANARY = "canary-wJalrXUtnFEMI"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(objects, "LONGEST_PAUSE_SECONDS", 0.01)


@pytest.fixture
def bucket(s3_server: S3Server) -> Bucket:
    return Bucket(s3_server.new_address())


@pytest.fixture
def _let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)


def body_of(bucket: Bucket, key: str) -> bytes | None:
    parts: list[bytes] = []
    return b"".join(parts) if bucket.read(key, parts.append, parts.clear) else None


# With a real server


def test_what_was_put_is_read(bucket: Bucket) -> None:
    assert bucket.create("a/b", b"bytes")
    assert body_of(bucket, "a/b") == b"bytes"
    assert body_of(bucket, "a/none") is None


def test_what_lies_there_is_not_put_again(bucket: Bucket) -> None:
    assert bucket.create("a/b", b"first")
    assert not bucket.create("a/b", b"second")
    assert body_of(bucket, "a/b") == b"first"


def test_of_writers_that_race_one_wins(bucket: Bucket) -> None:
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda number: bucket.create("a/b", b"%d" % number), range(8)))
    assert won.count(True) == 1
    assert body_of(bucket, "a/b") == b"%d" % won.index(True)


def test_it_is_told_when_what_lies_there_came_and_how_long_it_is(bucket: Bucket) -> None:
    bucket.create("a/b", b"bytes")
    found = bucket.find("a/b")
    assert found is not None
    assert (found.key, found.length, found.md5) == ("a/b", 5, hashlib.md5(b"bytes").hexdigest())  # noqa: S324
    assert abs(datetime.now(UTC) - found.put_at) < timedelta(minutes=5)
    assert bucket.find("a/none") is None


def test_objects_are_listed_in_the_order_of_keys_and_below_their_folder_alone(bucket: Bucket) -> None:
    keys = ["o/0a/1.jpg", "o/0a/1/2.jpg", "o/0a/2.jpg", "o/0a-b/1.jpg", "o/0b.jpg", "o/ff/1.jpg"]
    for key in [*reversed(keys), "oo/1.jpg", "1.jpg"]:
        bucket.create(key, b"")
    listed = [one.key for one in bucket.list_below("o")]
    assert listed == sorted(keys)


def test_more_objects_than_a_page_of_the_listing_holds_are_listed_once_each(bucket: Bucket) -> None:
    keys = [f"o/0a/{number:04}" for number in range(1100)]
    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(lambda key: bucket.create(key, b""), keys))
    assert [one.key for one in bucket.list_below("o")] == keys


def test_an_empty_prefix_has_nothing_and_a_bucket_that_is_not_there_is_told(bucket: Bucket) -> None:
    assert list(bucket.list_below("o")) == []
    with pytest.raises(OriginalsError, match=r"s3://tests-none: there is no such bucket"):
        list(Bucket("s3://tests-none").list_below("o"))


def test_what_is_moved_lies_elsewhere(bucket: Bucket) -> None:
    bucket.create("a/b", b"bytes")
    bucket.move("a/b", "c/d/b")
    assert (body_of(bucket, "a/b"), body_of(bucket, "c/d/b")) == (None, b"bytes")
    with pytest.raises(OriginalsError, match="a/b: it is gone"):
        bucket.move("a/b", "c/d/b")


def test_what_is_not_there_can_be_removed(bucket: Bucket) -> None:
    bucket.create("a/b", b"bytes")
    bucket.remove("a/b")
    bucket.remove("a/b")
    assert bucket.find("a/b") is None


def test_a_wrong_secret_is_told_at_once_without_it(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = s3_server.new_address()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    bucket = Bucket(address)
    with pytest.raises(OriginalsError) as caught:
        bucket.create("a/b", b"bytes")
    assert str(caught.value) == f"{address}/a/b: access was refused (403, SignatureDoesNotMatch)"
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(bucket) + repr(vars(bucket))
    assert CANARY not in told
    assert SECRET_KEY not in told


# With a server that is in trouble


def answering(*answers: Answer) -> tuple[Server, list[str]]:
    """A server that gives these answers one after the other, the last one again and again, and what it was asked."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(f"{request.method} {request.path}")
        return answers[min(len(asked), len(answers)) - 1]

    return Server(fallback=answer), asked


@pytest.mark.parametrize("status", [500, 503, 429, 408])
@pytest.mark.usefixtures("_let_in")
def test_a_trouble_that_passes_is_waited_for(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    server, asked = answering(Answer(status=status), Answer(status=status), Answer(headers={"ETag": '"1"'}))
    with server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.base)
        assert Bucket("s3://bucket").create("a/b", b"")
    assert asked == ["PUT /bucket/a/b"] * 3


@pytest.mark.usefixtures("_let_in")
def test_a_trouble_that_stays_is_told_by_bucket_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "PATIENCE_SECONDS", 0.05)
    server, asked = answering(Answer(b"<Error><Code>SlowDown</Code></Error>", 503))
    with server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.base)
        with pytest.raises(
            OriginalsError, match=r"^s3://bucket/p/a/b: the server is in trouble \(503, SlowDown\)$"
        ):
            Bucket("s3://bucket/p").create("a/b", b"")
    assert len(asked) > 1


@pytest.mark.usefixtures("_let_in")
def test_a_refusal_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server, asked = answering(Answer(f"<Error><Code>Bad</Code>{CANARY}</Error>".encode(), 400))
    with server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.base)
        with pytest.raises(OriginalsError, match=r"the server refused it \(400, Bad\)$") as caught:
            Bucket("s3://bucket").create("a/b", b"")
    assert len(asked) == 1
    # Not even where the server says it.
    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.usefixtures("_let_in")
def test_a_conflict_with_nothing_there_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server, asked = answering(Answer(status=409), Answer(status=404), Answer(headers={"ETag": '"1"'}))
    with server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.base)
        assert Bucket("s3://bucket").create("a/b", b"")
    assert asked == ["PUT /bucket/a/b", "HEAD /bucket/a/b", "PUT /bucket/a/b"]


@pytest.mark.usefixtures("_let_in")
def test_a_server_that_is_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(OriginalsError, match=r"^s3://bucket/a/b: the server does not answer$"):
        Bucket("s3://bucket").find("a/b")


# Addresses, endpoints, credentials


@pytest.mark.parametrize(
    "address", ["s3://", "s3://b", "s3:/bucket", "http://bucket", "s3://bu cket", "s3://k:p@bucket"]
)
def test_what_is_no_address_of_a_bucket_is_refused(address: str) -> None:
    with pytest.raises(OriginalsError, match="no address of a bucket") as caught:
        Bucket(address)
    assert "k:p" not in str(caught.value)


@pytest.mark.usefixtures("_let_in")
@pytest.mark.parametrize(
    ("address", "told"), [("s3://bucket/", "s3://bucket"), ("s3://bucket/a/b/", "s3://bucket/a/b")]
)
def test_an_address_is_told_without_its_last_slash(address: str, told: str) -> None:
    assert repr(Bucket(address)) == f"Bucket('{told}')"


@pytest.mark.usefixtures("_let_in")
def test_plain_http_is_for_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://s3.example:9000")
    with pytest.raises(OriginalsError, match=r"http://s3\.example is not encrypted"):
        Bucket("s3://bucket")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    Bucket("s3://bucket")


@pytest.mark.usefixtures("_let_in")
def test_the_special_endpoint_counts_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://s3.example")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://other.example")
    with pytest.raises(OriginalsError, match=r"http://other\.example is not encrypted"):
        Bucket("s3://bucket")


@pytest.mark.usefixtures("_let_in")
def test_a_password_in_an_endpoint_is_refused_and_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://me:{CANARY}@s3.example")
    with pytest.raises(OriginalsError, match="must not hold a password") as caught:
        Bucket("s3://bucket")
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_without_credentials_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # The instance's own, where there is no instance.
    monkeypatch.setattr(objects, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(OriginalsError, match="no credentials were found"):
        Bucket("s3://bucket").find("a/b")


def test_without_the_package_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    monkeypatch.setitem(sys.modules, "obstore.exceptions", None)
    with pytest.raises(OriginalsError, match=r"pip install 'photodesk\[team\]'"):
        Bucket("s3://bucket")


def test_nothing_of_the_package_is_loaded_before_a_bucket_is_opened() -> None:
    program = "import sys, assets; assets.LocalOriginals; assets.BucketOriginals; assert 'obstore' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


# By what a bucket tells


@pytest.mark.parametrize(
    ("length", "md5", "known"),
    [
        (5, hashlib.md5(b"bytes").hexdigest(), True),  # noqa: S324
        (4, hashlib.md5(b"bytes").hexdigest(), False),  # noqa: S324
        (5, "0" * 32, None),
        (5, "", None),
    ],
)
def test_bytes_are_known_by_length_and_md5(length: int, md5: str, known: bool | None) -> None:
    assert has_bytes(StoredObject("a/b", length, datetime.now(UTC), md5), b"bytes") is known
