"""The client of downloads against a server of the tests: polite, whole, cached, never too much."""

from __future__ import annotations

import datetime as dt
import email.utils
from pathlib import Path

import pytest
from publishers import Asked, Clock, Publisher, Reply, client, publisher

from geoties.graph.model import UserError
from geoties.loaders.downloads_cache import Wrong, cache_directory

PLENTY = 1_000_000


def test_a_file_is_downloaded_once_while_it_is_the_same(tmp_path: Path, server: Publisher) -> None:
    def same(asked: Asked) -> Reply:
        headers = {"ETag": '"one"'}
        if asked.headers.get("If-None-Match") == '"one"':
            return Reply(status=304, headers=headers)
        return Reply(b"content", headers=headers)

    url, asking = server.at("/file", same), client(tmp_path)
    for _ in range(2):
        assert asking.get(url, most_bytes=PLENTY).read_bytes() == b"content"
    assert "If-None-Match" not in server.asked[0].headers
    assert server.asked[1].headers["If-None-Match"] == '"one"'
    assert [item.size for item in asking.downloads] == [7, 7]
    assert asking.downloads[0].url == url
    assert server.asked[0].headers["User-Agent"].startswith("geoties/")


def test_a_changed_file_is_downloaded_again(tmp_path: Path, server: Publisher) -> None:
    url = server.at("/file", Reply(b"old", headers={"ETag": '"1"'}), Reply(b"new"))
    asking = client(tmp_path)
    assert asking.get(url, most_bytes=PLENTY).read_bytes() == b"old"
    assert asking.get(url, most_bytes=PLENTY).read_bytes() == b"new"


def test_a_damaged_file_of_the_cache_is_not_used(tmp_path: Path, server: Publisher) -> None:
    url, asking = server.at("/file", Reply(b"content", headers={"ETag": '"1"'})), client(tmp_path)
    asking.get(url, most_bytes=PLENTY).write_bytes(b"damaged")
    assert asking.get(url, most_bytes=PLENTY).read_bytes() == b"content"
    assert "If-None-Match" not in server.asked[1].headers


def test_the_server_rests_between_two_requests(tmp_path: Path, server: Publisher) -> None:
    clock = Clock()
    asking = client(tmp_path, clock, pause=3.0)
    for name in ("a", "b", "c"):
        asking.get(server.at(f"/{name}", Reply(b"x")), most_bytes=PLENTY)
    assert clock.slept == [3.0, 3.0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_it_is_tried_again_ever_more_slowly(tmp_path: Path, server: Publisher, status: int) -> None:
    bad, clock, said = Reply(b"later", status), Clock(), []  # type: ignore[var-annotated]
    url = server.at("/file", bad, bad, bad, Reply(b"content"))
    asking = client(tmp_path, clock, pause=0.0, say=said.append)
    assert asking.get(url, most_bytes=PLENTY).read_bytes() == b"content"
    assert [pause for pause in clock.slept if pause] == [2.0, 4.0, 8.0]
    assert said == [f"the server answers {status}; trying again"] * 3


def test_it_is_given_up_after_five_times(tmp_path: Path, server: Publisher) -> None:
    url = server.at("/file", Reply(b"later", 503))
    with pytest.raises(UserError, match=r"/file could not be downloaded: the server answers 503\."):
        client(tmp_path).get(url, most_bytes=PLENTY)
    assert len(server.asked) == 5


def test_the_server_says_how_long_to_wait(tmp_path: Path, server: Publisher) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=50)
    url = server.at(
        "/file",
        Reply(status=429, headers={"Retry-After": "7"}),
        Reply(status=503, headers={"Retry-After": email.utils.format_datetime(soon)}),
        Reply(status=429, headers={"Retry-After": "soon"}),
        Reply(b"content"),
    )
    clock = Clock()
    client(tmp_path, clock, pause=0.0).get(url, most_bytes=PLENTY)
    seven, moment, own = (pause for pause in clock.slept if pause)
    assert (seven, own) == (7.0, 8.0)
    assert 30 < moment <= 50


