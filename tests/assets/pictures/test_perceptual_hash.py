from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import imagehash
import numpy as np
import pytest
from pictures import flat, gradient, jpeg_bytes, logo_on_white, photo
from PIL import Image, ImageOps

from assets.picture_model import Fingerprint
from assets.pictures.perceptual_hash import (
    HASHED_SIDE,
    fingerprints,
    fingerprints_of_orientations,
    is_indistinct,
    negative_of,
    parse_hex,
    reduce_for_hash,
)


def gray(image: Image.Image) -> Image.Image:
    return image.convert("L")


def compressed(image: Image.Image, quality: int) -> Image.Image:
    return gray(Image.open(io.BytesIO(jpeg_bytes(image, quality=quality))))


def by_definition(image: Image.Image) -> tuple[str, ...]:
    image = reduce_for_hash(image)
    return str(imagehash.phash(image, 8)), str(imagehash.phash(image, 16)), str(imagehash.dhash(image, 8))


def hexes(image: Image.Image) -> tuple[str, ...]:
    return tuple(fingerprint.hex for fingerprint in fingerprints(image))


def noise(seed: int, width: int, height: int) -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    return Image.fromarray(values)


def mirrored_in_itself(seed: int) -> Image.Image:
    """A picture whose every second cosine is 0, so that rounding alone decides about half the bits."""
    half = gray(photo(seed, 240, 320))
    whole = Image.new("L", (480, 320))
    whole.paste(half, (0, 0))
    whole.paste(ImageOps.mirror(half), (240, 0))
    return whole


def test_the_kinds_and_their_order() -> None:
    assert [fingerprint.name for fingerprint in fingerprints(gray(photo(1)))] == [
        "phash64",
        "phash256",
        "dhash64",
    ]


@pytest.mark.parametrize("seed", range(40))
def test_fingerprints_equal_imagehash(seed: int) -> None:
    image = gray(photo(seed, 480 - seed, 100 + 9 * seed))
    assert hexes(image) == by_definition(image)


@pytest.mark.parametrize("seed", range(20))
def test_hashing_a_small_picture_hardly_differs_from_hashing_the_whole(seed: int) -> None:
    image = gray(photo(seed, 1200 - 17 * seed, 800))
    whole = parse_hex("phash", str(imagehash.phash(image, 8)))
    assert (fingerprints(image)[0].value ^ whole.value).bit_count() <= 4


def test_only_what_is_larger_is_made_small_before_hashing() -> None:
    assert reduce_for_hash(Image.new("L", (480, 320))).size == (HASHED_SIDE, HASHED_SIDE)
    assert reduce_for_hash(Image.new("L", (480, 90))).size == (HASHED_SIDE, 90)
    assert reduce_for_hash(Image.new("L", (3, 2))).size == (3, 2)


@pytest.mark.parametrize(
    "image",
    [
        flat("black"),
        flat("white"),
        flat("#7f7f7f"),
        gradient(),
        gradient().rotate(90),
        logo_on_white(),
        Image.new("L", (1, 1), 77),
        Image.new("L", (480, 1), 77),
        noise(1, 480, 320),
        noise(2, 3, 2),
        noise(3, 32, 32),
        noise(4, 64, 64),
        mirrored_in_itself(1),
        mirrored_in_itself(2),
        mirrored_in_itself(3).transpose(Image.Transpose.TRANSPOSE),
    ],
)
def test_where_rounding_decides_imagehash_decides(image: Image.Image) -> None:
    assert hexes(gray(image)) == by_definition(gray(image))


def test_fingerprints_stay_as_they_were() -> None:
    assert hexes(noise(7, 480, 320)) == (
        "b4a608ab737ce516",
        "b478a45808aaabdc726a7cf4e1c2162402669e00fefc0d8bc0bbc7db262cbeff",
        "86ad042c485624b0",
    )


@pytest.mark.parametrize("seed", range(5))
def test_recompressing_and_resizing_change_few_bits(seed: int) -> None:
    original = fingerprints(gray(photo(seed, 960, 640)))
    for copy in (compressed(photo(seed, 960, 640), 20), compressed(photo(seed, 240, 160), 60)):
        distances = [one.distance(other) for one, other in zip(original, fingerprints(copy), strict=True)]
        assert distances[0] <= 4
        assert distances[1] <= 16
        assert distances[2] <= 6


