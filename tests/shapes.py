"""Small files of known truth whose fields come in unlike shapes."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["SHAPES", "Rows", "Shape", "copy_of", "person"]

# ruff: noqa: SIM905  name lists read better as text
GIVEN = (
    "James Mary John Linda Robert Patricia Michael Barbara David Jennifer Richard "
    "Maria Charles Susan Joseph Margaret Thomas Dorothy Liam Emma Noah Ava Oscar Ruth"
).split()
FAMILY = (
    "Smith Jones Taylor Brown Wilson Evans Johnson Roberts Walker Wright Robinson "
    "Thompson White Hughes Edwards Green Hall Wood Harris Lewis Clarke Ortega Novak "
    "Lindqvist Okafor Brandt Whitfield Tanaka Fischer Moreau"
).split()
STREETS = "Oak Maple Elm Cedar Mill Church Station Victoria Park High".split()
CITIES = "Leeds York Bath Derby Truro Ely Wells Ripon".split()
MONTHS = "January February March April May June July August September October".split()
TRADES = "Bakery Motors Logistics Foods Consulting Print Media Textiles".split()
BRANDS = (
    "Kestrel Bluebird Northgate Granite Silverline Orchard Harbour Beacon Falcon "
    "Meridian Juniper Cobalt Larkspur Summit Pioneer Atlas Willow Redwood"
).split()

Row = dict[str, str | None]
Rows = list[Row]
File = tuple[Rows | dict[str, Rows], list[int]]
"""Records, perhaps of several sources, and the entity of each."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A file made from a seed, and the least F1 that resolving it must reach."""

    make: Callable[[random.Random], File]
    least: float


def person(draw: random.Random) -> Row:
    """Return a customer, complete and clean."""
    given, family = draw.choice(GIVEN), draw.choice(FAMILY)
    year, month = draw.randint(1940, 2004), draw.randint(1, 10)
    day = draw.randint(1, 28)
    tail = draw.choice(["", str(draw.randint(1, 99))])
    return {
        "given": given,
        "family": family,
        "email": f"{given[0]}.{family}{tail}@mail.com".lower(),
        "phone": _phone(draw),
        "street": _street(draw),
        "city": draw.choice(CITIES),
        "postcode": f"LS{draw.randint(1, 20)} {draw.randint(1, 9)}AB",
        "born": f"{year}-{month:02}-{day:02}",
    }


def _phone(draw: random.Random) -> str:
    return f"+44 20 7{draw.randint(100, 999)} {draw.randint(1000, 9999)}"


def _street(draw: random.Random) -> str:
    return f"{draw.randint(1, 200)} {draw.choice(STREETS)} Street"


def _typo(draw: random.Random, text: str | None) -> str | None:
    """Return the text, in one of eight cases with one letter changed."""
    if not text or draw.random() > 1 / 8:
        return text
    at = draw.randrange(len(text))
    return text[:at] + draw.choice("abcdefghij0123456789") + text[at + 1 :]


def copy_of(draw: random.Random, customer: Row) -> Row:
    """Return a dirty copy: names mistyped, cells missing, the phone changed."""
    copy = {
        key: _typo(draw, value)
        if key in {"given", "family", "name"}
        else value
        if draw.random() > 0.15
        else None
        for key, value in customer.items()
    }
    if "phone" in copy and draw.random() < 0.2:
        copy["phone"] = _phone(draw)
    return copy


