"""Hostile payloads."""

import json

from run import Case, read

LEVELS = 10_000_000
MILLION = 1_000_000
GIGABYTE = 10**9
TOO_DEEP = r"standard input:1:\d+: nested deeper than 1024 levels \(byte \d+, in \$[^\n]*\)"


def times(text, count, at_once=100_000):
    """A text so many times, in pieces."""
    whole, rest = divmod(count, at_once)
    piece = text.encode() * at_once
    for _ in range(whole):
        yield piece
    yield text.encode() * rest


def payload(*parts):
    """A function that gives the parts' pieces, of which some are texts."""

    def pieces():
        for part in parts:
            yield from [part.encode()] if isinstance(part, str) else part()

    return pieces


def repeated(text, count):
    return lambda: times(text, count)


def numbered(text, count, number=lambda index: index):
    """A function that gives a text with each number in it, with commas between."""

    def pieces():
        comma = ""
        for start in range(0, count, 10_000):
            some = range(start, min(start + 10_000, count))
            yield (comma + ",".join(text.replace("#", str(number(index))) for index in some)).encode()
            comma = ","

    return pieces


def of_chargers(*members):
    """A payload with a charger that has these members."""
    return payload('{"operatorGroups":[{"id":1,"chargers":[{"chargerId":"A",', *members, "}]}]}")


def of_sites(*sites):
    return payload('{"operatorGroups":[', *sites, "]}")


def deep(name, *parts, **expected):
    return Case(f"{LEVELS:,} levels: {name}", payload(*parts), **expected)


