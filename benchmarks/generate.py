"""Customer records with a known truth: households, namesakes, shared contacts, dirt.

    python benchmarks/generate.py --records 100000 --language en --seed 0 --output FILE
    python benchmarks/generate.py --example

The file's ending, `.csv` or `.parquet`, decides its format; Parquet needs pyarrow. The
last column, `cluster_id`, is the truth: drop it before anything sees the records. The
same arguments always give the same table. Tables of more than a million records are
made and written in parts of as many, so that ten million need no more memory; nobody
has records in two parts. `--example` writes `examples/customers.csv`, and in Chinese
`examples/customers_zh.csv` and `examples/orders_zh.csv`, without the truth and with
reserved telephone numbers and mail domains.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import numpy as np

import chinese
import chinese_mixed
import english
from dirt import Cells
from population import count_records, populate, record

LANGUAGES = {"en": english, "zh": chinese, "zh_mixed": chinese_mixed}
ID = {"en": "record_id", "zh": "客户编号", "zh_mixed": "客户编号"}
TRUTH = "cluster_id"
PART = 1_000_000
"""Records held in memory at a time."""
GHOSTS = 0.003
"""The share of records that hold nothing to know anyone by."""
EXAMPLE = Path(__file__).parent.parent / "examples" / "customers.csv"
EXAMPLE_TRUTH = EXAMPLE.with_name("customers_truth.csv")
EXAMPLE_ZH = EXAMPLE.with_name("customers_zh.csv")
ORDERS_ZH = EXAMPLE.with_name("orders_zh.csv")
SEED_ZH = 14
SALES_ZH = ("李娜", "张伟", "刘洋", "陈静", "公海")
GHOSTS_ZH = (
    {"来源": "官网", "姓名": "测试", "手机": "13800138000", "邮箱": "test@test.com"},
    {"来源": "客服", "姓名": "无", "手机": "00000000000", "地址": "不详"},
    {"来源": "小程序", "性别": "女", "城市": "上海市"},
)


def generate(n_records: int, language: str = "en", seed: int = 0) -> dict[str, Cells]:
    """Return a table of customer records as columns of text; `None` is missing.

    Args:
        n_records: How many records.
        language: `"en"` for customers in the United States, `"zh"` for China,
            `"zh_mixed"` for China in traditional characters, Pinyin and masks too.
        seed: The same seed gives the same table.
    """
    first, *others = parts(n_records, language, seed)
    for other in others:
        for name, cells in other.items():
            first[name] += cells
    return first


def parts(
    n_records: int, language: str = "en", seed: int = 0, size: int = PART
) -> Iterator[dict[str, Cells]]:
    """Yield the table that `generate` returns in parts of at most `size` records."""
    pack = LANGUAGES[language]
    seeds = [seed, n_records, sorted(LANGUAGES).index(language)]
    width = len(str(n_records))
    for part, start in enumerate(range(0, n_records, size)):
        n = min(size, n_records - start)
        rng = np.random.default_rng([*seeds, part] if part else seeds)
        counts = count_records(rng, n)
        people = populate(rng, len(counts), pack, part)
        records = record(rng, people, counts, pack)
        columns = pack.render(rng, records, len(counts))
        ghosts = _empty_ghosts(rng, columns, n)
        persons = (records.person + start).tolist()
        yield {
            ID[language]: [f"r{start + row:0{width}d}" for row in range(1, n + 1)],
            **columns,
            TRUTH: _truth(persons, ghosts, start + len(counts)),
        }


def _empty_ghosts(
    rng: np.random.Generator, columns: dict[str, Cells], n_records: int
) -> set[int]:
    """Empty whole records, but for the first and the last column of each."""
    ghosts = np.flatnonzero(rng.random(n_records) < GHOSTS).tolist()
    for cells in list(columns.values())[1:-1]:
        for row in ghosts:
            cells[row] = None
    return set(ghosts)


def _truth(persons: list[int], ghosts: set[int], n_people: int) -> Cells:
    alone = count(n_people)  # nobody can say whose a ghost is: each is its own entity
    return [
        f"c{next(alone) if row in ghosts else person:07d}"
        for row, person in enumerate(persons)
    ]


def example() -> dict[str, Cells]:
    """Return the table of `examples/customers.csv`: a few customers are Chinese."""
    table = generate(288, "en", 7)
    chinese_rows = generate(12, "zh", 7)
    names = chinese_rows["姓名"]
    moved = {
        "source": ["webshop"] * len(names),
        "given_name": [name and name[1:] for name in names],
        "family_name": [name and name[:1] for name in names],
        "email": chinese_rows["邮箱"],
        "phone": chinese_rows["手机"],
        "address": chinese_rows["地址"],
        "city": chinese_rows["城市"],
        "updated_at": chinese_rows["更新时间"],
    }
    joined = {
        name: [*cells, *moved.get(name, [None] * len(names))]
        for name, cells in table.items()
        if name != TRUTH
    }
    order = np.random.default_rng(7).permutation(300).tolist()
    shuffled = {name: [cells[row] for row in order] for name, cells in joined.items()}
    return shuffled | {
        "record_id": [f"C{row:04d}" for row in range(1001, 1301)],
        "phone": [_reserved_phone(phone) for phone in shuffled["phone"]],
        "email": [_reserved_mail(email) for email in shuffled["email"]],
    }


def example_truth() -> dict[str, Cells]:
    """Return the table of `examples/customers_truth.csv`: who is who in the example."""
    truth = [
        f"{language}-{cell}"
        for language, n_records in (("en", 288), ("zh", 12))
        for cell in generate(n_records, language, 7)[TRUTH]
    ]
    order = np.random.default_rng(7).permutation(300).tolist()
    return {
        "record_id": [f"C{row:04d}" for row in range(1001, 1301)],
        TRUTH: [truth[row] for row in order],
    }


def example_zh() -> tuple[dict[str, Cells], list[str | None]]:
    """Return the table of `examples/customers_zh.csv`, and who is who in it.

    It is what a sales team would export: who looks after a customer, and since when;
    identity numbers are masked, as they are in exports.
    """
    n, rng = 57, np.random.default_rng(SEED_ZH)
    made = generate(n, "zh_mixed", SEED_ZH)
    updated = np.asarray(made["更新时间"], dtype="datetime64[D]")
    created = updated - rng.integers(0, 700, n)
    table = {name: cells for name, cells in made.items() if name != TRUTH} | {
        "手机": [_reserved_phone_zh(phone) for phone in made["手机"]],
        "邮箱": [_reserved_mail(email) for email in made["邮箱"]],
        "身份证": [
            number and f"{number[:6]}********{number[-4:]}" for number in made["身份证"]
        ],
        "负责人": [SALES_ZH[i] for i in rng.integers(0, len(SALES_ZH), n).tolist()],
        "创建时间": created.astype(str).tolist(),
    }
    truth = made[TRUTH] + [f"ghost {row}" for row in range(len(GHOSTS_ZH))]
    order = rng.permutation(len(truth)).tolist()
    shuffled = {
        name: [[*cells, *(ghost.get(name) for ghost in GHOSTS_ZH)][i] for i in order]
        for name, cells in table.items()
    }
    ids: Cells = [f"KH{row}" for row in range(1001, 1001 + len(truth))]
    return shuffled | {ID["zh"]: ids}, [truth[row] for row in order]


def orders_zh() -> dict[str, Cells]:
    """Return the table of `examples/orders_zh.csv`: who ordered, when, for how much."""
    n, rng = 40, np.random.default_rng(SEED_ZH)
    ids = example_zh()[0]["客户编号"]
    days = np.datetime64("2025-07-01") + np.sort(rng.integers(0, 90, n))
    return {
        "订单编号": [f"DD{row}" for row in range(5001, 5001 + n)],
        "客户编号": [ids[i] for i in rng.integers(0, len(ids), n).tolist()],
        "下单时间": days.astype(str).tolist(),
        "金额": [f"{cents / 100:.2f}" for cents in rng.integers(990, 99900, n)],
    }


def _reserved_phone_zh(phone: str | None) -> str | None:
    """As `_reserved_phone`, and no landline: no block of those is kept free."""
    digits = re.sub(r"\D", "", phone or "").removeprefix("86")
    return _reserved_phone(phone) if digits.startswith("1") else None


def _reserved_phone(phone: str | None) -> str | None:
    """Make it nobody's number: 555-01xx, or a Chinese block that is not given out."""
    if phone is None or phone in english.NO_PHONE:
        return phone
    american = re.sub(r"(\d{3}\D*)\d{3}(\D*)\d\d(\d\d)$", r"\g<1>555\g<2>01\3", phone)
    mobile = re.sub(r"(1\d\d\D?)\d{4}(\D?\d{4})$", r"\g<1>0000\2", phone)
    return mobile if mobile != phone else american


