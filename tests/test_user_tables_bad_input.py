"""Files that are not what they should be: one clear sentence or a rejected row; memory bounded."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from own_tables import flows, read, read_text, rejections

from geoties.graph.model import UserError
from geoties.loaders import user_tables_sheet

VISITS = "kind,from,to,start\nvisit,PER,CHN,2017\n"
KIND = 'constants = { kind = "visit" }\n'


def refused(folder: Path, content: bytes, name: str = "mine.csv", mapping: str = "") -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises(UserError) as caught:
        read_text(folder, content, name=name, mapping=mapping)
    told = str(caught.value)
    assert "\n" not in told
    assert name.split(".")[0] in told
    return told


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
    ],
)
def test_byte_order_marks(tmp_path: Path, mark: bytes, encoding: str) -> None:
    table = read_text(tmp_path, mark + VISITS.replace("PER", "Perú").encode(encoding))
    assert table.tables.ties["from"].to_list() == ["state/PER"]


@pytest.mark.parametrize(
    ("encoding", "name", "entity"),
    [
        ("latin-1", "Perú", "state/PER"),
        ("cp1252", "Côte d’Ivoire", "state/CIV"),
        ("gbk", "秘鲁", "state/PER"),
        ("gb18030", "秘鲁", "state/PER"),
        ("utf-16-le", "Perú", "state/PER"),
        ("utf-16-be", "Perú", "state/PER"),
        ("shift_jis", "ペルー", "state/PER"),
    ],
)
def test_other_encodings_are_declared_never_guessed(
    tmp_path: Path, encoding: str, name: str, entity: str
) -> None:
    content = VISITS.replace("PER", name).encode(encoding)
    told = refused(tmp_path, content)
    assert "encoding" in told
    mapping = f'[table]\nencoding = "{encoding}"\n'
    table = read_text(tmp_path, content, mapping=mapping)
    assert table.tables.ties["from"].to_list() == [entity]


def test_the_line_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    lines = ["kind,from,to,start", *["visit,PER,CHN,2017"] * 3000, "visit,Perú,CHN,2018"]
    told = refused(tmp_path, "\n".join(lines).encode("latin-1"))
    assert "line 3002 is not UTF-8 text" in told


def test_an_encoding_against_the_mark_is_refused(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + VISITS.encode()
    assert "leave encoding out" in refused(
        tmp_path, content, mapping='[table]\nencoding = "latin-1"\n'
    )
    with pytest.raises(UserError, match="no encoding 'klingon'"):
        read_text(tmp_path, VISITS, mapping='[table]\nencoding = "klingon"\n')
    with pytest.raises(UserError, match="no encoding 'rot13'"):
        read_text(tmp_path, VISITS, mapping='[table]\nencoding = "rot13"\n')


def test_utf16_cut_in_the_middle(tmp_path: Path) -> None:
    assert "UTF-16" in refused(tmp_path, b"\xff\xfe" + VISITS.encode("utf-16-le")[:-1])


def test_nul_bytes(tmp_path: Path) -> None:
    assert "NUL bytes stand in the header" in refused(tmp_path, b"ki\0nd,from,to\nvisit,PER,CHN\n")
    table = read_text(tmp_path, VISITS.encode() + b"visit,P\0ER,CHN,2018\n")
    (item,) = rejections(table)
    assert (item.row, item.column, item.value) == (3, "from", "P\\0ER")
    assert "NUL" in item.reason


def test_mixed_line_ends(tmp_path: Path) -> None:
    content = b"kind,from,to,start\r\nvisit,PER,CHN,2017\nvisit,PER,CHN,2018\rvisit,PER,CHN,2019"
    assert sorted(read_text(tmp_path, content).tables.ties["start"].str.slice(0, 4)) == [
        "2017",
        "2018",
        "2019",
    ]


def test_trailing_delimiters(tmp_path: Path) -> None:
    content = "kind,from,to,start,,\nvisit,PER,CHN,2017,,\nvisit,PER,CHN,2018,,,,\n"
    assert read_text(tmp_path, content).tables.report.loaded == 2
    only_rows = "kind,from,to,start\nvisit,PER,CHN,2017,\n"
    assert read_text(tmp_path, only_rows).tables.report.loaded == 1


def test_ragged_rows(tmp_path: Path) -> None:
    content = VISITS + "visit,PER,CHN\nvisit,PER,CHN,2018,more\nvisit,PER,CHN,2019\n"
    table = read_text(tmp_path, content)
    told = [(item.row, item.reason) for item in rejections(table)]
    assert told == [
        (3, "there are 3 cells where the header has 4"),
        (4, "there are 5 cells where the header has 4"),
    ]
    assert table.tables.report.loaded == 2


def test_duplicate_headers(tmp_path: Path) -> None:
    assert "two columns are called" in refused(tmp_path, b"kind,from,to,From\nvisit,PER,CHN,x\n")
    assert "two columns are called" in refused(tmp_path, b"kind,from,to, to \nvisit,PER,CHN,x\n")


@pytest.mark.parametrize("header", ["*", "^.*$", "#row"])
def test_headers_that_would_mean_something_to_us(tmp_path: Path, header: str) -> None:
    content = f"kind,from,to,{header}\nvisit,PER,CHN,x\n"
    assert "may not be called" in refused(tmp_path, content.encode())


def test_headers_without_a_name(tmp_path: Path) -> None:
    assert "column 2 has no name" in refused(tmp_path, b"kind,,to\nvisit,PER,CHN\n")
    assert "is empty" in refused(tmp_path, b"")
    assert "is empty" in refused(tmp_path, b"\n\n  \n")
    wide = ",".join(f"c{i}" for i in range(500)).encode()
    assert "500 columns" in refused(tmp_path, wide)


def test_unknown_columns_are_told(tmp_path: Path) -> None:
    content = b"kind,from,to,start,Notes\nvisit,PER,CHN,2017,x\n"
    assert "the column 'Notes' is not known" in refused(tmp_path, content)
    table = read_text(tmp_path, content, mapping='[table]\nignore = ["notes"]\n')
    assert table.tables.report.loaded == 1
    assert "no column from or to" in refused(tmp_path, b"a,b\n1,2\n")


def test_other_delimiters_are_declared(tmp_path: Path) -> None:
    content = VISITS.replace(",", ";").encode()
    assert "delimiter = ';'" in refused(tmp_path, content)
    assert (
        read_text(tmp_path, content, mapping='[table]\ndelimiter = ";"\n').tables.ties.height == 1
    )
    tabbed = VISITS.replace(",", "\t").encode()
    assert "delimiter = '\\t'" in refused(tmp_path, tabbed)
    assert read_text(tmp_path, tabbed, name="mine.tsv").tables.ties.height == 1
    assert "separated by a comma" in refused(tmp_path, VISITS.encode(), name="mine.tsv")


def test_quotation_marks(tmp_path: Path) -> None:
    content = 'kind,from,to,start,reference\nvisit,PER,CHN,2017,"Gazette, 12 May,\n""A"" 3"\n'
    table = read_text(tmp_path, content)
    assert table.tables.ties["reference"].to_list() == ['Gazette, 12 May,\n"A" 3']
    open_ = VISITS.encode() + b'visit,PER,CHN,"2018\n' + b"visit,PER,CHN,2019\n" * 10
    assert "opened and not closed" in refused(tmp_path, open_)
    endless = VISITS.encode() + b'visit,PER,CHN,"' + b"visit,PER,CHN,2019\n" * 20_000
    assert "opened and not closed" in refused(tmp_path, endless)
    assert "quotation marks" in refused(tmp_path, VISITS.encode() + b'visit,"PER"x,CHN,2018\n')


def test_a_line_without_end(tmp_path: Path) -> None:
    assert "longer than a million" in refused(tmp_path, VISITS.encode() + b"x" * 1_100_000)


def test_comments_stand_before_the_header_only(tmp_path: Path) -> None:
    content = "# Visits\n#\n\n" + VISITS + "#,PER,CHN,2018\n"
    table = read_text(tmp_path, content)
    (item,) = rejections(table)
    assert (item.row, item.column, item.value) == (6, "kind", "#")


def test_a_gzip_and_a_zip_are_read(tmp_path: Path) -> None:
    assert read_text(tmp_path, gzip.compress(VISITS.encode()), name="a.csv.gz").tables.ties.height
    assert read_text(tmp_path, _zipped({"v.csv": VISITS}), name="a.csv.zip").tables.ties.height
    tabbed = VISITS.replace(",", "\t")
    assert read_text(tmp_path, gzip.compress(tabbed.encode()), name="a.tsv.gz").tables.ties.height


def _zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_damaged_archives(tmp_path: Path) -> None:
    packed = gzip.compress(VISITS.encode() * 100)
    assert "damaged or cut off" in refused(tmp_path, packed[:-12], name="mine.csv.gz")
    assert "damaged or cut off" in refused(tmp_path, packed[:20], name="mine.csv.gz")
    assert "damaged or cut off" in refused(tmp_path, b"no gzip", name="mine.csv.gz")
    broken = bytearray(packed)
    broken[40] ^= 0xFF
    assert "damaged or cut off" in refused(tmp_path, bytes(broken), name="mine.csv.gz")
    assert "damaged or cut off" in refused(tmp_path, b"PK\x03\x04 no zip", name="mine.csv.zip")
    two = _zipped({"a.csv": VISITS, "b.csv": VISITS})
    assert "it holds 2" in refused(tmp_path, two, name="mine.zip")
    assert "it holds 0" in refused(tmp_path, _zipped({"a.txt": "x"}), name="mine.zip")


def test_an_archive_under_a_wrong_name(tmp_path: Path) -> None:
    assert "mine.csv.gz" in refused(tmp_path, gzip.compress(VISITS.encode()), name="mine.csv")
    assert ".xlsx" in refused(tmp_path, _zipped({"v.csv": VISITS}), name="mine.csv")


_BOMB = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2]]
from own_tables import read
from geoties.graph.model import UserError
try:
    read(Path(sys.argv[1]))
except UserError as problem:
    print(problem)
# Its own peak: ru_maxrss begins with that of the process from which it was forked.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read there")
@pytest.mark.parametrize("packing", ["gzip", "zip", "xlsx"])
def test_a_bomb_of_400_megabytes_is_refused_in_little_memory(tmp_path: Path, packing: str) -> None:
    path = tmp_path / {"gzip": "bomb.csv.gz", "zip": "bomb.csv.zip", "xlsx": "bomb.xlsx"}[packing]
    row = b"visit,PER,CHN,2017" + b"0" * 982 + b"\n"
    header = b"kind,from,to,start\n"
    if packing == "gzip":
        with gzip.open(path, "wb", compresslevel=9) as out:
            out.write(header)
            for _ in range(400):
                out.write(row * 1000)
    else:
        member = "v.csv" if packing == "zip" else "xl/worksheets/sheet1.xml"
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
            archive.open(member, "w", force_zip64=True) as part,
        ):
            part.write(header)
            for _ in range(400):
                part.write(row * 1000)
    assert path.stat().st_size < 2_000_000
    command = [sys.executable, "-c", _BOMB, str(path), str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told, megabytes = done.stdout.splitlines()
    assert "too much for its size" in told
    assert int(megabytes) < 500


def test_a_table_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_tables_sheet, "MOST_ROWS", 3)
    assert "more than 3 rows; add it in parts" in refused(tmp_path, VISITS.encode() * 5)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read(tmp_path / "none.csv")
    with pytest.raises(UserError, match="is no file"):
        read(tmp_path)
    with pytest.raises(UserError, match="a table is one of"):
        read_text(tmp_path, VISITS, name="mine.doc")
    with pytest.raises(UserError, match="--source"):
        read_text(tmp_path, VISITS, name="访问.csv")


def test_thousands_against_millions(tmp_path: Path) -> None:
    text = flows("PER,CHN,2022,1250,USD million", "PER,CHN,2023,1250,USD thousand")
    mapping = """
    constants = { kind = "goods-trade" }
    [units]
    "USD million" = { unit = "USD", times = 1_000_000 }
    """
    table = read_text(tmp_path, text, mapping=mapping)
    (item,) = rejections(table)
    assert (item.row, item.column, item.value) == (3, "unit", "USD thousand")
    assert table.tables.ties["value"].to_list() == [1_250_000_000]
    assert table.tables.ties["unit"].to_list() == ["USD"]


def test_decimal_commas_and_thousands_separators(tmp_path: Path) -> None:
    text = flows('PER,CHN,2021,"1.250,5",USD', 'PER,CHN,2022,"12,5",USD', "PER,CHN,2023,1.5,USD")
    bare = read_text(tmp_path, text, kind="goods-trade")
    assert [item.row for item in rejections(bare)] == [2, 3]
    mapping = 'constants = { kind = "goods-trade" }\n[table]\ndecimal = ","\nthousands = "."\n'
    declared = read_text(tmp_path, text, mapping=mapping)
    assert sorted(declared.tables.ties["value"]) == [12.5, 1250.5]
    (item,) = rejections(declared)
    assert (item.row, item.value) == (4, "1.5")


@pytest.mark.parametrize(
    ("others", "certain"),
    [
        (["980", "2.000"], False),
        (["-1.250"], False),
        (["12.5"], True),
        (["0.125"], True),
        (["1.2345"], True),
        (["1250"], True),
    ],
)
def test_a_point_before_three_digits(tmp_path: Path, others: list[str], certain: bool) -> None:
    values = ["1.250", *others]
    rows = [f"PER,gdp,{2000 + n},{value},USD" for n, value in enumerate(values)]
    text = flows(*rows, header="entity,indicator,year,value,unit")
    told = {item.row: item.reason for item in rejections(read_text(tmp_path, text))}
    assert ("its point may mark" in told.get(2, "")) is not certain
    declared = read_text(tmp_path, text, mapping='[table]\ndecimal = "."\n')
    assert 1.25 in declared.tables.observations["value"].to_list()


def test_columns_that_are_nearly_ours_are_named(tmp_path: Path) -> None:
    told = refused(tmp_path, b"id,kind,label,signed\nagreement/x,agreement,X,2020-01-01\n")
    assert "it may be signedOn" in told
    many = refused(tmp_path, b"id,kind,label,qqqq\nagreement/x,agreement,X,1\n")
    assert " more; map it" in many
