"""What organisations hand in is read whatever its form; what cannot be taken over is named with its place."""

import csv
import io
import json
import time
import zipfile

import pytest

from dijkwacht.rooms.advisories.inventory import rules
from dijkwacht.rooms.advisories.inventory.errors import TooLarge, TooMuch, UnknownForm, Unreadable
from dijkwacht.rooms.advisories.inventory.reading import lists, read
from dijkwacht.rooms.advisories.inventory.rules import Entry

LOG4J = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"
CPE = "cpe:2.3:o:fortinet:fortios:7.2.3:*:*:*:*:*:*:*"


def cyclonedx(*components, version="1.5", **more):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": version, "components": components, **more}).encode()


def xml(body, version="1.6"):
    return f'<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/{version}">{body}</bom>'.encode()


SPDX = {
    "spdxVersion": "SPDX-2.3",
    "name": "webshop",
    "packages": [
        {
            "name": "log4j-core",
            "versionInfo": "2.14.1",
            "supplier": "Organization: Apache (info@apache.example)",
            "externalRefs": [
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": LOG4J}
            ],
        }
    ],
}
GRAPH = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "CreationInfo", "specVersion": "3.0.1"},
        {"type": "Person", "spdxId": "urn:jan", "name": "Jan de Vries"},
        {"type": "Organization", "spdxId": "urn:apache", "name": "Apache"},
        {"type": "SpdxDocument", "spdxId": "urn:document", "name": "webshop"},
        {"type": "software_Package", "spdxId": "urn:a", "name": "a.jar", "software_primaryPurpose": "file"},
        {
            "type": "software_Package",
            "spdxId": "urn:log4j",
            "name": "log4j-core",
            "software_packageVersion": "2.14.1",
            "suppliedBy": "urn:jan",
            "originatedBy": ["urn:apache"],
            "externalIdentifier": [
                {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": LOG4J}
            ],
        },
    ],
}
TAGS = f"""SPDXVersion: SPDX-2.3
DocumentName: webshop
Creator: Person: Jan de Vries
PackageName: log4j-core
PackageVersion: 2.14.1
PackageSupplier: Organization: Apache (info@apache.example)
PackageComment: <text>PackageName: not this
PackageVersion: 9</text>
ExternalRef: PACKAGE-MANAGER purl {LOG4J}
FileName: ./a.jar
"""
APACHE = Entry("log4j-core", "2.14.1", "Apache", purl=LOG4J)
COMPONENT = "<name>log4j-core</name><version>2.14.1</version><purl>" + LOG4J + "</purl>"
FORMS = {
    "csv with commas": (b"vendor,product,version\nFortinet,FortiOS,7.2.3\n", Entry("FortiOS", "7.2.3", "Fortinet")),
    "csv as Excel writes it here": (
        "Leverancier;Productnaam;Versie\nMüller;Poort;1\n".encode("cp1252"),
        Entry("Poort", "1", "Müller"),
    ),
    "csv in UTF-16": ("product\tversie\nPoort\t1\n".encode("utf-16"), Entry("Poort", "1")),
    "csv of purls": (f"purl\n{LOG4J}\n".encode(), Entry("log4j-core", "2.14.1", "org.apache.logging.log4j", "", LOG4J)),
    "csv of CPEs": (f"cpe\n{CPE}\n".encode(), Entry("fortios", "7.2.3", "fortinet", CPE)),
    "CycloneDX 1.4": (
        cyclonedx(
            {"type": "library", "publisher": "Apache", "name": "log4j-core", "version": "2.14.1", "purl": LOG4J},
            version="1.4",
        ),
        APACHE,
    ),
    "CycloneDX 1.6, a component within": (
        cyclonedx(
            {
                "type": "file",
                "name": "a.jar",
                "components": [
                    {"name": "log4j-core", "version": "2.14.1", "supplier": {"name": "Apache"}, "purl": LOG4J}
                ],
            },
            version="1.6",
        ),
        APACHE,
    ),
    **{
        f"CycloneDX {version}": (
            cyclonedx({"group": "Apache", "name": "log4j-core", "version": "2.14.1", "purl": LOG4J}, version=version),
            APACHE,
        )
        for version in ("1.2", "1.3", "1.7")
    },
    "CycloneDX 1.2 XML": (
        xml(
            f'<components><component type="library"><group>Apache</group>{COMPONENT}</component></components>',
            version="1.2",
        ),
        APACHE,
    ),
    "CycloneDX XML": (
        xml(f'<components><component type="library"><publisher>Apache</publisher>{COMPONENT}</component></components>'),
        APACHE,
    ),
    "CycloneDX XML, a component within": (
        xml(
            '<components><component type="file"><name>a.jar</name><components><component type="library">'
            f"<supplier><name>Apache</name></supplier>{COMPONENT}</component></components></component></components>"
        ),
        APACHE,
    ),
    "SPDX JSON": (json.dumps(SPDX).encode(), APACHE),
    "SPDX 3.0": (json.dumps(GRAPH).encode(), APACHE),
    "SPDX tags and values": (TAGS.encode(), APACHE),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_same_line(form):
    content, wanted = FORMS[form]
    reading = read(content)
    assert reading.entries == [wanted]
    assert not reading.refused


def test_a_file_of_two_thousand_components_costs_less_than_a_second():
    content = cyclonedx(
        *(
            {
                "type": "library",
                "name": f"part-{number}",
                "version": "1.2.3",
                "purl": f"pkg:npm/part-{number}@1.2.3",
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
                "hashes": [{"alg": "SHA-256", "content": "0" * 64}],
            }
            for number in range(2000)
        )
    )
    began = time.process_time()
    assert len(read(content).entries) == 2000
    assert time.process_time() - began < 1


def test_what_is_refused_is_named_with_line_and_column_and_the_rest_is_taken_over():
    content = json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "components": [{"name": "good", "version": "1"}, {"name": ""}, 7, {"name": "odd", "purl": "no purl"}],
        },
        indent=1,
    ).encode()
    reading = read(content)
    assert [entry.product for entry in reading.entries] == ["good", "odd"]
    assert [(one.code, one.line, one.column, one.place, one.whole) for one in reading.refused] == [
        ("no-product", 9, 3, "components[1]", True),
        ("not-object", 12, 3, "components[2]", True),
        ("purl", 13, 3, "components[3].purl", False),
    ]
    assert reading.refused[2].text("nl") == (
        "regel 13, kolom 3, components[3].purl: geen geldige purl; de naam telt wel “no purl”"
    )


