"""Files as people send them: whatever is wrong in one, good rows come out and bad ones say why."""

import csv
import gzip
import io
import json
import tracemalloc

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from lib.tables import BadFile, Reject, Row, keep, open_table
from lib.tables.chunks import gunzipped
from lib.tables.files import rows_of_stream
from lib.tables.rows import MAX_ROW_BYTES

TWO = [{"id": "1", "body": "one"}, {"id": "2", "body": "two"}]
CSV = "id,body\n1,one\n2,two\n"
JSONL = '{"id": "1", "body": "one"}\n{"id": "2", "body": "two"}\n'


@pytest.fixture
def rows_of(tmp_path):
    """Writes a file and reads it: `rows_of("posts.csv", "id,body\\n…")`."""

    def rows(name: str, content: str | bytes, **options) -> list[Row | Reject]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(open_table(path, **options).rows)

    return rows


def good(rows: list[Row | Reject]) -> list[dict]:
    return [row.values for row in rows if isinstance(row, Row)]


def bad(rows: list[Row | Reject]) -> list[Reject]:
    return [row for row in rows if isinstance(row, Reject)]


# --- what is fine ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("posts.csv", CSV),
        ("posts.CSV", CSV),
        ("posts.csv", CSV.replace("\n", "\r\n")),
        ("posts.csv", "\ufeff" + CSV),  # as Excel writes it
        ("posts.csv", CSV.replace(",", ";")),  # as Excel writes it in half of Europe
        ("posts.csv", CSV.rstrip("\n")),
        ("posts.csv", CSV.replace("\n", "\n\n")),
        ("posts.csv", "id,body,\n1,one,0\n2,two,1\n"),  # a column without a name: a row index
        ("posts.tsv", CSV.replace(",", "\t")),
        ("posts.csv.gz", gzip.compress(CSV.encode())),
        ("posts.csv.gz", gzip.compress(b"id,body\n1,one\n") + gzip.compress(b"2,two\n")),
        ("posts.csv.gz", gzip.compress(CSV.encode()) + b"\0" * 512),
        ("posts.csv", gzip.compress(CSV.encode())),  # zipped, whatever its name says
        ("posts.jsonl", JSONL),
        ("posts.ndjson", "\ufeff" + JSONL.replace("\n", "\r\n")),
        ("posts.jsonl.gz", gzip.compress(JSONL.encode())),
        ("posts.json", json.dumps(TWO)),
        ("posts.json", json.dumps(TWO, indent=4)),
        ("posts.json", json.dumps(TWO)[:-1] + ",]"),
        ("posts.json.gz", gzip.compress(json.dumps(TWO).encode())),
        ("posts.jsonl", json.dumps(TWO)),  # an array, whatever its name says
    ],
)
def test_the_same_rows_come_out_of_every_format(rows_of, name, content):
    rows = rows_of(name, content)

    assert (good(rows), bad(rows)) == (TWO, [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "cp1252", "utf-8-sig"])
def test_another_encoding_is_read_when_it_is_named(rows_of, encoding):
    content = "id,body\n1,Café\n".encode(encoding)

    assert good(rows_of("posts.csv", content, encoding=encoding)) == [{"id": "1", "body": "Café"}]


def test_parquet_rows_come_out_with_their_types(tmp_path):
    parquet.write_table(pa.table({"id": [1, 2], "picks": [["a"], None]}), tmp_path / "t.parquet")

    table = open_table(tmp_path / "t.parquet")

    assert list(table.columns) == ["id", "picks"]
    assert list(table.rows) == [
        Row(1, {"id": 1, "picks": ["a"]}),
        Row(2, {"id": 2, "picks": None}),
    ]


def test_rows_are_numbered_as_a_person_would(rows_of):
    assert [
        row.number
        for row in rows_of(
            "a.csv", "id,body\n1,two\nlines\n".replace("two\nlines", '"two\nlines"') + "2,x\n"
        )
    ] == [1, 2]
    assert [row.number for row in rows_of("a.jsonl", '{"id": 1}\n\n{"id": 2}\n')] == [1, 3]
    assert [row.number for row in rows_of("a.json", '[{"id": 1}, {"id": 2}]')] == [1, 2]