def test_a_long_wait_is_left_to_the_user(tmp_path: Path, server: Publisher) -> None:
    url = server.at("/file", Reply(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(UserError, match="asks to wait 3,600 seconds"):
        client(tmp_path).get(url, most_bytes=PLENTY)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_will_not_change_is_not_asked_again(
    tmp_path: Path, server: Publisher, status: int
) -> None:
    url = server.at("/file", Reply(b"no", status))
    with pytest.raises(UserError, match=f"cannot be downloaded: the server answers {status}"):
        client(tmp_path).get(url, most_bytes=PLENTY)
    assert len(server.asked) == 1


def test_a_download_that_is_cut_off_goes_on_where_it_was(tmp_path: Path, server: Publisher) -> None:
    content = bytes(range(256)) * 1000

    def rest(asked: Asked) -> Reply:
        first = int(asked.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        assert asked.headers["If-Range"] == '"1"'
        told = f"bytes {first}-{len(content) - 1}/{len(content)}"
        return Reply(content[first:], 206, {"ETag": '"1"', "Content-Range": told})

    url = server.at("/file", Reply(content, headers={"ETag": '"1"'}, cut=100_000), rest)
    assert client(tmp_path).get(url, most_bytes=PLENTY).read_bytes() == content
    assert len(server.asked) == 2


def test_a_download_that_is_cut_off_begins_anew_where_the_server_cannot_go_on(
    tmp_path: Path, server: Publisher
) -> None:
    content = b"x" * 200_000
    url = server.at("/file", Reply(content, cut=100_000), Reply(content))
    assert client(tmp_path).get(url, most_bytes=PLENTY).read_bytes() == content
    assert "Range" not in server.asked[1].headers
    changed = server.at(
        "/changed", Reply(content, headers={"ETag": '"1"'}, cut=100_000), Reply(b"other")
    )
    assert client(tmp_path).get(changed, most_bytes=PLENTY).read_bytes() == b"other"


def test_another_part_than_was_asked_for_is_not_taken(tmp_path: Path, server: Publisher) -> None:
    content = b"x" * 200_000
    wrong = Reply(content[5:], 206, {"ETag": '"1"', "Content-Range": "bytes 5-199999/200000"})
    url = server.at(
        "/file", Reply(content, headers={"ETag": '"1"'}, cut=100_000), wrong, Reply(content)
    )
    assert client(tmp_path).get(url, most_bytes=PLENTY).read_bytes() == content


def test_too_much_is_refused_before_and_while_it_comes(tmp_path: Path, server: Publisher) -> None:
    declared = server.at("/declared", Reply(b"x" * 5000))
    with pytest.raises(UserError, match="larger than 1,000 bytes"):
        client(tmp_path).get(declared, most_bytes=1000)
    endless = server.at(
        "/endless",
        Reply(b"x" * 500_000, headers={"Content-Length": "", "Connection": "close"}, cut=500_000),
    )
    with pytest.raises(UserError, match=r"larger than 1,000 bytes|could not be downloaded"):
        client(tmp_path).get(endless, most_bytes=1000)
    assert not [path for path in (tmp_path / "cache").iterdir() if path.stat().st_size > 1000]


def test_a_packed_answer_is_bounded_when_it_is_unpacked(tmp_path: Path, server: Publisher) -> None:
    import gzip

    bomb = gzip.compress(b"\0" * 5_000_000)
    url = server.at("/bomb", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(UserError, match="larger than 1,000,000 bytes"):
        client(tmp_path).get(url, most_bytes=PLENTY)


def test_a_server_that_does_not_answer(tmp_path: Path, server: Publisher) -> None:
    url = server.at("/file", Reply(b"late", hang=1.0), Reply(b"content"))
    asking = client(tmp_path, timeout=0.2)
    assert asking.get(url, most_bytes=PLENTY).read_bytes() == b"content"
    always = server.at("/always", Reply(b"late", hang=0.6))
    with pytest.raises(UserError, match="does not answer in time"):
        client(tmp_path, timeout=0.1).get(always, most_bytes=PLENTY)


def test_a_server_that_drips(tmp_path: Path, server: Publisher) -> None:
    import time

    url = server.at("/file", Reply(b"x" * 400_000, drip=0.05))
    asking = client(tmp_path, patience=0.2)
    asking.clock = time.monotonic
    with pytest.raises(UserError, match="comes too slowly"):
        asking.get(url, most_bytes=PLENTY)


def test_nobody_at_the_address(tmp_path: Path) -> None:
    with publisher() as gone:
        address = gone.address
    with pytest.raises(UserError, match="there is no connection, or it broke"):
        client(tmp_path).get(f"{address}/file", most_bytes=PLENTY)
    for url in ("ftp://example.org/x", "file:///etc/passwd", "nonsense", "http://"):
        with pytest.raises(UserError, match="no address on the web"):
            client(tmp_path).get(url, most_bytes=PLENTY)


def test_content_that_is_wrong_is_asked_for_again_and_not_kept(
    tmp_path: Path, server: Publisher
) -> None:
    def check(path: Path) -> None:
        if path.read_bytes() != b"right":
            raise Wrong("what came is a page of the hotel's network")

    url = server.at("/file", Reply(b"<html>", headers={"ETag": '"1"'}), Reply(b"right"))
    assert client(tmp_path).get(url, most_bytes=PLENTY, check=check).read_bytes() == b"right"
    always = server.at("/always", Reply(b"<html>"))
    with pytest.raises(UserError, match="a page of the hotel's network"):
        client(tmp_path).get(always, most_bytes=PLENTY, check=check)
    assert b"<html>" not in {p.read_bytes() for p in (tmp_path / "cache").iterdir()}


def test_servers_that_send_elsewhere(tmp_path: Path, server: Publisher) -> None:
    server.at("/there", Reply(b"content"))
    here = server.at("/here", Reply(status=302, headers={"Location": "/there"}))
    assert client(tmp_path).get(here, most_bytes=PLENTY).read_bytes() == b"content"
    endless = server.at("/endless", Reply(status=302, headers={"Location": "/endless"}))
    with pytest.raises(UserError, match="without end"):
        client(tmp_path).get(endless, most_bytes=PLENTY)
    for target in ("file:///etc/passwd", "ftp://example.org/"):
        away = server.at("/away", Reply(status=301, headers={"Location": target}))
        with pytest.raises(UserError, match="no address on the web"):
            client(tmp_path).get(away, most_bytes=PLENTY)


def test_a_cache_that_cannot_be_written_to(tmp_path: Path, server: Publisher) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(UserError, match="cannot be written to"):
        client(tmp_path).get(server.at("/file", Reply(b"x")), most_bytes=PLENTY)


def test_where_downloads_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_directory("here") == Path("here")
    monkeypatch.setenv("GEOTIES_CACHE", "there")
    assert cache_directory() == Path("there")
    monkeypatch.delenv("GEOTIES_CACHE")
    assert cache_directory().name == "geoties"