def test_an_ordinary_picture_needs_no_scipy() -> None:
    code = (
        "import sys; from PIL import Image; from assets.pictures.perceptual_hash import fingerprints;"
        "fingerprints(Image.effect_noise((480, 320), 60)); sys.exit('scipy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[3])


@pytest.mark.parametrize(
    "image",
    [
        flat("white"),
        flat("#123456"),
        compressed(flat("#808080"), 10),
        gradient(),
        gradient().rotate(90),
        compressed(gradient(), 20),
        logo_on_white(),
        compressed(logo_on_white(), 20),
        photo(1).resize((480, 1)).resize((480, 320)),
        Image.new("L", (1, 1)),
    ],
)
def test_flat_sloping_and_striped_pictures_are_indistinct(image: Image.Image) -> None:
    assert is_indistinct(gray(image))


@pytest.mark.parametrize("seed", range(10))
def test_photographs_are_distinct_even_small_dark_or_poor(seed: int) -> None:
    dark = gray(photo(seed)).point(lambda value: value // 6)
    for image in (gray(photo(seed)), gray(photo(seed, 90, 60)), dark, compressed(photo(seed), 5)):
        assert not is_indistinct(image)


@pytest.mark.parametrize("seed", range(3))
def test_what_was_written_is_read_again(seed: int) -> None:
    for fingerprint in fingerprints(gray(photo(seed))):
        assert parse_hex(fingerprint.algorithm, fingerprint.hex) == fingerprint


def test_what_imagehash_wrote_is_read() -> None:
    image = gray(photo(1))
    assert (
        parse_hex("phash", str(imagehash.phash(reduce_for_hash(image), 16)).upper()) == fingerprints(image)[1]
    )
    assert parse_hex("dhash", "8000000000000001") == Fingerprint("dhash", 64, 2**63 + 1)


@pytest.mark.parametrize(
    ("algorithm", "text", "message"),
    [
        ("whash", "0" * 16, "unknown fingerprint 'whash': known are phash, dhash"),
        ("phash", "0" * 15, "phash has 16 or 64 hexadecimal digits, not 15"),
        ("dhash", "0" * 64, "dhash has 16 hexadecimal digits, not 64"),
        ("phash", "", "phash has 16 or 64 hexadecimal digits, not 0"),
        ("phash", "0x" + "0" * 14, "'0x00000000000000' is not hexadecimal"),
        ("phash", "00000000_0000000", "'00000000_0000000' is not hexadecimal"),
        ("phash", "٣" * 16, f"'{'٣' * 16}' is not hexadecimal"),
    ],
)
def test_what_is_no_fingerprint_is_told_why(algorithm: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_hex(algorithm, text)


@pytest.mark.parametrize("seed", range(4))
def test_orientations_are_those_of_turned_pictures(seed: int) -> None:
    gray = photo(seed, 300, 200).convert("L")
    turns = [Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90]
    turned = [
        seen
        for plain in (gray, gray.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        for seen in (plain, *(plain.transpose(turn) for turn in turns))
    ]
    for found, picture in zip(fingerprints_of_orientations(gray), turned, strict=True):
        expected = fingerprints(picture)[:2]
        assert max(one.distance(other) for one, other in zip(found, expected, strict=True)) <= 2


# What is detail


def lines(height: int, count: int) -> Image.Image:
    """So many single lines across a plane of 64 points, and as many down, each higher by some levels."""
    points = np.full((64, 64), 100, np.uint8)
    points[4 : 4 + 6 * count : 6] += height
    points[:, 4 : 4 + 6 * count : 6] += height
    return Image.fromarray(points)


@pytest.mark.parametrize(("height", "indistinct"), [(2, False), (1, True)])
def test_detail_is_more_than_one_level_off_its_neighbours(height: int, indistinct: bool) -> None:
    assert is_indistinct(lines(height, 8)) == indistinct


def test_detail_that_is_even_off_both_sides_is_none() -> None:
    """A slope of any steepness, up to its end."""
    slope = np.tile(np.minimum(np.arange(64) * 4, 255), (64, 1)).astype(np.uint8)
    assert is_indistinct(Image.fromarray(slope))


def dotted(share: float) -> Image.Image:
    """A plane of 64 points of which such a share of the inner ones are dots, each far from the others."""
    points = np.full((64, 64), 100, np.uint8)
    places = [(row, column) for row in range(2, 62, 4) for column in range(2, 62, 4)]
    # A dot makes itself and a neighbour on either side bend.
    for row, column in places[: round(share * 64 * 62 / 3)]:
        points[row, column] = 200
    return Image.fromarray(points)


@pytest.mark.parametrize(("share", "indistinct"), [(0.042, False), (0.038, True)])
def test_one_in_25_points_must_show_detail(share: float, indistinct: bool) -> None:
    assert is_indistinct(dotted(share)) == indistinct


@pytest.mark.parametrize("turned", [False, True])
def test_stripes_are_indistinct_in_either_direction(turned: bool) -> None:
    stripes = np.tile((np.arange(64) % 8 < 4) * 200, (64, 1)).astype(np.uint8)
    assert is_indistinct(Image.fromarray(stripes.T.copy() if turned else stripes))


def test_lengths_are_told_in_hexadecimal_digits() -> None:
    with pytest.raises(ValueError, match="phash has 16 or 64 hexadecimal digits, not 65"):
        parse_hex("phash", "0" * 65)


@pytest.mark.parametrize("seed", range(8))
def test_a_negative_has_the_fingerprints_told_of_it(seed: int) -> None:
    image = photo(seed).convert("L")
    inverted = fingerprints(ImageOps.invert(image))[:2]
    for one, other in zip(fingerprints(image)[:2], inverted, strict=True):
        assert negative_of(one).distance(other) <= 2


def test_the_negative_of_a_negative_is_the_picture() -> None:
    for one in fingerprints(photo(1).convert("L")):
        assert negative_of(negative_of(one)) == one