def test_a_line_of_a_csv_file_that_is_refused_is_named_by_its_line_in_the_file():
    reading = read(b'product;version\n"two\nlines";1\n;2\nfine;3;4;5\nfine;3\n')
    assert [entry.product for entry in reading.entries] == ["two lines", "fine"]
    assert [(one.code, one.line, one.column) for one in reading.refused] == [("no-product", 4, 0), ("cells", 5, 3)]


def test_a_column_that_we_do_not_know_is_named_and_the_lines_count():
    reading = read(b"vendor;product;edition;site\nA;B;1.2;Utrecht\n")
    assert reading.entries == [Entry("B", "", "A")]
    assert [one.text("nl") for one in reading.refused] == [
        "regel 1, kolom 3: deze kolom kennen wij niet en lezen wij niet “edition”",
        "regel 1, kolom 4: deze kolom kennen wij niet en lezen wij niet “site”",
    ]
    assert not any(one.whole for one in reading.refused)


def test_an_export_of_ours_and_the_first_line_of_excel_are_read_without_a_remark():
    ours = read(b"vendor,product,version,cpe,purl,source,added_at\nA,B,1,,,csv,2026-11-26\n")
    excel = read(b"sep=;\r\nleverancier;product;versienummer\r\nA;B;1\r\n;;2\r\n")
    assert ours.entries == excel.entries == [Entry("B", "1", "A")]
    assert [(one.code, one.line) for one in (*ours.refused, *excel.refused)] == [("no-product", 4)]


def workbook():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


SAID = {
    "no header": (
        b"Fortinet;FortiOS;7.2\n",
        "Line 1 is no header with a column for the product: there stands “Fortinet | FortiOS | 7.2”.",
    ),
    "no header after the line of Excel": (b"sep=;\nwhat;then\n", "Line 2 is no header"),
    "only the line of Excel": (b"sep=;\n", "Line 2 is no header"),
    "a workbook": (workbook(), "workbook of a spreadsheet program"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "workbook of a spreadsheet program"),
    "another archive": (b"PK\x03\x04" + bytes(100), "no list that we can read"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "no list that we can read"),
    "another CycloneDX": (cyclonedx({"name": "a"}, version="9.9"), "CycloneDX in version “9.9”"),
    "another CycloneDX as XML": (xml("", version="9.9"), "CycloneDX in version “9.9”"),
    "another SPDX": (b'{"spdxVersion": "SPDX-1.0"}', "SPDX in version “SPDX-1.0”"),
    "another SPDX as tags": (b"SPDXVersion: SPDX-1.0\n", "SPDX in version “SPDX-1.0”"),
    "too many lines": (b"product\n" + b"a\n" * (rules.MOST_LINES + 1), f"at most {rules.MOST_LINES:,} lines"),
}


@pytest.mark.parametrize("what", SAID)
def test_a_file_that_is_no_list_is_told_what_it_is(what):
    content, says = SAID[what]
    with pytest.raises((UnknownForm, TooMuch)) as raised:
        read(content)
    assert says in raised.value.text("en")


def test_a_name_that_is_no_package_and_nothing_else_is_refused_once():
    reading = lists.read_text("pkg:bad\ncpe:odd\n")
    assert reading.entries == []
    assert [(one.code, one.line, one.whole) for one in reading.refused] == [
        ("purl-alone", 1, True),
        ("cpe-alone", 2, True),
    ]


