from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st

from custmerge.exceptions import InvalidInputError
from custmerge.io import read, write

DIRTY = st.text(
    st.one_of(
        st.sampled_from(list(",;\t|\"'\r\n\ufeff\0 =é中\U0001f600\u202e\u2028\x85")),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=8,
)
NAMES = st.lists(
    st.text(
        st.one_of(
            st.sampled_from(list(",;\t|\"'\r\n\ufeff é中")),
            st.characters(exclude_categories=["Cs", "Cc"]),
        ),
        min_size=1,
        max_size=6,
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[str | None]]:
    names = draw(NAMES)
    n_rows = draw(st.integers(0, 5))
    cells = st.lists(st.none() | DIRTY, min_size=n_rows, max_size=n_rows)
    return {name: draw(cells) for name in names}


def file_of(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cells_of(path: Path) -> dict[str, list[object]]:
    dataset = read(path)
    return {column: list(dataset.cells(column)) for column in dataset.columns}


@pytest.mark.parametrize("ending", ["csv", "tsv"])
@given(table=tables())
@example(table={"a;b": ["x"], "c": [None]})
@example(table={"a": [], "b|c|d": []})
@example(table={"\ufeffa": ["\ufeffx"]})
@example(table={'"': ['"', "\r"]})
@example(table={"a": [None, " ", None]})
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    ending: str,
    table: dict[str, list[str | None]],
) -> None:
    path = tmp_path_factory.mktemp("csv") / f"table.{ending}"
    write(table, path)
    assert cells_of(path) == table


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = ["name{0}address{0}note", "Ann{0}'Ulm{0}", 'Bo{0}"x{0}y"{0}z']
    path = file_of(tmp_path, "\n".join(lines).format(delimiter))
    assert list(cells_of(path)) == ["name", "address", "note"]


def test_delimiter_fits_the_rows_where_the_header_has_two(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name;city, country, zip\nAnn;Ulm\nBo;Bonn\n")
    assert list(cells_of(path)) == ["name", "city, country, zip"]


def test_tsv_file_is_split_at_tabs_only(tmp_path: Path) -> None:
    path = file_of(tmp_path, "a,b\n1,2\n", "people.tsv")
    assert cells_of(path) == {"a,b": ["1,2"]}


def test_delimiter_is_found_where_the_sample_cuts_a_row(tmp_path: Path) -> None:
    path = file_of(tmp_path, "a;b|c\n1;2|3\nx|" + "y" * 100_000 + ";z\n")
    assert list(cells_of(path)) == ["a", "b|c"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk"]
)
def test_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = "姓名,电话,地址\n王小明,1,北京市朝阳区建国路1号\n欧阳喆,2,上海（浦东）\n"
    path = file_of(tmp_path, text.encode(encoding))
    assert cells_of(path)["姓名"] == ["王小明", "欧阳喆"]


@pytest.mark.parametrize("encoding", ["big5", "cp950", "gbk", "utf-16-le", "utf-16-be"])
def test_encoding_of_traditional_characters_is_found(
    tmp_path: Path, encoding: str
) -> None:
    text = "姓名,電話,地址\n陳大文,1,臺北市信義區松仁路7號\n歐陽曉雯,2,高雄市前鎮區\n"
    path = file_of(tmp_path, text.encode(encoding))
    assert cells_of(path)["姓名"] == ["陳大文", "歐陽曉雯"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "name"),
    [("gbk", "张伟"), ("gb18030", "李"), ("big5", "王大明"), ("big5", "張")],
)
def test_few_chinese_characters_are_enough(
    tmp_path: Path, encoding: str, name: str, delimiter: str
) -> None:
    text = f"name{delimiter}phone\r\n{name}{delimiter}1\r\n"
    path = file_of(tmp_path, text.encode(encoding))
    assert cells_of(path) == {"name": [name], "phone": ["1"]}


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-8-sig", "utf-16"])
def test_headers_of_full_width_are_read(tmp_path: Path, encoding: str) -> None:
    text = "Ｎａｍｅ,Ｅ－ｍａｉｌ,公司\nAnn,a@b.com,台中\n"
    path = file_of(tmp_path, text.encode(encoding))
    assert list(cells_of(path)) == ["Ｎａｍｅ", "Ｅ－ｍａｉｌ", "公司"]


@given(
    rows=st.lists(
        st.text("張陳林王李大明志偉美玲淑芬台北市中正區路號", min_size=2, max_size=6),
        min_size=3,
        max_size=6,
    ),
    encoding=st.sampled_from(["big5", "gb18030"]),
)
@settings(max_examples=60)
def test_chinese_encodings_are_never_taken_for_each_other(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"{encoding}.csv"
    path.write_bytes("\n".join(["name", *rows]).encode(encoding))
    try:
        found = cells_of(path)["name"]
    except InvalidInputError:
        return
    assert found == rows


def test_characters_of_either_encoding_are_refused(tmp_path: Path) -> None:
    letter = "地".encode("gb18030")
    assert letter.decode("big5") == "華"
    path = file_of(tmp_path, b"name\n" + letter + b"\n")
    with pytest.raises(InvalidInputError, match="may be GB18030 or Big5: see line 2"):
        read(path)


def test_big_endian_utf16_is_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"\xfe\xff" + "name\nÖ\n".encode("utf-16-be"))
    assert cells_of(path) == {"name": ["Ö"]}


@pytest.mark.parametrize(
    ("encoding", "cell"),
    [
        ("latin-1", "José Müller, Strüßchen, Ñandú, Çelik Ağ".replace("ğ", "g")),
        ("cp1251", "Иван Петрович Сидоров, Москва, улица Ленина"),
        ("koi8-r", "Иван Петрович Сидоров, Москва, улица Ленина"),
        ("euc-kr", "김민수 서울특별시 강남구 테헤란로 이영희 박지성 최수정"),
        ("shift-jis", "田中太郎 東京都千代田区 さくら タナカ"),
        ("euc-jp", "田中太郎 東京都千代田区 山田花子 大阪市北区"),
        ("iso8859-7", "Γιώργος Παπαδόπουλος Αθήνα"),
        ("cp1255", "משה כהן תל אביב ירושלים"),
    ],
)
def test_other_encodings_are_refused_with_the_line(
    tmp_path: Path, encoding: str, cell: str
) -> None:
    path = file_of(tmp_path, f'name\nAnn\r\n"{cell}"\n'.encode(encoding))
    with pytest.raises(InvalidInputError, match=r"no UTF-8 text: line 3 .*as UTF-8"):
        read(path)


def test_broken_utf8_is_not_taken_for_chinese(tmp_path: Path) -> None:
    text = "姓名,地址\n王小明,北京市朝阳区建国路一号\n".encode()
    path = file_of(tmp_path, text + b"\xe7\x8e,x\n")
    with pytest.raises(InvalidInputError, match="no UTF-8 text: line 3"):
        read(path)


def test_line_of_a_bad_byte_is_right_behind_a_mark(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"\xef\xbb\xbfname\n\xff\n")
    with pytest.raises(InvalidInputError, match="no UTF-8 text: line 2"):
        read(path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_of_a_bad_byte_is_counted_through_large_files(
    tmp_path: Path, end: str
) -> None:
    lines = ["name", *["x" * 100] * 20_000, "\xff", "y"]
    path = file_of(tmp_path, end.join(lines).encode("latin-1"))
    with pytest.raises(InvalidInputError, match="line 20002 has the first byte"):
        read(path)


def test_damaged_utf16_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name\nAnn\n".encode("utf-16") + b"\x00")
    with pytest.raises(InvalidInputError, match="no UTF-16 text: line 3"):
        read(path)


def test_utf16_without_a_mark_or_a_line_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name,city".encode("utf-16-le"))
    with pytest.raises(InvalidInputError, match="UTF-16 without a byte order mark"):
        read(path)


def test_nul_is_data(tmp_path: Path) -> None:
    assert cells_of(file_of(tmp_path, "a,b\n1,x\0y\n")) == {"a": ["1"], "b": ["x\0y"]}


def test_empty_cells_are_none(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'a,b\n,""\n1, \n')
    assert cells_of(path) == {"a": [None, "1"], "b": [None, " "]}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(tmp_path: Path, end: str) -> None:
    path = file_of(tmp_path, end.join(["a,b", "1,2", "3,4", ""]))
    assert cells_of(path) == {"a": ["1", "3"], "b": ["2", "4"]}


def test_blank_lines_are_skipped(tmp_path: Path) -> None:
    path = file_of(tmp_path, "\n\na,b\n1,2\n\n   \n3,4\n\n\n")
    assert cells_of(path) == {"a": ["1", "3"], "b": ["2", "4"]}


def test_columns_without_a_name_are_named_by_position(tmp_path: Path) -> None:
    assert list(cells_of(file_of(tmp_path, "a,,\n1,2,3\n"))) == [
        "a",
        "column_2",
        "column_3",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    "titles", ["客户资料导出 2025,,\n", "客户资料,,\n导出时间：5月,,\n"]
)
def test_titles_above_the_header_are_skipped(
    tmp_path: Path, titles: str, encoding: str
) -> None:
    text = f"{titles}姓名,手机1,地址\n王小明,138,\n李娜,139,北京\n"
    assert cells_of(file_of(tmp_path, text.encode(encoding))) == {
        "姓名": ["王小明", "李娜"],
        "手机1": ["138", "139"],
        "地址": [None, "北京"],
    }


@pytest.mark.parametrize("rows", ["", "Ann,020 1,York\n", "Ann,,\n,2,\n"])
def test_a_header_of_one_name_is_no_title_where_no_names_follow(
    tmp_path: Path, rows: str
) -> None:
    names = list(cells_of(file_of(tmp_path, f"name,,\n{rows}")))
    assert names == ["name", "column_2", "column_3"]


def test_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert cells_of(file_of(tmp_path, "a,b")) == {"a": [], "b": []}


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_empty_file_has_no_header_line(tmp_path: Path, content: str) -> None:
    with pytest.raises(InvalidInputError, match="has no header line"):
        read(file_of(tmp_path, content))


def test_repeated_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"people\.csv.*more than one.*\['a'\]"):
        read(file_of(tmp_path, "a,b,a\n1,2,3\n"))


@pytest.mark.parametrize(
    ("row", "found"), [("Secret", 1), ("Secret,2,3", 3), ("Secret,2,", 3)]
)
def test_row_of_another_width_is_named_by_line(
    tmp_path: Path, row: str, found: int
) -> None:
    path = file_of(tmp_path, f'a,b\n"x\ny",2\n\n{row}\n5,6\n')
    expected = f"line 5 has {found} fields, but the header has 2"
    with pytest.raises(InvalidInputError, match=expected) as caught:
        read(path)
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a,b\n1,2\n3,"x\n4,5\n', 3),
        ('a,b\n1,"x\ny","z\n', 3),
        ('a,b\n"x\ny\n', 2),
        ('a,b\n1,"x\ny\nz"\n3,"', 5),
        ('a,"b\n1,2\n', 1),
        ('a,b\n"p\n""q"",\nr","s\nt', 4),
    ],
)
def test_quote_without_end_is_named_by_the_line_it_opened(
    tmp_path: Path, content: str, line: int
) -> None:
    with pytest.raises(InvalidInputError, match=f"quote opened on line {line} is"):
        read(file_of(tmp_path, content))


def test_text_behind_a_closing_quote_is_kept(tmp_path: Path) -> None:
    assert cells_of(file_of(tmp_path, 'a,b\n"Ann" Lee,2\n'))["a"] == ["Ann Lee"]


def test_large_cells_are_read_and_the_parsers_limit_is_left_alone(
    tmp_path: Path,
) -> None:
    limit = csv.field_size_limit()
    path = file_of(tmp_path, f"a,b\n{'x' * 1_000_000},2\n")
    assert len(str(cells_of(path)["a"][0])) == 1_000_000
    assert csv.field_size_limit() == limit


def test_more_rows_than_a_batch_stay_in_order(tmp_path: Path) -> None:
    numbers: list[object] = [str(i) for i in range(25_001)]
    path = file_of(tmp_path, "\n".join(["n", *map(str, numbers)]))
    assert cells_of(path) == {"n": numbers}