def _twice(
    change: Callable[[random.Random, Row, int], Row],
    make: Callable[[random.Random], Row] = person,
    n: int = 150,
) -> Callable[[random.Random], File]:
    """Return what makes two copies of each of `n` customers, changed one by one."""

    def file(draw: random.Random) -> File:
        rows: Rows = []
        for _ in range(n):
            customer = make(draw)
            rows += [change(draw, copy_of(draw, customer), i) for i in range(2)]
        return rows, [i // 2 for i in range(2 * n)]

    return file


def _renamed(*names: str) -> Callable[[random.Random, Row, int], Row]:
    """Return a change that gives the columns other names, in order."""
    return lambda draw, row, i: dict(zip(names, row.values(), strict=True))


def _without(row: Row, *names: str) -> Row:
    return {key: value for key, value in row.items() if key not in names}


def _types(draw: random.Random) -> File:
    rows: Rows = []
    truth: list[int] = []
    for i in range(80):
        customer = person(draw)
        for kind in ("Contact", "Lead", "Contact", "Lead"):
            rows.append({"record_type": kind, **copy_of(draw, customer)})
            truth.append(2 * i + (kind == "Lead"))
    return rows, truth


def _whole(row: Row) -> Row:
    parts = [row.get("given"), row.get("family")]
    name = " ".join(part for part in parts if part)
    return {"name": name, **_without(row, "given", "family")}


def _split_by_source(draw: random.Random) -> File:
    crm: Rows = []
    web: Rows = []
    for _ in range(150):
        customer = _without(person(draw), "email", "phone", "street", "postcode")
        names = ("first_name", "last_name", "city", "born")
        crm.append(_renamed(*names)(draw, copy_of(draw, customer), 0))
        web.append(_whole(copy_of(draw, customer)))
    return {"crm": crm, "web": web}, [*range(150), *range(150)]


PARTS = ("first_name", "last_name", *"email phone street city postcode born".split())


def _split_by_row(draw: random.Random, row: Row, i: int) -> Row:
    parts = {"first_name": row["given"], "last_name": row["family"], "name": None}
    whole = {"first_name": None, "last_name": None, "name": _whole(row)["name"]}
    rest = _without(row, "given", "family", "email", "street", "phone", "postcode")
    return {**(parts if draw.random() < 0.5 else whole), **rest}


def _swapped(draw: random.Random, row: Row, i: int) -> Row:
    given, family = row["given"], row["family"]
    if draw.random() < 0.15:
        given, family = family, given
    names: Row = {"first_name": given, "last_name": family}
    return {**names, **_without(row, "given", "family")}


def _orders(draw: random.Random, row: Row, i: int) -> Row:
    given, family = row["given"] or "", row["family"] or ""
    written = [
        f"{given} {family}",
        f"{family}, {given}",
        f"{family.upper()} {given}",
        f"{draw.choice(['Dr.', 'Mr', 'Mrs.', 'Prof.'])} {given} {family}",
    ]
    return {"name": draw.choice(written), **_without(row, "given", "family")}


def _seniors(draw: random.Random) -> File:
    """Fathers and sons of one name at one address, told apart by Sr and Jr."""
    rows: Rows = []
    truth: list[int] = []
    for i in range(60):
        father = person(draw)
        home = {key: father[key] for key in ("family", "street", "city", "postcode")}
        son = {**person(draw), **home, "given": father["given"]}
        for j, (who, suffix) in enumerate([(father, "Sr."), (son, "Jr.")]):
            for _ in range(2):
                row = _without(_whole(copy_of(draw, who)), "email", "born")
                rows.append({**row, "name": f"{row['name']} {suffix}"})
                truth.append(2 * i + j)
    return rows, truth


def _many_phones(draw: random.Random, row: Row, i: int) -> Row:
    others = [_phone(draw) if draw.random() < 0.3 else None for _ in range(3)]
    phones = [row["phone"], *others]
    draw.shuffle(phones)
    names = ("phone1", "phone2", "mobile", "fax")
    rest = _without(row, "phone", "street", "email", "born")
    return {**rest, **dict(zip(names, phones, strict=True))}


def _many_emails(draw: random.Random, row: Row, i: int) -> Row:
    other = f"{draw.choice(GIVEN)}{draw.randint(10, 9999)}@post.org".lower()
    emails = [row["email"], other if draw.random() < 0.5 else None]
    draw.shuffle(emails)
    rest = _without(row, "email", "phone", "street", "born")
    return {**rest, "email": emails[0], "work_email": emails[1]}


def _with_office(draw: random.Random) -> Row:
    office = person(draw)
    place = {f"office_{key}": office[key] for key in ("street", "city", "postcode")}
    return {**_without(person(draw), "email", "born"), **place}


def _two_homes(prefixes: tuple[str, str]) -> Callable[[random.Random, Row, int], Row]:
    def change(draw: random.Random, row: Row, i: int) -> Row:
        parts = ("street", "city", "postcode")
        homes = [
            [row[part] for part in parts],
            [row[f"office_{part}"] for part in parts],
        ]
        if draw.random() < 0.25:  # one address only, and in either place
            homes[draw.randrange(2)] = [None] * 3
        if draw.random() < 0.25:
            homes.reverse()
        places = {
            f"{prefix}{part}": cell
            for prefix, home in zip(prefixes, homes, strict=True)
            for part, cell in zip(parts, home, strict=True)
        }
        names = {"first_name": row["given"], "last_name": row["family"]}
        return {**names, **places}

    return change


def _salesforce(draw: random.Random, row: Row, i: int) -> Row:
    columns = {"billing_street": "BillingStreet", "billing_city": "BillingCity"}
    columns |= {"billing_postcode": "BillingPostalCode"}
    columns |= {"shipping_street": "ShippingStreet", "shipping_city": "ShippingCity"}
    columns |= {"shipping_postcode": "ShippingPostalCode"}
    columns |= {"first_name": "FirstName", "last_name": "LastName"}
    made = _two_homes(("billing_", "shipping_"))(draw, row, i)
    return {columns[key]: value for key, value in made.items()}


def _born(row: Row) -> tuple[str, str, str] | None:
    return tuple(row["born"].split("-")) if row["born"] else None  # type: ignore[return-value]


def _birth_parts(draw: random.Random, row: Row, i: int) -> Row:
    year, month, day = _born(row) or (None, None, None)
    if month and draw.random() < 0.3:
        month = MONTHS[int(month) - 1][:3]
    if year and draw.random() < 0.3:
        year = year[2:]
    rest = _without(row, "born", "email", "phone", "street")
    return {"birth_month": month, "birth_day": day, "birth_year": year, **rest}


def _birth_formats(draw: random.Random, row: Row, i: int) -> Row:
    born = _born(row)
    if born is not None:
        year, month, day = born
        written = [
            f"{day}/{month}/{year}",
            f"{year}-{month}-{day}",
            f"{int(day)}.{int(month)}.{year[2:]}",
            f"{MONTHS[int(month) - 1]} {int(day)}, {year}",
        ]
        row = {**row, "born": draw.choice(written)}
    return _without(row, "email", "phone", "street")


def _age(draw: random.Random, row: Row, i: int) -> Row:
    born = _born(row)
    age = None if born is None else str(2024 + i - int(born[0]))
    return {**_without(row, "born", "street"), "age": age}


def _company(draw: random.Random) -> Row:
    name = f"{draw.choice(BRANDS)} {draw.choice(FAMILY)} {draw.choice(TRADES)}"
    return {"name": name, **{k: person(draw)[k] for k in PLACE}}


PLACE = ("phone", "street", "city", "postcode")


def _form(draw: random.Random, name: str | None) -> str:
    return f"{name}{draw.choice(['', ' Ltd', ' Limited', ' Inc.'])}"


def _either(draw: random.Random, change: Callable[[Row, Row], Row]) -> File:
    """Persons and companies in one table, two or three records each."""
    rows: Rows = []
    truth: list[int] = []
    for i in range(140):
        is_company = i % 2 == 0
        customer = _company(draw) if is_company else person(draw)
        for _ in range(draw.choice([1, 2, 3])):
            copy = copy_of(draw, customer)
            place = {key: copy[key] for key in PLACE}
            if is_company:
                name = _form(draw, copy["name"])
                rows.append(change({"company": name}, place))
            else:
                rows.append(change(copy, place))
            truth.append(i)
    return rows, truth


def _apart(who: Row, place: Row) -> Row:
    names = {"first_name": who.get("given"), "last_name": who.get("family")}
    return {"company_name": who.get("company"), **names, **place}


def _together(who: Row, place: Row) -> Row:
    return {"name": who.get("company") or _whole(who)["name"], **place}


def _sparse(draw: random.Random, row: Row, i: int) -> Row:
    words = "good nice late call back vip asked for invoice blue order soon".split()
    rest: Row = {
        f"attribute_{j}": draw.choice(words) if draw.random() < 0.15 else None
        for j in range(20)
    }
    notes = {"notes": " ".join(draw.choices(words, k=draw.randint(3, 15)))}
    return {**_renamed(*PARTS)(draw, row, i), **rest, **notes}


def _lists(draw: random.Random, row: Row, i: int) -> Row:
    other = f"{draw.choice(GIVEN)}{draw.randint(10, 9999)}@post.org".lower()
    emails = [row["email"], other if draw.random() < 0.5 else None]
    phones = [row["phone"], _phone(draw) if draw.random() < 0.5 else None]
    draw.shuffle(emails)
    draw.shuffle(phones)
    lists: Row = {
        "email": "; ".join(filter(None, emails)) or None,
        "phone": ", ".join(filter(None, phones)) or None,
    }
    return {**_without(row, "street", "postcode", "city"), **lists}


def _constant(draw: random.Random, row: Row, i: int) -> Row:
    return {**row, "city": "Leeds", "postcode": "LS1 1AB", "country": "GB"}


def _two_names(draw: random.Random) -> File:
    """Organisations by trading or legal name, or both, in two columns."""
    rows: Rows = []
    for _ in range(120):
        firm = _company(draw)
        legal = f"{draw.choice(FAMILY)} & {draw.choice(FAMILY)} {draw.choice(TRADES)}"
        for j in range(2):
            copy = copy_of(draw, firm)
            names = [copy["name"], _form(draw, legal)]
            if draw.random() < 0.4:
                names[draw.randrange(2)] = None
            elif draw.random() < 0.3:
                names.reverse()
            row = {"name": names[0], "legal_name": names[1]}
            rows.append({**row, **{key: copy[key] for key in PLACE[j % 2 + 1 :]}})
    return rows, [i // 2 for i in range(240)]


def _sites(draw: random.Random) -> Row:
    """Return a restaurant, whose chain has others in other streets."""
    return {
        "name": f"{draw.choice(BRANDS[:9])} {draw.choice(['Grill', 'Cafe', 'Diner'])}",
        **{key: person(draw)[key] for key in PLACE},
    }


def _noise(draw: random.Random, row: Row, i: int) -> Row:
    """Add what is about the record, not about the customer."""
    number = draw.randint(1, 10**9)
    day = f"202{draw.randint(0, 5)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    time = f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}"
    return {
        **_without(row, "street", "postcode"),
        "crm_id": str(number) if i else None,
        "uuid": f"{draw.getrandbits(128):032x}",
        "balance": f"{draw.uniform(-500, 5000):.2f}",
        "order_total": f"{draw.lognormvariate(4, 1):.2f}",
        "status": draw.choice(["new", "open", "won", "lost"]),
        "lead_score": str(draw.randint(0, 100)),
        "last_login": f"{day} {time}",
        "updated_at": f"{day}T{time}Z",
    }


def _nameless_noise(draw: random.Random, row: Row, i: int) -> Row:
    noisy = _noise(draw, row, i)
    return {f"col{j}": value for j, value in enumerate(noisy.values())}


def _metrics(draw: random.Random) -> File:
    rows: Rows = []
    for _ in range(200):
        family = draw.choice(FAMILY) + draw.choice(["", "ton", "ford", "ley", "son"])
        given = draw.choice(GIVEN)
        email = f"{given}.{family}{draw.randint(1, 99)}@mail.com".lower()
        for _ in range(2):
            metrics = {f"metric_{j}": str(draw.random()) for j in range(20)}
            rows.append({"name": f"{given} {family}", "email": email, **metrics})
    return rows, [i // 2 for i in range(400)]


def _numbered(draw: random.Random) -> Row:
    row = _without(person(draw), "email", "street", "phone", "postcode")
    return {**row, "phone": None, "number": str(draw.randint(10**7, 10**8))}


def _loyal(header: str) -> Callable[[random.Random, Row, int], Row]:
    return lambda draw, row, i: {
        **_without(row, "number", "phone", "born"),
        header: row["number"],
    }


CHINESE = ("名", "姓", "电子邮箱", "手机号码", "详细地址", "城市", "邮编", "出生日期")
GERMAN = tuple("Vorname Nachname E-Mail Telefon Straße Ort PLZ Geburtstag".split())
FRENCH = (
    *("Prénom", "Nom de famille", "Courriel", "Téléphone", "Adresse", "Ville"),
    *("Code postal", "Date de naissance"),
)
SPANISH = (
    *("Nombres", "Apellidos", "Correo", "Teléfono", "Dirección", "Ciudad"),
    *("Código postal", "Fecha de nacimiento"),
)
UPPER = tuple(name.upper() for name in PARTS)
CAMEL = tuple("FirstName LastName EMail PhoneNo Street City PostCode DOB".split())

SHAPES: Mapping[str, Shape] = {
    "types": Shape(_types, 0.95),
    "split_by_source": Shape(_split_by_source, 0.95),
    "split_by_row": Shape(_twice(_split_by_row), 0.9),
    "swapped": Shape(_twice(_swapped), 0.95),
    "orders": Shape(_twice(_orders), 0.95),
    "seniors": Shape(_seniors, 0.9),
    "many_phones": Shape(_twice(_many_phones), 0.95),
    "many_emails": Shape(_twice(_many_emails), 0.9),
    "two_homes": Shape(_twice(_two_homes(("home_", "office_")), _with_office), 0.9),
    "salesforce": Shape(_twice(_salesforce, _with_office), 0.9),
    "birth_parts": Shape(_twice(_birth_parts), 0.9),
    "birth_formats": Shape(_twice(_birth_formats), 0.9),
    "age": Shape(_twice(_age), 0.9),
    "companies_apart": Shape(lambda draw: _either(draw, _apart), 0.95),
    "companies_together": Shape(lambda draw: _either(draw, _together), 0.95),
    "sparse": Shape(_twice(_sparse), 0.95),
    "lists": Shape(_twice(_lists), 0.95),
    "constant": Shape(_twice(_constant), 0.95),
    "two_names": Shape(_two_names, 0.9),
    "sites": Shape(_twice(lambda draw, row, i: row, _sites), 0.9),
    "noise": Shape(_twice(_noise), 0.95),
    "nameless_noise": Shape(_twice(_nameless_noise), 0.95),
    "metrics": Shape(_metrics, 0.9),
    "loyalty": Shape(_twice(_loyal("loyalty_no"), _numbered), 0.95),
    "passport": Shape(_twice(_loyal("Passport"), _numbered), 0.95),
    "nameless": Shape(_twice(_renamed(*(f"col{i}" for i in range(8)))), 0.95),
    "upper": Shape(_twice(_renamed(*UPPER)), 0.95),
    "camel": Shape(_twice(_renamed(*CAMEL)), 0.95),
    "chinese": Shape(_twice(_renamed(*CHINESE)), 0.95),
    "german": Shape(_twice(_renamed(*GERMAN)), 0.95),
    "french": Shape(_twice(_renamed(*FRENCH)), 0.95),
    "spanish": Shape(_twice(_renamed(*SPANISH)), 0.95),
}