def test_a_column_is_found_under_another_name(rows_of):
    for name, content in [("a.csv", "key,text\n1,one\n"), ("a.jsonl", '{"key":"1","text":"one"}')]:
        rows = rows_of(name, content, columns={"id": "key", "body": "text"})

        assert good(rows) == [{"id": "1", "body": "one"}]


# --- files of which nothing can be used -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "", "a.csv is empty."),
        ("a.csv.gz", b"", "a.csv.gz is empty."),
        ("a.xlsx", "x", "has none of the known endings"),
        ("a", "x", "has none of the known endings"),
        ("a.csv", "id,body,id\n", "names 'id' more than once"),
        ("a.csv", "name,body\n1,x\n", "no column 'id'; it has: name, body."),
        ("a.csv", CSV.encode("utf-16"), "--encoding utf-16"),
        ("a.csv", CSV.encode("utf-16-le"), "--encoding utf-16"),
        ("a.csv", "idé,body\n".encode("cp1252"), "byte 0xE9 at place 3"),
        ("a.csv", '"id,body\n1,x\n', "The header is not CSV"),
        ("a.json", '{"id": 1}', "must hold one array"),
        ("a.parquet", "no Parquet", "not a Parquet file"),
        ("a.csv.gz", gzip.compress(CSV.encode())[:12], "The gzip data is cut off"),
        ("a.csv.gz", b"\x1f\x8bnonsense", "The gzip data is damaged"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_use_at_all_says_why(rows_of, name, content, sentence):
    with pytest.raises(BadFile) as error:
        rows_of(name, content, required=[("id",)])

    assert sentence in error.value.message
    assert name in error.value.message


def test_a_folder_and_a_file_that_is_not_there_say_so(tmp_path):
    (tmp_path / "folder.csv").mkdir()

    with pytest.raises(BadFile, match="is a folder; name a file in it"):
        open_table(tmp_path / "folder.csv")
    with pytest.raises(BadFile, match="can't be read: No such file"):
        open_table(tmp_path / "missing.csv")
    with pytest.raises(BadFile, match="not a Parquet file that can be read"):
        open_table(tmp_path / "missing.parquet")


@pytest.mark.parametrize("encoding", ["utf-9", "hex"])
def test_an_encoding_that_there_is_not_is_named(rows_of, encoding):
    with pytest.raises(BadFile, match=f"no text encoding '{encoding}'"):
        rows_of("a.csv", CSV, encoding=encoding)


def test_columns_that_are_not_there_or_would_hide_another_are_refused(rows_of):
    with pytest.raises(BadFile, match="has no column 'text'; it has: id, body"):
        rows_of("a.csv", CSV, columns={"title": "text"})
    with pytest.raises(BadFile, match="has a column 'id' besides 'body'"):
        rows_of("a.csv", CSV, columns={"id": "body"})


# --- bad rows among good ones ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "bad_line", "reason"),
    [
        ("a.csv", b"x", "has 1 cells; the header has 2"),
        ("a.csv", b"x,y,z", "has 3 cells; the header has 2"),
        ("a.csv", "x,Café".encode("cp1252"), "byte 0xE9 at place 6 is not text"),
        ("a.csv", b"x,a\0b", "holds a NUL"),
        ("a.csv", b'x,"never closed', "is not CSV"),
        ("a.csv", b'x,"closed" too soon', "is not CSV"),
        ("a.jsonl", b'{"id": "x"', "is not JSON: Expecting"),
        ("a.jsonl", b"id,body", "is not JSON: Expecting"),
        ("a.jsonl", b'["x"]', "must be an object"),
        ("a.jsonl", b"7", "must be an object"),
        ("a.jsonl", b'{"id": NaN}', "NaN is no JSON number"),
        ("a.jsonl", b'{"id": "a\\u0000b"}', "holds a NUL"),
        ("a.jsonl", b'{"id": {"deep": ["\\ud83d"]}}', "half a surrogate pair"),
        ("a.jsonl", b'{"id": "Caf\xe9"}', "byte 0xE9 at place 12"),
        ("a.jsonl", b"[" * 100_000, "is not JSON that can be used"),
        ("a.jsonl", b'{"id": ' + b"1" * 5000 + b"}", "is not JSON that can be used"),
    ],
)  # fmt: skip
def test_a_bad_row_costs_itself_only(rows_of, name, bad_line, reason):
    lines = (CSV if name == "a.csv" else JSONL).encode().splitlines()
    content = b"\n".join([*lines[:-1], bad_line, lines[-1], b""])

    rows = rows_of(name, content)

    assert good(rows) == TWO
    assert [reject.row for reject in bad(rows)] == [2]
    assert reason in bad(rows)[0].reason


