"""A folder of pictures served on loopback, from a process of its own: by nginx where it is installed, else aiohttp."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"

START_SECONDS = 60.0

# One process serves faster than any contender asks. Its user must be able to read the folder: it stays who it is.
NGINX = """
daemon off;
master_process off;
pid {work}/nginx.pid;
error_log {work}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    types {{ image/jpeg jpg; text/plain txt; }}
    access_log off;
    sendfile on;
    keepalive_requests 100000;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    server {{ listen {address}:{port}; root {folder}; }}
}}
"""

AIOHTTP = """
import sys
from aiohttp import web
application = web.Application()
application.router.add_static("/", sys.argv[1])
web.run_app(application, host=sys.argv[2], port=int(sys.argv[3]), print=None, access_log=None)
"""


@contextmanager
def serving(folder: Path, work: Path) -> Iterator[tuple[str, str]]:
    """The root address of the folder, and the server's name; the server has ended when the block is left."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        port = probe.getsockname()[1]
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if nginx:
        settings = work / "nginx.conf"
        settings.write_text(NGINX.format(work=work, folder=folder, address=LOOPBACK, port=port))
        command = [nginx, "-p", str(work), "-c", str(settings), "-e", str(work / "nginx.log")]
    else:
        command = [sys.executable, "-c", AIOHTTP, str(folder), LOOPBACK, str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"http://{LOOPBACK}:{port}", "nginx" if nginx else "aiohttp"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server of pictures does not start")