def _reserved_mail(email: str | None) -> str | None:
    """Make it nobody's mailbox: the ending that RFC 2606 keeps for examples."""
    return email and re.sub(r"\.\w+$", ".example", email)


def write(tables: Iterable[dict[str, Cells]], path: Path) -> None:
    """Write the parts of a table as CSV, or as Parquet if the path ends so."""
    if path.suffix == ".parquet":
        _write_parquet(tables, path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, table in enumerate(tables):
            if not number:
                writer.writerow(table)
            writer.writerows(zip(*table.values(), strict=True))


def _write_parquet(tables: Iterable[dict[str, Cells]], path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415  optional
    from pyarrow import parquet  # noqa: PLC0415

    with ExitStack() as stack:
        writer = None
        for table in tables:
            schema = pa.schema([(name, pa.string()) for name in table])
            if writer is None:
                writer = stack.enter_context(parquet.ParquetWriter(path, schema))
            writer.write_table(pa.table(table, schema))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, default=Path("customers.csv"))
    parser.add_argument("--example", action="store_true", help="write the examples")
    options = parser.parse_args()
    if options.example:
        write([example()], EXAMPLE)
        write([example_truth()], EXAMPLE_TRUTH)
        write([example_zh()[0]], EXAMPLE_ZH)
        write([orders_zh()], ORDERS_ZH)
    else:
        write(parts(options.records, options.language, options.seed), options.output)


if __name__ == "__main__":
    main()
