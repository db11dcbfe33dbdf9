"""Gets a publisher's file: from a local mirror, from earlier downloads, or from the net, and only if its checksum is right."""

import hashlib
import logging
import os
import time
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import requests

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import Download

MIRROR_VARIABLE = "RNNPIPE_MIRROR"
TIMEOUT = (20.0, 60.0)
"""Seconds to wait for a connection, and for the next bytes."""
PIECE = 1 << 16
"""Bytes written at once; at most so many are fetched twice when a connection breaks."""
LOG = logging.getLogger(__name__)


class _RetryError(Exception):
    """A download that may well succeed if tried once more."""


def find_file(download: Download, cache: Path, *, attempts: int = 4, pause: float = 2.0, loopback_http: bool = False) -> Path:
    """Return the path of the file, fetched if need be.

    Parameters
    ----------
    download : Download
        The entry in params.yaml.
    cache : Path
        Folder of earlier downloads; a broken download waits there as `<file>.part` and is taken up again.
    attempts : int, default=4
        Tries for each URL.
    pause : float, default=2.0
        Seconds before the second try; each further pause is twice as long.
    loopback_http : bool, default=False
        Allow http:// to 127.0.0.1, for tests.

    Raises
    ------
    RnnpipeError
        A wrong checksum, or no place has the file: says what was tried and how to set a mirror.
    """
    name = download.file
    if Path(name).name != name:
        raise RnnpipeError(f"params.yaml: downloads: file {name!r} is not a plain file name")
    mirror = os.environ.get(MIRROR_VARIABLE)
    if mirror and (Path(mirror) / name).is_file():
        verify(Path(mirror) / name, download.checksums)
        return Path(mirror) / name
    target = cache / name
    if target.is_file() and checksum_matches(target, download.checksums):
        return target
    failures = []
    for url in download.urls:
        try:
            _fetch_with_retries(url, target, download.checksums, attempts, pause, loopback_http)
        except (RnnpipeError, _RetryError, requests.RequestException) as error:
            # The text of a requests error is a nest of its causes; its kind says what a reader needs.
            reason = type(error).__name__ if isinstance(error, requests.RequestException) else error
            failures.append(f"{url}: {reason}")
            LOG.warning("%s", failures[-1])
        else:
            return target
    tried = "; ".join(failures) or "its publisher has no free address"
    cure = f"set {MIRROR_VARIABLE} to a folder that holds it" if not mirror else f"it is not in {MIRROR_VARIABLE}={mirror} either"
    raise RnnpipeError(f"{name}: cannot be had ({tried}); {cure}")


def _fetch_with_retries(
    url: str, target: Path, checksums: Sequence[str], attempts: int, pause: float, loopback_http: bool
) -> None:
    """Fetch one URL, going on after what an earlier try left."""
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(attempts):
        resumed = part.is_file() and part.stat().st_size > 0
        try:
            _fetch(url, part, loopback_http)
            verify(part, checksums)
        except (_RetryError, requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
            if attempt == attempts - 1:
                raise
            time.sleep(pause * 2**attempt)
        except RnnpipeError:
            part.unlink(missing_ok=True)
            # What was there before may be of another file; without it the second try is a clean one.
            if not resumed:
                raise
        else:
            part.replace(target)
            return
    raise _RetryError("gave up")


def _fetch(url: str, part: Path, loopback_http: bool) -> None:
    """Append the missing bytes of a URL to `part`, or write it anew where the server does not resume."""
    have = part.stat().st_size if part.is_file() else 0
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    _check_scheme(url, loopback_http)
    LOG.info("fetching %s%s", url, f" from byte {have}" if have else "")
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        for step in [*response.history, response]:
            _check_scheme(step.url, loopback_http)
        if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # all bytes are there already, or it is another file: the checksum tells
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _RetryError(f"HTTP status {response.status_code}")
        response.raise_for_status()
        goes_on = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        with part.open("ab" if response.status_code == HTTPStatus.PARTIAL_CONTENT and goes_on else "wb") as file:
            for piece in response.iter_content(PIECE):
                file.write(piece)


def _check_scheme(url: str, loopback_http: bool) -> None:
    address = urlsplit(url)
    if address.scheme != "https" and not (loopback_http and address.hostname == "127.0.0.1"):
        raise RnnpipeError(f"{url}: not https; a file from the net is fetched by https only")


def checksum_matches(path: Path, checksums: Sequence[str]) -> bool:
    """Say whether a file has one of the checksums `sha256:…`, `md5:…`."""
    return not set(checksums).isdisjoint(_checksums(path, checksums))


def verify(path: Path, checksums: Sequence[str]) -> None:
    """Raise RnnpipeError unless a file has one of the checksums `sha256:…`, `md5:…`."""
    got = _checksums(path, checksums)
    if set(checksums).isdisjoint(got):
        expected = " or ".join(checksums)
        raise RnnpipeError(f"{path}: wrong checksum: expected {expected}, got {' '.join(got)}; it is damaged or another file")


def _checksums(path: Path, like: Sequence[str]) -> list[str]:
    """Return the file's checksum by each algorithm that `like` uses."""
    found = []
    for algorithm in sorted({checksum.partition(":")[0] for checksum in like}):
        with path.open("rb") as file:
            found.append(f"{algorithm}:{hashlib.file_digest(file, algorithm).hexdigest()}")
    return found