def test_an_emoji_written_as_a_pair_of_escapes_is_kept(rows_of):
    assert good(rows_of("a.jsonl", '{"id": "\\ud83d\\ude00"}')) == [{"id": "😀"}]


@pytest.mark.parametrize("element", ["{bad}", "7", "[1, 2]", '{"id": "\\u0000"}'])
def test_a_bad_element_of_an_array_costs_itself_only(rows_of, element):
    first, second = map(json.dumps, TWO)

    rows = rows_of("a.json", f"[{first}, {element}, {second}]")

    assert good(rows) == TWO
    assert [reject.row for reject in bad(rows)] == [2]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json"])
def test_a_line_of_200_mb_is_rejected_with_its_size_and_never_held(tmp_path, name):
    before, after = {
        "a.csv": ("id,body\n1,one\nx,", "\n2,two\n"),
        "a.jsonl": ('{"id": "1", "body": "one"}\n{"body":"', '"}\n{"id": "2", "body": "two"}'),
        "a.json": ('[{"id": "1", "body": "one"}, {"body":"', '"}, {"id": "2", "body": "two"}]'),
    }[name]
    with (tmp_path / name).open("wb") as file:
        file.write(before.encode())
        for _ in range(200):
            file.write(b"x" * 1024 * 1024)
        file.write(after.encode())

    tracemalloc.start()
    rows = list(open_table(tmp_path / name).rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert good(rows) == TWO
    assert [reject.row for reject in bad(rows)] == [2]
    assert bad(rows)[0].reason == "is 200.0 MB long; a row may have 10.0 MB"
    assert peak < 4 * MAX_ROW_BYTES


def test_a_quote_that_is_never_closed_gives_back_the_lines_it_swallowed(rows_of):
    """Without that, everything from row 2 to the end of the file would be one cell."""
    others = "".join(f"{number},text {number}\n" for number in range(3, 1000))

    rows = rows_of("a.csv", f'id,body\n1,one\n2,"two\n{others}')

    assert [reject.row for reject in bad(rows)] == [2]
    assert len(good(rows)) == 998


def test_a_record_may_span_lines(rows_of):
    assert good(rows_of("a.csv", 'id,body\n1,"two\nlines, ""quoted"""\n')) == [
        {"id": "1", "body": 'two\nlines, "quoted"'}
    ]


def test_parquet_texts_that_are_no_texts_are_rejected_row_by_row(tmp_path):
    broken = pa.array([b"one", b"caf\xe9", b"a\0b", b"two"]).cast(pa.binary())
    bodies = pa.Array.from_buffers(pa.string(), 4, broken.buffers())
    parquet.write_table(
        pa.table({"id": ["1", "x", "y", "2"], "body": bodies}), tmp_path / "a.parquet"
    )

    rows = list(open_table(tmp_path / "a.parquet").rows)

    assert good(rows) == TWO
    assert [reject.row for reject in bad(rows)] == [2, 3]


# --- files that break off -------------------------------------------------------------------------


def test_rows_before_the_end_of_a_truncated_gzip_land(rows_of):
    many = "id,body\n" + "".join(f"{n},{hash(str(n))}\n" for n in range(50_000))
    whole = gzip.compress(many.encode())

    rows = rows_of("a.csv.gz", whole[: len(whole) // 2])

    assert len(good(rows)) > 10_000
    assert bad(rows) == [Reject(len(good(rows)) + 1, "", "The gzip data is cut off here.")]


def test_elements_before_the_end_of_a_truncated_array_land(rows_of):
    rows = rows_of("a.json", json.dumps(TWO)[:-10])

    assert rows == [
        Row(1, TWO[0]),
        Reject(2, "", "The array is not closed: it breaks off here."),
    ]


def test_what_follows_an_array_is_told_of(rows_of):
    rows = rows_of("a.json", json.dumps(TWO) + "{}")

    assert good(rows) == TWO
    assert bad(rows) == [Reject(3, "", "Something follows the end of the array.")]


def test_row_groups_before_the_damage_of_a_parquet_file_land(tmp_path):
    path = tmp_path / "a.parquet"
    ids = [f"{n:020}" for n in range(20_000)]
    parquet.write_table(pa.table({"id": ids}), path, row_group_size=5000, compression="none")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = b"\xff" * 400
    path.write_bytes(content)

    rows = list(open_table(path).rows)

    assert len(good(rows)) >= 5000
    assert all("damaged" in reject.reason or "UTF-8" in reject.reason for reject in bad(rows))
    assert bad(rows)


# --- any input at all -----------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# A CSV knows neither a carriage return's kind of line end nor an empty line's cell from none.
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
records = st.lists(st.tuples(cells.map(lambda text: "x" + text), cells), max_size=8)
values = st.recursive(st.none() | st.booleans() | st.integers() | texts, st.lists, max_leaves=5)
objects = st.lists(st.dictionaries(texts, values, max_size=4), max_size=8)


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@given(records, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, records, quoting):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    out = io.StringIO()
    csv.writer(out, quoting=quoting).writerows([("id", "body"), *records])
    path.write_text(out.getvalue(), encoding="utf-8", newline="")

    rows = list(open_table(path).rows)

    assert [tuple(row.values.values()) for row in rows] == records


@given(objects, st.booleans(), st.none() | st.integers(0, 4), st.integers(1, 20))
def test_json_is_read_back_wherever_its_bytes_are_cut(objects, ascii_only, indent, size):
    array = json.dumps(objects, ensure_ascii=ascii_only, indent=indent).encode()
    lines = b"\n".join(json.dumps(one, ensure_ascii=ascii_only).encode() for one in objects)

    for content in (array, lines):
        rows = list(rows_of_stream(iter(cut(content, size))))
        assert [row.values for row in rows] == objects


@given(st.binary(), st.integers(1, 20), st.sampled_from(["a.csv", "a.jsonl", "a.json"]))
def test_no_bytes_at_all_end_in_anything_but_rows_rejects_or_one_sentence(
    tmp_path_factory, content, size, name
):
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(content)
    try:
        rows = list(open_table(path).rows)
    except BadFile as error:
        assert error.message.endswith(".")
    else:
        assert all(isinstance(row, (Row, Reject)) for row in rows)


@given(st.binary(max_size=2000), st.integers(1, 50), st.integers(1, 3))
def test_gzip_is_unzipped_wherever_it_is_cut(content, size, members):
    zipped = gzip.compress(content) * members

    assert b"".join(gunzipped(cut(zipped, size))) == content * members


def test_keep_hands_rejects_on_and_keeps_the_rows():
    rejects = []

    kept = list(keep(iter([Row(1, {}), Reject(2, "", "no"), Row(3, {})]), rejects.append))

    assert (kept, rejects) == ([Row(1, {}), Row(3, {})], [Reject(2, "", "no")])