PASTED = {
    "Apache HTTP Server 2.4.57": Entry("Apache HTTP Server", "2.4.57"),
    "- Siemens; SIMATIC S7-1500; V3.1 SP2": Entry("SIMATIC S7-1500", "V3.1 SP2", "Siemens"),
    "FortiOS v7.2.3": Entry("FortiOS", "v7.2.3"),
    "Microsoft Exchange Server 2019 CU14": Entry("Microsoft Exchange Server 2019 CU14"),
    "nginx": Entry("nginx"),
    "Exchange, 2019": Entry("Exchange", "2019"),
    LOG4J: Entry("log4j-core", "2.14.1", "org.apache.logging.log4j", "", LOG4J),
    CPE: Entry("fortios", "7.2.3", "fortinet", CPE),
}


@pytest.mark.parametrize("line", PASTED)
def test_a_pasted_line_is_read_as_a_person_means_it(line):
    assert lists.read_text(f"\n# ours\n{line}\n").entries == [PASTED[line]]


BOMB = (
    '<!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BAD = {
    "nothing": (b"  \n", UnknownForm),
    "words": (b"dear sir or madam\n", UnknownForm),
    "another JSON": (b'{"a": 1}', UnknownForm),
    "a version of CycloneDX that we do not know": (cyclonedx({"name": "a"}, version="9.9"), UnknownForm),
    "another JSON-LD": (b'{"@context": "https://schema.org", "@graph": []}', UnknownForm),
    "another XML": (b"<a/>", UnknownForm),
    "half a JSON": (b'{"bomFormat": "CycloneDX",\n "components": [', Unreadable),
    "half an XML": (xml("<components>")[:-10], Unreadable),
    "a bomb of entities": (BOMB.encode() + xml("<components>&c;</components>"), Unreadable),
    "an entity from outside": (OUTSIDE.encode() + xml("&x;"), Unreadable),
    "deep JSON": (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", Unreadable),
    "deep XML": (xml("<a>" * 5000 + "</a>" * 5000), Unreadable),
    "a quotation mark that is not closed": (b'product\n"abc\n', Unreadable),
    "a cell without an end": (b"product\n" + b"x" * 20_000 + b"\n", Unreadable),
    "too many components": (cyclonedx(*({"name": "a"} for _ in range(rules.MOST_LINES + 1))), TooMuch),
    "too many lines": (b"product\n" + b"a\n" * (rules.MOST_LINES + 1), TooMuch),
    "ten million empty objects": (b'{"bomFormat":"CycloneDX","components":[' + b"{}," * 9_999_999 + b"{}]}", TooLarge),
    "products that stand under one name twice": (
        b'{"bomFormat": "CycloneDX", "specVersion": "1.5",\n"components": [], "components": []}',
        Unreadable,
    ),
    "two columns that mean the same": (b"name;version;product\na;1;b\n", Unreadable),
    "no number": (b'{"a": NaN}', Unreadable),
    "a number of very many digits": (b'{"a": ' + b"9" * 100_000 + b"}", Unreadable),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_is_hostile_or_broken_is_refused_at_once(what):
    content, problem = BAD[what]
    began = time.process_time()
    with pytest.raises(problem) as raised:
        read(content)
    assert time.process_time() - began < 2
    assert all(raised.value.text(language) for language in ("nl", "en"))


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"bomFormat": "CycloneDX",\n "components": [}', (2, 17)),
        (BAD["products that stand under one name twice"][0], (2, 19)),
        (BAD["two columns that mean the same"][0], (1, 3)),
    ],
)
def test_where_a_file_breaks_is_told_by_line_and_column(content, place):
    with pytest.raises(Unreadable) as raised:
        read(content)
    assert (raised.value.fields["line"], raised.value.fields["column"]) == place


@pytest.mark.parametrize("value", ["a\u202eb", "a\x00b", "x" * 301])
def test_a_name_that_hides_something_or_is_too_long_is_refused(value):
    reading = read(cyclonedx({"name": value}))
    assert not reading.entries
    assert reading.refused[0].code in {"control", "too-long"}


def test_what_is_wrong_in_a_graph_of_spdx_is_named_with_its_place():
    graph = [*GRAPH["@graph"][:3], 7, {"type": "software_Package", "name": ["x"]}]
    reading = read(json.dumps(GRAPH | {"@graph": graph}, indent=1).encode())
    assert [one.place for one in reading.refused] == ["@graph[3]", "@graph[4].product", "@graph[4]"]
    assert all(one.line for one in reading.refused)


def test_very_many_refusals_are_counted_and_the_first_are_named():
    reading = read(cyclonedx(*({"name": ""} for _ in range(1000))))
    assert len(reading.refused) + reading.more_refused == 1000
    assert len(reading.refused) == rules.MOST_REFUSED


def test_a_person_who_made_an_sbom_is_not_kept():
    assert read(TAGS.replace("Organization: Apache", "Person: Jan de Vries").encode()).entries[0].vendor == ""


def test_a_cell_that_is_too_long_is_named_with_its_place_and_the_limit_of_the_process_stays():
    before = csv.field_size_limit()
    rows = lists._rows("product,version\nA,1\nB," + "9" * 20_000 + "\n", ",")
    assert [next(rows)[0], next(rows)[0], csv.field_size_limit()] == [1, 2, before]
    with pytest.raises(Unreadable, match="Line 3, column 2") as raised:
        next(rows)
    assert "10,000 characters" in str(raised.value)
    assert csv.field_size_limit() == before
