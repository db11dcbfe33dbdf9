"""Downloads from a server on this machine: resumed, checked, retried, or refused in one line."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.download import find_file
from rnnpipe.params import Download

CONTENT = bytes(range(256)) * 1000
SHA256 = "sha256:" + hashlib.sha256(CONTENT).hexdigest()
MD5 = "md5:" + hashlib.md5(CONTENT).hexdigest()


class Server(HTTPServer):
    """Serves CONTENT; `cut` answers break off half-way, `resumes` says whether ranges are honoured."""

    content = CONTENT
    cut = 0
    failures = 0
    resumes = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/corpus.bin"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        asked = self.headers.get("Range")
        server.ranges.append(asked)
        if server.failures:
            server.failures -= 1
            self.send_error(503)
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and server.resumes else 0
        if start >= len(server.content):
            self.send_error(416)
            return
        body = server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}")
        self.end_headers()
        if server.cut:
            server.cut -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_mirror(monkeypatch):
    monkeypatch.delenv("RNNPIPE_MIRROR", raising=False)


def entry(*urls, checksums=(SHA256,)):
    return Download(file="corpus.bin", urls=urls, checksums=checksums, extract={"a": "b"}, licence="none")


def find(download, cache, **settings):
    return find_file(download, cache, pause=0, loopback_http=True, **settings)


@pytest.mark.parametrize("checksums", [(SHA256,), (MD5,), ("md5:" + "0" * 32, SHA256)])
def test_any_of_the_checksums_will_do(tmp_path, server, checksums):
    path = find(entry(server.url, checksums=checksums), tmp_path / "cache")
    assert path.read_bytes() == CONTENT
    assert find(entry(server.url, checksums=checksums), tmp_path / "cache") == path
    assert server.ranges == [None]  # the second time it was there


def test_a_broken_download_is_taken_up_again(tmp_path, server):
    server.cut = 2
    assert find(entry(server.url), tmp_path).read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=65536-", "bytes=131072-"]
    assert [path.name for path in tmp_path.iterdir()] == ["corpus.bin"]


def test_a_part_left_by_a_killed_process_is_taken_up(tmp_path, server):
    (tmp_path / "corpus.bin.part").write_bytes(CONTENT[:1000])
    assert find(entry(server.url), tmp_path).read_bytes() == CONTENT
    assert server.ranges == ["bytes=1000-"]


def test_a_whole_part_needs_no_more_bytes(tmp_path, server):
    (tmp_path / "corpus.bin.part").write_bytes(CONTENT)
    assert find(entry(server.url), tmp_path).read_bytes() == CONTENT


def test_a_server_without_ranges_starts_anew(tmp_path, server):
    server.resumes = False
    server.cut = 1
    assert find(entry(server.url), tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("left", [b"of another file", CONTENT + b"more"])
def test_a_part_of_another_file_is_thrown_away(tmp_path, server, left):
    (tmp_path / "corpus.bin.part").write_bytes(left)
    assert find(entry(server.url), tmp_path).read_bytes() == CONTENT


def test_a_busy_server_is_asked_again(tmp_path, server):
    server.failures = 2
    assert find(entry(server.url), tmp_path).read_bytes() == CONTENT


def test_the_next_url_is_tried(tmp_path, server):
    server.failures = 2
    missing = server.url
    assert find(entry(missing, server.url), tmp_path, attempts=2).read_bytes() == CONTENT


def test_a_damaged_earlier_download_is_fetched_again(tmp_path, server):
    (tmp_path / "corpus.bin").write_bytes(b"damaged")
    assert find(entry(server.url), tmp_path).read_bytes() == CONTENT


def test_a_wrong_checksum_is_refused(tmp_path, server):
    server.content = b"<html>moved</html>"
    got = hashlib.sha256(server.content).hexdigest()
    with pytest.raises(RnnpipeError, match=f"wrong checksum: expected {SHA256}, got sha256:{got}") as caught:
        find(entry(server.url), tmp_path)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_an_unreachable_server_is_one_line(tmp_path, server):
    server.failures = 100
    with pytest.raises(RnnpipeError, match=r"corpus\.bin: cannot be had .*503.*; set RNNPIPE_MIRROR") as caught:
        find(entry(server.url), tmp_path, attempts=2)
    assert "\n" not in str(caught.value)


def test_only_https_is_fetched(tmp_path):
    with pytest.raises(RnnpipeError, match="not https"):
        find_file(entry("http://127.0.0.1:9/corpus.bin"), tmp_path)
    with pytest.raises(RnnpipeError, match="not https"):
        find(entry("ftp://example.org/corpus.bin"), tmp_path)


def test_the_mirror_comes_first(tmp_path, monkeypatch):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    monkeypatch.setenv("RNNPIPE_MIRROR", str(mirror))
    with pytest.raises(RnnpipeError, match="its publisher has no free address.*it is not in RNNPIPE_MIRROR="):
        find(entry(), tmp_path / "cache")
    (mirror / "corpus.bin").write_bytes(CONTENT)
    assert find(entry("https://never.asked"), tmp_path / "cache") == mirror / "corpus.bin"
    (mirror / "corpus.bin").write_bytes(b"damaged")
    with pytest.raises(RnnpipeError, match="mirror/corpus.bin: wrong checksum: expected"):
        find(entry(), tmp_path / "cache")


def test_a_mirror_without_the_file_leaves_it_to_the_urls(tmp_path, server, monkeypatch):
    monkeypatch.setenv("RNNPIPE_MIRROR", str(tmp_path))
    assert find(entry(server.url), tmp_path / "cache").read_bytes() == CONTENT


def test_no_address_says_how_to_set_a_mirror(tmp_path):
    with pytest.raises(RnnpipeError, match="no free address.*set RNNPIPE_MIRROR to a folder that holds it"):
        find(entry(), tmp_path)


def test_the_name_is_a_plain_one(tmp_path):
    download = Download(file="../x", checksums=(SHA256,), extract={}, licence="none")
    with pytest.raises(RnnpipeError, match="not a plain file name"):
        find(download, tmp_path)
