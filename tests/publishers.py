"""Publishers' servers as the tests play them, on this machine: pages, errors, slow, cut off."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from geoties.loaders import downloads_world_bank as world_bank
from geoties.loaders.downloads_client import Client

ENTITY = "http://www.wikidata.org/entity/"
YEARS = {
    2021: ["2021,604,156,010110,  10.5,1", "2021,604,156,260300,20,1", "2021,156,604,1,5,1"],
    2024: ["2024,604,156,260300,40.25,1", "2024,152,156,260300,7,1"],
}


@dataclass(frozen=True)
class Reply:
    """One answer of a server; `cut` sends so many bytes of the body, `drip` waits after 4 KB."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: float = 0.0
    hang: float = 0.0


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


Answer = Reply | Callable[[Asked], Reply]


class Publisher:
    """A server whose addresses give one answer after the other, and the last one ever after."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []
        self.address = ""

    def at(self, path: str, *answers: Answer) -> str:
        """Let an address answer so; returns the whole address."""
        self.answers[path] = list(answers)
        return self.address + path

    def reply(self, asked: Asked) -> Reply:
        """The next answer."""
        self.asked.append(asked)
        answers = self.answers.get(asked.path, [Reply(b"nothing here", 404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Reply) else answer(asked)


class _Handler(BaseHTTPRequestHandler):
    publisher: Publisher
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = Asked(parts.path, query, dict(self.headers.items()), time.monotonic())
        self._send(self.publisher.reply(asked))

    def _send(self, reply: Reply) -> None:
        time.sleep(reply.hang)
        self.send_response(reply.status)
        headers = {"Content-Length": str(len(reply.body)), **reply.headers}
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        try:
            if reply.drip:
                for first in range(0, len(body), 4096):
                    self.wfile.write(body[first : first + 4096])
                    self.wfile.flush()
                    time.sleep(reply.drip)
            else:
                self.wfile.write(body)
            self.wfile.flush()
        except OSError:  # the other side has heard enough
            self.close_connection = True
        if reply.cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has heard enough is no error."""


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A server while the block runs."""
    played = Publisher()
    handler = type("Handler", (_Handler,), {"publisher": played})
    server = _Quiet(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    played.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()


class Clock:
    """A clock that only sleeping moves, so that no test waits."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, []  # type: float, list[float]

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def client(folder: Path, clock: Clock | None = None, **how: Any) -> Client:
    """The real client, with a clock of the test's."""
    clock = clock or Clock()
    return Client(folder / "cache", sleep=clock.sleep, clock=clock, **how)


