# ruff: noqa: E501
"""Switch the defences of docs/threats.md off one after the other, in a copy of the project, and see that its test fails.

WORDs choose among the defences by name. The exit code is 1 where a test passes without its defence.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COPIED = (
    "assets",
    "catalog",
    "scripts",
    "tests",
    "docs",
    "pyproject.toml",
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
)

# A test that hangs without its defence fails, too.
MOST_SECONDS = 100


@dataclass(frozen=True, slots=True)
class Defence:
    """What is defended, in which file which text stands for it, what is put in its place, and the test."""

    name: str
    file: str
    text: str
    instead: str
    test: str


DEFENCES = (
    Defence("public addresses only", "assets/http/ssrf_guard.py", "        return _is_public_v4(address)\n", "        return True\n", "assets/http/test_ssrf_guard.py::test_addresses_of_no_public_host_are_not_public"),
    Defence("addresses inside others", "assets/http/ssrf_guard.py", "        return _is_public_v4(_extract_low_v4(address))\n", "        return True\n", "assets/http/test_ssrf_guard.py::test_an_ipv4_address_inside_an_ipv6_one_is_looked_at"),
    Defence("literal addresses", "assets/http/ssrf_guard.py", "        self._check(ip, port)\n\n    def vet", "\n    def vet", "assets/http/test_ssrf_guard.py::test_a_literal_address_that_is_not_public_is_refused"),
    Defence("names that point inside", "assets/http/ssrf_guard.py", "        kept = [ip for ip in found if self._may_ask(ip, port)]", "        kept = found", "assets/http/test_ssrf_guard.py::test_a_name_without_public_addresses_is_refused"),
    Defence("the socket's address", "assets/http/ssrf_guard.py", "        self._check(str(host), int(port))\n", "", "assets/http/test_downloader.py::test_the_socket_is_refused_where_the_lookup_let_an_address_pass"),
    Defence("cookies", "assets/http/client.py", "cookie_jar=aiohttp.DummyCookieJar(),", "cookie_jar=aiohttp.CookieJar(unsafe=True),", "assets/http/test_downloader.py::test_no_cookie_is_kept"),
    Defence("the environment's proxies", "assets/http/client.py", "trust_env=False", "trust_env=True", "assets/http/test_downloader.py::test_proxies_and_passwords_of_the_environment_are_not_used"),
    Defence("connections used once", "assets/http/client.py", "force_close=True", "force_close=False", "assets/http/test_downloader.py::test_an_answer_never_reaches_the_next_request"),
    Defence("the stall", "assets/http/client.py", "sock_read=self._limits.stall_seconds", "sock_read=None", "assets/http/test_downloader.py::test_a_stall_ends_with_the_stall_timeout"),
    Defence("the cap on bodies", "assets/http/bodies.py", "            if len(piece) < len(part):\n                return _refuse_unless_cut(cap, Kept(length, sink.sha256))\n        if received > cap.max_bytes:\n            return _refuse_unless_cut(cap, Kept(length, sink.sha256))\n", "", "assets/http/test_downloader.py::test_an_endless_body_is_left_at_the_cap"),
    Defence("the cap on what unpacks to nothing", "assets/http/bodies.py", "        if received > cap.max_bytes:\n            return _refuse_unless_cut(cap, Kept(length, sink.sha256))\n", "", "assets/http/test_downloader.py::test_a_packed_body_that_unpacks_to_nothing_is_left_at_the_cap"),
    Defence("torn packed bodies", "assets/http/bodies.py", "    if not decoder.is_complete:\n", "    if False:\n", "system/test_soak.py::test_every_address_is_accounted_for_and_nothing_moves_twice"),
    Defence("patience", "assets/http/retries.py", "        if asked > self.max_retry_after_seconds:\n            return False\n", "", "assets/http/test_session.py::test_a_retry_after_of_31_years_is_not_waited_for"),
    Defence("validators stay with their address", "assets/http/session.py", "        belongs = address == (self.validators.url or self.address)", "        belongs = True", "assets/http/test_session.py::test_validators_are_told_to_no_other_address"),
    Defence("passwords stay with their origin", "assets/http/session.py", "        if is_elsewhere or (request.page", "        if (request.page", "assets/http/test_session.py::test_a_redirect_from_elsewhere_does_not_use_the_password_of_an_own_site"),
    Defence("passwords and strangers' pages", "assets/http/session.py", "(request.page and not credentials.has(request.page))", "False", "assets/http/test_session.py::test_a_strangers_page_does_not_use_the_password_of_an_own_site"),
    Defence("passwords over plain http", "assets/http/credentials.py", "    if not is_safe(url.origin):\n", "    if False:\n", "assets/http/test_credentials.py::test_plain_http_to_another_machine_is_refused"),
    Defence("passwords in a file for everybody", "assets/http/credentials.py", "st_mode & _OTHERS", "st_mode & 0", "assets/http/test_credentials.py::test_a_file_that_others_may_read_is_refused"),
    Defence("the path of a page", "assets/http/responses.py", "    return f\"{origin}/\"\n", "    return page\n", "assets/http/test_session.py::test_a_picture_is_asked_for_on_behalf_of_the_origin_of_its_page"),
    Defence("a page that holds JSON", "assets/parsing/json_noise.py", "    return page.start() if page is not None else MAX_NOISE_BYTES\n", "    return MAX_NOISE_BYTES\n", "assets/parsing/test_json_noise.py::test_what_is_no_json_answer_stays_a_fault"),
    Defence("paging", "assets/posts/wordpress_collection.py", "if stale >= MAX_STALE_PAGES_ON_END and", "if False and", "assets/posts/test_wordpress_collection.py::test_a_server_that_repeats_itself_for_ever_is_left"),
    Defence("formats", "assets/pictures/decode.py", "Image.open(file, formats=FORMATS)", "Image.open(file)", "assets/pictures/test_decode.py::test_a_format_that_starts_other_programs_is_not_even_loaded"),
    Defence("pixels", "assets/pictures/decode.py", "Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2", "Image.MAX_IMAGE_PIXELS = None", "system/test_malformed.py::test_a_bomb_is_refused_for_its_pixels"),
    Defence("the decoder's deadline", "assets/workers/pool.py", "        if self._expected:\n            loop =", "        if self._expected and self._seconds is START_SECONDS:\n            loop =", "assets/workers/test_pool.py::test_an_argument_past_the_deadline_is_given_up_at_once"),
    Defence("the decoder's memory", "assets/workers/process.py", "    _limit(resource.RLIMIT_AS, int(memory_bytes))\n", "", "assets/workers/test_pool.py::test_a_worker_may_not_take_more_memory_than_its_limit"),
    Defence("a second try", "assets/workers/pool.py", "TRIES = 2", "TRIES = 1", "assets/workers/test_pool.py::test_an_argument_whose_worker_was_killed_is_tried_again"),
    Defence("checksums", "catalog/store/journals/journal_lines.py", "    if line[:_CHECKSUM_CHARACTERS] != b\"%08x\" % zlib.crc32(body):\n        return None\n", "", "catalog/store/journals/test_journal.py::test_a_rotten_byte_costs_its_own_line_only"),
    Defence("nothing half-written", "catalog/store/journals/journal.py", "            os.ftruncate(self._descriptor, self._size)\n            raise", "            raise", "catalog/store/journals/test_journal.py::test_a_full_disk_leaves_nothing_half_written"),
    Defence("one writer", "catalog/store/journals/journal.py", "acquire_lock(path) if path is not None and not read_only else None", "None", "catalog/cli/test_main.py::test_a_catalog_in_use_is_an_outside_fault"),
    Defence("rot is set aside", "catalog/store/journals/damage.py", "    set_aside(path, descriptor, rotten)\n", "", "catalog/test_check.py::test_what_is_taken_away_is_set_aside"),
    Defence("digests", "catalog/check.py", "            if digest != file.sha256:", "            if False:", "catalog/test_check.py::test_an_original_whose_bytes_changed_is_set_aside_and_its_record_kept"),
    Defence("the clock", "catalog/harvest/observations.py", "        last_seen=max(known.last_seen, seen.last_seen),\n", "", "system/test_faults.py::test_a_clock_that_was_put_back_undoes_nothing"),
    Defence("formulas", "catalog/reports/safe_csv.py", "    return f\"'{text}\" if _FORMULA.match(text) else text", "    return text", "catalog/reports/test_safe_csv.py::test_what_begins_a_formula_gets_an_apostrophe"),
    Defence("escaped pages", "catalog/reports/html/pages.py", "autoescape=True", "autoescape=False", "catalog/reports/html/test_writer.py::test_hostile_texts_make_no_elements_and_no_addresses"),
    Defence("Host", "catalog/desk/web/security.py", "        _check_host(request, settings)\n", "", "catalog/desk/web/test_app.py::test_another_name_for_this_machine_is_refused"),
    Defence("Origin", "catalog/desk/web/security.py", "        _check_origin(request)\n", "", "catalog/desk/web/test_app.py::test_another_sites_page_may_change_nothing"),
    Defence("the desk's token", "catalog/desk/web/security.py", "if settings.token and not await", "if False and not await", "catalog/desk/web/test_app.py::test_only_who_has_the_token_is_let_in"),
    Defence("downloads", "catalog/desk/web/api.py", "\"Content-Disposition\": f'attachment; filename=\"{name}\"'", "\"Content-Disposition\": 'inline'", "catalog/desk/web/test_app.py::test_an_original_is_a_download_that_no_browser_shows"),
    Defence("the queue", "catalog/desk/services/lookups.py", "        if self._in_hand >= MOST_IN_HAND:\n", "        if False:\n", "catalog/desk/web/test_limits.py::test_two_hundred_bombs_at_once_cost_no_answer_and_no_desk"),
    Defence("the cap on uploads", "catalog/desk/services/lookups.py", "                        if incoming.length > self._limits.picture_bytes:\n", "                        if False:\n", "catalog/desk/web/test_limits.py::test_a_body_beyond_the_cap_is_refused_in_a_form_too"),
    Defence("slow uploads", "catalog/desk/services/lookups.py", "async with asyncio.timeout(UPLOAD_SECONDS):", "async with asyncio.timeout(None):", "catalog/desk/web/test_limits.py::test_a_picture_that_comes_too_slowly_is_given_up"),
    Defence("torn forms", "catalog/desk/web/request_parsing.py", "RuntimeError, HttpProcessingError, web", "RuntimeError, web", "catalog/desk/web/test_limits.py::test_a_torn_form_is_the_visitors_mistake"),
    Defence("the total deadline", "assets/http/session.py", "asyncio.timeout(left)", "asyncio.timeout(None)", "assets/http/test_downloader.py::test_a_slow_drip_ends_with_the_total_deadline"),
    Defence("certificates", "assets/http/client.py", "force_close=True,", "force_close=True,\n            ssl=False,", "assets/http/test_downloader.py::test_a_self_signed_certificate_is_not_accepted"),
    Defence("robots.txt that cannot be had", "assets/http/robots.py", "        return Robots.DISALLOW_ALL\n", "        return Robots.ALLOW_ALL\n", "assets/http/test_session.py::test_a_robots_txt_that_the_server_fails_to_give_forbids_everything"),
    Defence("connections of a host", "assets/http/session.py", "politeness.connections_per_host", "99", "assets/http/test_session.py::test_no_more_than_the_connections_of_a_host_are_used"),
    Defence("records on the disk", "catalog/store/journals/journal.py", "            os.fsync(self._descriptor)\n", "", "catalog/store/journals/test_journal.py::test_a_batch_is_on_the_disk_when_it_is_acknowledged"),
    Defence("originals on the disk", "assets/originals/local.py", "        incoming.settle()\n", "", "assets/originals/test_local.py::test_a_kept_file_and_its_name_are_on_the_disk"),
    Defence("lost records", "catalog/store/catalog.py", "    if has_lost_records(folder):", "    if False:", "catalog/test_check.py::test_originals_stay_where_they_are_when_all_records_are_lost"),
    Defence("escape codes", "catalog/reports/safe_text.py", "_CONTROL.sub(\"\\ufffd\", text)", "text", "catalog/cli/test_main.py::test_escape_codes_in_a_record_do_not_reach_the_terminal"),
    Defence("escape codes in JSON", "catalog/reports/safe_text.py", "    return escaped.sub(lambda found: f\"\\\\u{ord(found[0]):04x}\", text)\n", "    return text\n", "catalog/cli/test_main.py::test_escape_codes_in_a_record_do_not_reach_the_terminal"),
    Defence("hostile names", "catalog/cli/upkeep/check.py", "print(sanitize_text(str(one)))", "print(one)", "catalog/test_check.py::test_a_hostile_name_is_named_and_steers_no_terminal"),
    Defence("closed streams", "catalog/cli/main.py", "    keep_streams()\n", "", "catalog/cli/test_main.py::test_streams_that_the_parent_closed_are_not_the_catalogs_files"),
    Defence("a reader that goes away", "catalog/cli/main.py", "    except BrokenPipeError:\n", "    except ZeroDivisionError:\n", "catalog/cli/test_main.py::test_a_reader_that_goes_away_is_no_error"),
    Defence("output on a full disk", "catalog/cli/main.py", "error.errno not in OUTPUT_FAULTS", "error.errno", "catalog/cli/test_main.py::test_output_that_a_full_disk_does_not_take_is_an_outside_fault"),
    Defence("signals", "catalog/cli/main.py", "        signal.signal(signal.SIGTERM, signal.default_int_handler)\n", "        pass\n", "catalog/cli/test_main.py::test_a_signal_ends_any_command_without_a_word"),
    Defence("a second signal", "catalog/cli/harvest.py", "            os._exit(EXIT_INTERRUPTED)\n", "            return\n", "catalog/harvest/test_run.py::test_a_second_signal_ends_a_harvest_that_does_not_stop"),
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/trial defences",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="only defences with one of these in their names"
    )
    options = parser.parse_args(argv)
    chosen = [one for one in DEFENCES if not options.words or any(word in one.name for word in options.words)]
    unproven = []
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for part in COPIED:
            source = ROOT / part
            shutil.copytree(source, copy / part) if source.is_dir() else shutil.copy(source, copy / part)
        for defence in chosen:
            outcome = without(copy, defence)
            print(f"{defence.name}: {outcome}", flush=True)
            if outcome != FAILS:
                unproven.append(defence.name)
    print(f"{len(chosen) - len(unproven)} of {len(chosen)} tests fail without their defence")
    return 1 if unproven else 0


FAILS = "its test fails without it"


def without(copy: Path, defence: Defence) -> str:
    """What becomes of the test in a copy of the project without one defence."""
    path = copy / defence.file
    sound = path.read_text(encoding="utf-8")
    if sound.count(defence.text) != 1:
        return f"{sound.count(defence.text)} such places in {defence.file}"
    path.write_text(sound.replace(defence.text, defence.instead), encoding="utf-8")
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-B",
                "-m",
                "pytest",
                "-q",
                "-x",
                "-p",
                "no:cacheprovider",
                f"tests/{defence.test}",
            ],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return FAILS
    finally:
        path.write_text(sound, encoding="utf-8")
    # 1 is pytest's code for tests that failed; others say that there was no such test.
    return {0: "ITS TEST PASSES WITHOUT IT", 1: FAILS}.get(done.returncode, done.stdout[-300:])
