"""What a desk could assemble instead of Photodesk from installed tools, each down to groups of near pictures."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.running import Contender

# As many as there are cores, and as many connections as each peer's documents propose.
PROCESSES = 2

_BOUND = """
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from assets.pictures.inspect_task import inspect
if __name__ == "__main__":
    paths = sorted(map(str, Path(sys.argv[1]).glob("*.jpg")))
    with ProcessPoolExecutor(int(sys.argv[2])) as pool:
        found = list(pool.map(inspect, paths, chunksize=8))
    assert all(one.study is not None for one in found)
    for path in paths:
        # As every contender leaves its pictures; nothing is copied.
        Path(Path(path).name).symlink_to(path)
"""

_IMG2DATASET = """
import sys
from img2dataset import download
if __name__ == "__main__":
    download(url_list=sys.argv[1], output_folder="images", output_format="files", input_format="txt",
             resize_mode="no", processes_count=int(sys.argv[2]), thread_count=32, compute_hash="sha256",
             number_sample_per_shard=500)
"""

_IMAGEDEDUP = """
import sys
from imagededup.methods import PHash
if __name__ == "__main__":
    hasher = PHash()
    encodings = hasher.encode_images(sys.argv[1], recursive=True)
    hasher.find_duplicates(encoding_map=encodings, max_distance_threshold=10)
"""

_CZKAWKA = """
import sys
from pathlib import Path
from czkawka import ImageSimilarity
finder = ImageSimilarity()
finder.set_directories([Path(sys.argv[1]).resolve()])
finder.set_similarity(10)
finder.find_similar()
"""


def contenders(addresses: Path, pictures: Path, peers: Path | None) -> Iterator[Contender]:
    """Photodesk in memory and on disk, what decoding alone allows, and every peer that is installed."""
    harvest = [
        *(sys.executable, "-m", "catalog.cli", "harvest", str(addresses)),
        *("--catalog", "catalog", "--allow-address", addresses.read_text().split("/", 3)[2]),
    ]
    ours = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    yield Contender("photodesk", [harvest], "catalog/originals", ours)
    yield Contender("photodesk, on disk", [harvest], "catalog/originals", ours)
    bound = [sys.executable, "-c", _BOUND, str(pictures), str(PROCESSES)]
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")
    yield Contender("decode, hashes and features alone", [bound], ".", ours | threads)
    python = str(peers / "bin" / "python") if peers else sys.executable
    imagededup = [python, "-c", _IMAGEDEDUP, "images"]
    if _has(python, "img2dataset") and _has(python, "imagededup"):
        img2dataset = [python, "-c", _IMG2DATASET, str(addresses), str(PROCESSES)]
        yield Contender(
            "img2dataset + imagededup",
            [img2dataset, imagededup],
            "images",
            {"NO_ALBUMENTATIONS_UPDATE": "1"},
        )
    if not shutil.which("curl"):
        return
    # One address a line becomes curl's own list.
    listed = f"sed 's/.*/url = \"&\"\\nremote-name/' {addresses} > list.txt && mkdir images && cd images"
    curl = ["sh", "-c", f"{listed} && curl -sS --fail --parallel --parallel-max 16 -K ../list.txt"]
    if _has(python, "imagededup"):
        yield Contender("curl + imagededup", [curl, imagededup], "images")
    czkawka = shutil.which("czkawka_cli")
    if czkawka:
        yield Contender("curl + czkawka", [curl, [czkawka, "image", "-d", "images"]], "images")
    elif _has(python, "czkawka"):
        yield Contender("curl + czkawka", [curl, [python, "-c", _CZKAWKA, "images"]], "images")


def _has(python: str, module: str) -> bool:
    if python == sys.executable:
        return importlib.util.find_spec(module) is not None
    test = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", test], check=False).returncode == 0