def as_json(value: Any) -> Reply:
    """An answer in JSON."""
    return Reply(json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def world_bank_pages(rows: list[dict[str, Any]], per_page: int) -> Callable[[Asked], Reply]:
    """The World Bank's API for one indicator: as many pages as it takes."""

    def answer(asked: Asked) -> Reply:
        page = int(asked.query["page"])
        pages = max(1, -(-len(rows) // per_page))
        head = {
            "page": page,
            "pages": pages,
            "per_page": per_page,
            "total": len(rows),
            "sourceid": "2",
            "lastupdated": "2026-01-28",
        }
        return as_json([head, rows[(page - 1) * per_page : page * per_page]])

    return answer


def world_bank_row(code: str, year: int, value: float | None, iso2: str = "XX") -> dict[str, Any]:
    """One number as the World Bank's API tells it."""
    return {
        "indicator": {"id": "NY.GDP.MKTP.CD", "value": "GDP (current US$)"},
        "country": {"id": iso2, "value": code},
        "countryiso3code": code,
        "date": str(year),
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }


def baci_archive(years: Mapping[int, list[str]], version: str = "202601") -> bytes:
    """CEPII's archive, with a few flows a year."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for year, rows in years.items():
            name = f"BACI_HS92_Y{year}_V{version}.csv"
            archive.writestr(name, "\n".join(["t,i,j,k,v,q", *rows]) + "\n")
        codes = "country_code,country_name,country_iso2,country_iso3\n"
        codes += "604,Peru,PE,PER\n156,China,CN,CHN\n152,Chile,CL,CHL\n"
        archive.writestr(f"country_codes_V{version}.csv", codes)
        archive.writestr(f"product_codes_HS92_V{version}.csv", "code,description\n")
        archive.writestr("Readme.txt", "read me")
    return out.getvalue()


def dataverse_version(files: Mapping[str, bytes], **more: str) -> dict[str, Any]:
    """A version of a data set as Dataverse tells it."""
    listed = [
        {
            "label": label,
            "dataFile": {
                "id": number,
                "filename": label,
                "filesize": len(content),
                "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
                "checksum": {
                    "type": "MD5",
                    "value": hashlib.md5(content, usedforsecurity=False).hexdigest(),
                },
                **more,
            },
        }
        for number, (label, content) in enumerate(files.items(), start=101)
    ]
    version = {"versionNumber": 35, "versionMinorNumber": 1, "releaseTime": "2026-07-15T10:00:00Z"}
    return {"status": "OK", "data": {**version, "files": listed}}


def ideal_points_table(states: int = 193, years: int = 80) -> bytes:
    """A table of ideal points under the names that its authors use."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(
        ["ccode", "Countryname", "iso3c", "session", "IdealPointAll", "IdealPointFP", "Q5%All"]
    )
    codes = [2, 20, 135, 155, 140, 710, 740, 200, 220, 732][:states]
    for session in range(1, years + 1):
        writer.writerows([c, "x", "XXX", session, c / 1000, "NA", 0.1] for c in codes)
    return out.getvalue().encode()


def votes_table(delimiter: str = ",") -> bytes:
    """A table of votes under the names that its authors use: three roll calls, five states."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    header = "rcid,ccode,session,vote,Country,date,unres,importantvote,me,nu,di,hr,co,ec,short"
    writer.writerow(header.split(","))
    calls = [
        (3, 1, "1946-01-01", "R/1/66", "NA", "000000", "AMENDMENTS, RULES"),
        (9001, 60, "2005-12-02", "R/60/37", "1", "100100", "Peace"),
        (9002, 79, "2024-11-27", "R/79/81", "0", "000001", "Trade, and development"),
    ]
    for number, session, date, resolution, important, flags, short in calls:
        for code, vote in ((2, 3), (135, 1), (365, 2), (710, 8), (626, 9), (9999, 1)):
            row = [number, code, session, vote, "x", date, resolution, important, *flags, short]
            writer.writerow(row)
    return out.getvalue().encode()


def world_bank_server(server: Publisher, **also: Any) -> str:
    """All indicators of the World Bank for a few states."""
    for column, code in world_bank.CODES.items():
        rows = [
            world_bank_row("PER", 2023, 100.5),
            world_bank_row("PER", 2024, None),
            world_bank_row("CHN", 2023, 5e12 if column == "gdp_usd" else 50),
            world_bank_row("WLD", 2023, 99),
            world_bank_row("ZZZ", 2023, 1),
            world_bank_row("", 2023, 1, iso2="Z4"),
        ]
        server.at(f"/v2/country/all/indicator/{code}", world_bank_pages(rows, per_page=2))
    return server.address + "/v2"


def binding(number: int, to: str, **more: str) -> dict[str, Any]:
    said = {
        "from": f"{ENTITY}Q419",
        "iso": "PER",
        "to": f"{ENTITY}{to}",
        "statement": f"{ENTITY}statement/Q419-{number}",
        **more,
    }
    return {name: {"type": "literal", "value": text} for name, text in said.items()}


def wikidata_server(server: Publisher, *members: dict[str, Any]) -> str:
    said = [
        ("Q419", "homepage", "https://www.gob.pe/"),
        ("Q419", "geonames", "1"),
        ("Q298", "homepage", "https://one.example.org/"),
        ("Q298", "homepage", "https://other.example.org/"),
        ("Q148", "x", "1"),
        ("Q41550", "homepage", "https://oecd.org"),
    ]
    named = [
        {"item": {"value": ENTITY + item}, name: {"value": value}} for item, name, value in said
    ]
    relations = [
        binding(90, "Q148", toIso="CHN", start="1971-11-02T00:00:00Z", startPrecision="11"),
        binding(91, "Q1", toIso="XYZ"),
    ]

    def answer(asked: Asked) -> Reply:
        rows = relations if "P530" in asked.query["query"] else list(members)
        if "P1566" in asked.query["query"]:
            rows = named
        return as_json({"head": {"vars": []}, "results": {"bindings": rows}})

    return server.at("/sparql", answer)