def levels():
    refused = {"exit": 6, "says": TOO_DEEP, "mebibytes": 64}
    site = '{"subgroups":['
    lists = ('{"operatorGroups":[],"x":', repeated("[", LEVELS), repeated("]", LEVELS), "}")
    yield deep("lists", repeated("[", LEVELS), **refused)
    yield deep("sites", '{"operatorGroups":[', repeated(site, LEVELS // 2), **refused)
    yield deep("lists nobody knows", *lists, **refused)
    yield deep("objects", '{"x":', repeated('{"x":', LEVELS), **refused)
    allowed = {"options": ("--max-depth", str(2 * LEVELS)), "mebibytes": 4096, "seconds": 120}
    yield deep("lists nobody knows, allowed", *lists, rows={"extras": 1}, **allowed)
    operator = '{"id":1,"groups":[{"id":2,"operators":['
    yield deep(
        "operators in sites, allowed",
        '{"operatorGroups":[{"id":1,"operators":[',
        repeated(operator, LEVELS // 4),
        repeated("]}]}", LEVELS // 4),
        "]}]}",
        rows={"sites": 2, "operators": 1},
        **allowed,
    )


def strings():
    gigabyte = repeated("x" * 100, GIGABYTE // 100)
    # What the copies of a token take; how far the largest of them overlap differs from run to run.
    large = {"mebibytes": 10 * 1024, "seconds": 180}

    def has_length(table, column):
        def check(out):
            found = [len(row[column]) for row in read(out, table)]
            if found != [GIGABYTE]:
                yield f"{table}.{column} has the lengths {found}"

        return check

    named = of_sites('{"id":1,"groupName":"', gigabyte, '"}')
    yield Case("1 GB of a name", named, check=has_length("sites", "group_name"), **large)
    key = of_sites('{"id":1,"', gigabyte, '":1}')
    yield Case("1 GB of a key", key, check=has_length("extras", "field"), **large)
    identity = of_sites('{"id":1,"chargers":[{"chargerId":"', gigabyte, '"}]}')
    yield Case("1 GB of an id", identity, check=has_length("chargers", "charger_id"), **large)
    escapes = of_sites('{"id":1,"groupName":"', repeated("\\u0078", GIGABYTE // 6), '"}')
    yield Case("1 GB of escapes", escapes, rows={"sites": 1}, **large)
    digits = of_sites('{"id":1,"payerId":', repeated("7", GIGABYTE), "}")
    yield Case("1 GB of a number", digits, rows={"sites": 1, "anomalies": 1}, **large)
    space = payload('{"operatorGroups":[', repeated(" " * 100, GIGABYTE // 100), "]}")
    yield Case("1 GB of white space", space, rows={"sites": 0}, **large)
    too_long = of_sites('{"id":1,"groupName":"', repeated("x" * 100, GIGABYTE // 40), '"}')
    yield Case("2.5 GB of a name", too_long, exit=6, says="2 GiB", **large)


def endless():
    """Inputs that never end: a limit ends them."""

    def forever(start, text):
        def pieces():
            yield start.encode()
            while True:
                yield from times(text, 100_000)

        return pieces

    texts = {
        "white space": ("", " \n"),
        "white space behind the payload": ('{"operatorGroups":[]}', "\t"),
        "a string": ('{"operatorGroups":[{"groupName":"', "x"),
        "a key": ('{"operatorGroups":[{"', "x"),
        "numbers": ('{"operatorGroups":[{"x":[1', ",1"),
        "one number": ('{"operatorGroups":[{"payerId":', "7"),
        "sites": ('{"operatorGroups":[{"id":1}', ',{"id":1}'),
        "a list": ("[1", ",1"),
    }
    for name, (start, text) in texts.items():
        options = ("--max-input-bytes", "100MB")
        says = r"longer than the limit of 100000000 bytes \(byte 100000000, in \$"
        yield Case(f"{name} without end", forever(start, text), options=options, exit=6, says=says, mebibytes=512)
    space = forever('{"operatorGroups":[{"id":1', " \n" * 50)
    # Which limit comes first depends on how the pipe fills, and so on how far the buffer has doubled.
    says = "2 GiB|out of memory"
    yield Case("white space without end in a record, no limit", space, exit=6, says=says, mebibytes=2304, seconds=120)
    string = forever(*texts["a string"])
    memory = {"options": ("--max-memory", "500MB"), "says": "more than the 476.8 MiB of --max-memory", "mebibytes": 2048}
    yield Case("a string without end, memory limited", string, exit=6, **memory)
    yield Case("a string without end, no limit", string, exit=6, says="2 GiB", mebibytes=2300)


def keys():
    large = {"mebibytes": 2048, "seconds": 120}
    fields = numbered('"f#":1', MILLION)
    yield Case(
        "1,000,000 unknown fields of a site",
        of_sites('{"id":1,', fields, "}"),
        rows={"extras": MILLION, "anomalies": MILLION},
        **large,
    )
    yield Case(
        "1,000,000 unknown fields, each of a site of its own",
        of_sites(numbered('{"id":#,"f#":1}', MILLION)),
        rows={"sites": MILLION, "extras": MILLION, "anomalies": MILLION},
        **large,
    )
    yield Case(
        "1,000,000 keys in one unknown object",
        of_sites('{"id":1,"x":{', fields, "}}"),
        rows={"extras": 1},
        **large,
    )
    yield Case(
        "1,000,000 custom properties",
        of_chargers('"customProperties":{', fields, "}"),
        rows={"charger_custom_properties": MILLION},
        **large,
    )
    yield Case(
        "1,000,000 times the same key",
        of_sites('{"id":1,', numbered('"groupName":"#"', MILLION), "}"),
        rows={"sites": 1, "anomalies": MILLION - 1},
        **large,
    )
    yield Case(
        "1,000,000 times the same key in a record that is lost",
        of_sites('{"id":1,"chargers":[{', numbered('"a":#', MILLION), '}],"chargers":[]}'),
        rows={"sites": 1, "anomalies": MILLION},
        **large,
    )
    yield Case(
        "1,000,000 values of a wrong type",
        of_sites('{"id":1,"chargers":[{"capabilities":[', numbered("#", MILLION), "]}]}"),
        rows={"chargers": 1, "anomalies": MILLION + 1},
        **large,
    )
    yield Case(
        "1,000,000 lists of chargers under the same key",
        of_sites('{"id":1,', numbered('"chargers":[{"chargerId":"#"}]', MILLION), "}"),
        rows={"chargers": 1, "anomalies": MILLION - 1},
        **large,
    )
    for name, text, table in (
        ("custom properties", '"customProperties":{', "charger_custom_properties"),
        ("unknown fields", "", "extras"),
    ):
        one, other = numbered('"f#":1', MILLION), numbered('"f#":2', MILLION)
        end = "}" if text else ""
        yield Case(
            f"1,000,000 {name} that differ",
            of_sites('{"id":1,"chargers":[{"chargerId":"A",', text, one, end + '},{"chargerId":"A",', text, other, end + "}]}"),
            rows={table: MILLION, "conflicts": MILLION},
            **large,
        )
    sockets = [numbered('{"id":#}', MILLION), numbered('{"id":#}', MILLION, lambda index: index + 1)]
    yield Case(
        "1,000,000 sockets that differ",
        of_sites('{"id":1,"chargers":[{"chargerId":"A","sockets":[', sockets[0], ']},{"chargerId":"A","sockets":[', sockets[1], "]}]}"),
        rows={"sockets": MILLION, "conflicts": MILLION},
        **large,
    )
    yield Case(
        "1,000,000 tags without identity",
        of_sites('{"id":1,"users":[{"id":1,"tags":[', numbered('{"idTag":"#"}', MILLION), "]}]}"),
        rows={"tags": MILLION, "anomalies": MILLION},
        **large,
    )
    tags = numbered('{"id":#}', MILLION)
    yield Case(
        "1,000,000 tags of two users",
        of_sites('{"id":1,"users":[{"id":1,"tags":[', tags, ']},{"id":2,"tags":[', tags, "]}]}"),
        rows={"tags": MILLION, "conflicts": MILLION},
        **large,
    )
    yield Case(
        "2,000 sites that contain the one that they are in",
        of_sites('{"id":-1,"subgroups":[', numbered('{"id":#,"subgroups":[{"id":-1}]}', 2_000), "]}"),
        rows={"sites": 2_001, "site_ancestors": 2_001**2, "anomalies": 1},
        **large,
    )
    yield Case(
        "1,000,000 chargers without identity",
        of_sites('{"id":1,"chargers":[', numbered('{"iccid":"#"}', MILLION), "]}"),
        rows={"chargers": MILLION},
        **large,
    )


# What common hash functions of integers multiply by, undone: products that differ in high bits only.
UNDONE = {
    "Fx": pow(0xF1357AEA2E62A9C5, -1, 1 << 64),
    "Fibonacci": pow(0x9E3779B97F4A7C15, -1, 1 << 64),
}


def signed(number):
    number %= 1 << 64
    return number - (1 << 64) if number >> 63 else number


def colliding():
    steps = {f"2^{bits}": 1 << bits for bits in (16, 32, 44)}
    steps |= {str(prime): prime for prime in (65_537, 1_000_003, 2_147_483_647)}
    steps |= {f"2^{shift} undone for {name}": undone << shift for name, undone in UNDONE.items() for shift in (0, 38)}
    for name, step in steps.items():
        site = '{"id":#,"operators":[{"id":#}]}'
        sites = of_sites(numbered(site, MILLION // 5, lambda index, step=step: signed(index * step)))
        rows = {"sites": MILLION // 5, "operators": MILLION // 5, "site_operators": MILLION // 5}
        yield Case(f"200,000 ids, multiples of {name}", sites, rows=rows, mebibytes=512)
    # Without a seed, Fx gives all of these one hash: the end cancels what the start leaves of the state.
    text = '{"iccid":"004258#RgG@w\'Rawxyzvu"}'
    yield Case(
        "200,000 chargers without identity, of one hash for Fx",
        of_sites('{"id":1,"chargers":[', numbered(text, MILLION // 5, "{:016}".format), "]}"),
        rows={"chargers": MILLION // 5},
        mebibytes=512,
    )


NAMES = [
    "../../etc/passwd", "/etc/passwd", "..\\..\\windows", "a\0b", "\0", "a\nb", "a\r\nb,c\"d\"", "\r", ",", '"',
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "'", "; rm -rf ~", "$(id)", "%s%n", "\\N", "NULL",
    "\u202e\u0000", "\ufeff", "\u2028", "\U0010ffff", "'; DROP TABLE sites; --", "<script>", "",
]


def names():
    def chargers(out):
        found = {row["charger_id"] for row in read(out, "chargers")}
        if found != set(NAMES):
            yield f"chargers: {sorted(found ^ set(NAMES))}"

    def properties(out):
        for row in read(out, "charger_custom_properties"):
            if row["name"] != row["value"]:
                yield f"custom property {row['name']!r}: {row['value']!r}"

    def fields(out):
        found = {row["field"] for row in read(out, "extras")}
        if found != set(NAMES):
            yield f"extras: {sorted(found ^ set(NAMES))}"

    def all_of_them(out):
        yield from chargers(out)
        yield from properties(out)
        yield from fields(out)
        stray = [path for path in out.parent.iterdir() if path.name not in ("out", "stderr")]
        if stray:
            yield f"written elsewhere: {stray}"

    every = {name: name for name in NAMES}
    listed = [{"chargerId": name, "customProperties": every, "evseId": name} | every for name in NAMES]
    text = json.dumps({"operatorGroups": [{"id": 1, "groupName": NAMES[0], "chargers": listed}]})
    # The peak that the system tells of a process includes what this script had when it began.
    yield Case("names of paths, NULs, line breaks, formulas", payload(text), check=all_of_them, mebibytes=128)
    refused = {"exit": 1, "says": "starts like a formula"}
    yield Case("the same, formulas refused", payload(text), options=("--csv-safe", "reject"), **refused)


CASES = [*levels(), *strings(), *endless(), *keys(), *colliding(), *names()]
