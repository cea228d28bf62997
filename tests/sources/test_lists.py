# ruff: noqa: E501 - lists stand as their publishers write them
"""Lists as received: told by content, read, and held against what is expected of them."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from taggant.errors import InputError
from taggant.sources.expectations import expectations_of
from taggant.sources.health import refuse_unhealthy
from taggant.sources.listed import day_of, numbers_in
from taggant.sources.lists import SOURCES, ListVersion, read_lists

SDN = """36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
77,"PETROV, Ivan","individual","RUSSIA] [SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1970; nationality Russia; Tax ID No. 7701350084 (Russia); a.k.a. 'WANYA'."
\x1a
"""
ALT = '36,12,"aka","AERO-CARIBBEAN",-0-\n'
ADD = '36,25,-0- ,"Havana","Cuba",-0-\n'
SDN_XML = """<?xml version="1.0"?><sdnList xmlns="http://tempuri.org/sdnList.xsd"><publshInformation>
<Publish_Date>05/03/2024</Publish_Date><Record_Count>1</Record_Count></publshInformation><sdnEntry><uid>36</uid>
<firstName>Ivan</firstName><lastName>PETROV</lastName><sdnType>Individual</sdnType><programList><program>CUBA</program>
</programList><akaList><aka><type>a.k.a.</type><lastName>WANYA</lastName></aka></akaList><idList><id>
<idType>Passport</idType><idNumber>B123456</idNumber></id></idList><addressList><address><country>Russia</country>
</address></addressList></sdnEntry></sdnList>"""
SDN_ADVANCED = """<?xml version="1.0"?><Sanctions xmlns="http://www.un.org/sanctions/1.0"><DateOfIssue><Year>2024</Year>
<Month>5</Month><Day>3</Day></DateOfIssue><ReferenceValueSets><AreaCodeValues><AreaCode ID="1" CountryID="9">RU</AreaCode>
</AreaCodeValues><CountryValues><Country ID="9" ISO2="RU">Russia</Country></CountryValues><PartyTypeValues>
<PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType></PartyTypeValues><PartySubTypeValues>
<PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType><PartySubType ID="1" PartyTypeID="3">Vessel</PartySubType>
</PartySubTypeValues><NamePartTypeValues><NamePartType ID="10">Last Name</NamePartType><NamePartType ID="11">First Name
</NamePartType></NamePartTypeValues><IDRegDocTypeValues><IDRegDocType ID="5">Passport</IDRegDocType></IDRegDocTypeValues>
</ReferenceValueSets><Locations><Location ID="70"><LocationCountry CountryID="9"/></Location></Locations><IDRegDocuments>
<IDRegDocument ID="1" IDRegDocTypeID="5" IdentityID="20" IssuedBy-CountryID="9"><IDRegistrationNo>B123456</IDRegistrationNo>
</IDRegDocument></IDRegDocuments><DistinctParties><DistinctParty FixedRef="36"><Profile ID="36" PartySubTypeID="4">
<Identity ID="20" Primary="true"><Alias FixedRef="36" AliasTypeID="1" Primary="false"><DocumentedName ID="2">
<DocumentedNamePart><NamePartValue NamePartGroupID="31">WANYA</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<Alias FixedRef="36" AliasTypeID="1403" Primary="true"><DocumentedName ID="1"><DocumentedNamePart>
<NamePartValue NamePartGroupID="31">PETROV</NamePartValue></DocumentedNamePart><DocumentedNamePart>
<NamePartValue NamePartGroupID="32">Ivan</NamePartValue></DocumentedNamePart></DocumentedName></Alias><NamePartGroups>
<MasterNamePartGroup><NamePartGroup ID="31" NamePartTypeID="10"/></MasterNamePartGroup><MasterNamePartGroup>
<NamePartGroup ID="32" NamePartTypeID="11"/></MasterNamePartGroup></NamePartGroups></Identity><Feature ID="8">
<FeatureVersion ID="3"><VersionLocation LocationID="70"/></FeatureVersion></Feature></Profile></DistinctParty></DistinctParties>
<SanctionsEntries><SanctionsEntry ID="1" ProfileID="36" ListID="1550"><EntryEvent ID="1"><Date><Year>2014</Year><Month>3</Month>
<Day>17</Day></Date></EntryEvent><SanctionsMeasure ID="1"><Comment/></SanctionsMeasure><SanctionsMeasure ID="2">
<Comment>CUBA</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries></Sanctions>"""
CSL = """_id,source,entity_number,type,programs,name,addresses,start_date,alt_names,ids
_id,source,entity_number,type,programs,name,addresses,start_date,alt_names,ids
a1,Entity List (EL) - Bureau of Industry and Security,,,,"Kupol Plant","Izhevsk, RU",2023-05-19,"IEMZ; KUPOL","Registration ID, 1021801143374"
"""
EU_XML = """<?xml version="1.0"?><export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2024-02-01T10:00:00">
<sanctionEntity logicalId="13" designationDate="2014-03-17"><regulation publicationDate="2014-03-18" programme="UKR"/>
<subjectType code="enterprise" classificationCode="E"/><nameAlias wholeName="Завод Купол"/><nameAlias wholeName="Kupol"/>
<address countryIso2Code="RU"/><identification identificationTypeCode="regnumber" number="1021801143374"/>
</sanctionEntity></export>"""
EU_CSV = (
    "fileGenerationDate;Entity_LogicalId;Entity_SubjectType_ClassificationCode;Entity_Regulation_Programme;"
    "NameAlias_WholeName;Address_CountryIso2Code\n"
    "2024-02-01;13;E;UKR;Kupol;RU\n2024-02-01;13;E;UKR;Завод Купол;\n2024-02-01;14;P;UKR;Ivan Petrov;RU\n"
)
UN = """<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z"><INDIVIDUALS><INDIVIDUAL>
<DATAID>1</DATAID><FIRST_NAME>ERIC</FIRST_NAME><SECOND_NAME>BADEGE</SECOND_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE>
<REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON><NATIONALITY><VALUE>Rwanda</VALUE>
</NATIONALITY><INDIVIDUAL_ALIAS><ALIAS_NAME>BIG ERIC</ALIAS_NAME></INDIVIDUAL_ALIAS></INDIVIDUAL></INDIVIDUALS><ENTITIES>
<ENTITY><DATAID>2</DATAID><FIRST_NAME>ADF</FIRST_NAME><REFERENCE_NUMBER>CDe.001</REFERENCE_NUMBER>
<LISTED_ON>2014-06-30</LISTED_ON></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""
UK = """UK Sanctions List Date Generated: 01/03/2024
Last Updated,Unique ID,Name 6,Name 1,Name 2,Name type,Individual, Regime Name,Address Country,Date Designated
2024,RUS0001,PETROV,Ivan,,Primary Name,Individual,Russia,Russia,22/02/2022
2024,RUS0001,PETROFF,Ivan,,Alias,Individual,Russia,Russia,22/02/2022
"""
UK_XML = """<Designations><DateGenerated>01/03/2024</DateGenerated><Designation><UniqueID>RUS0002</UniqueID>
<RegimeName>Russia</RegimeName><IndividualEntityShip>Entity</IndividualEntityShip><DateDesignated>24/02/2022</DateDesignated>
<Names><Name><Name6>KUPOL</Name6><NameType>Alias</NameType></Name><Name><Name6>IEMZ KUPOL</Name6><NameType>Primary Name</NameType>
</Name></Names></Designation></Designations>"""
SECO = """<swiss-sanctions-list date="2024-04-01" list-type="full"><sanctions-program ssid="1"><program-key lang="eng">Ukraine
</program-key><sanctions-set ssid="5"/></sanctions-program><place ssid="9"><country iso-code="RU">Russia</country></place>
<target ssid="100"><sanctions-set-id>5</sanctions-set-id><entity><identity main="true"><name name-type="primary-name">
<name-part order="1" name-part-type="whole-name"><value>Kupol</value><spelling-variant>Купол</spelling-variant></name-part></name>
<address place-id="9"/></identity></entity><modification modification-type="listed" effective-date="2023-03-29"/></target>
</swiss-sanctions-list>"""
TARGETS = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","phones","emails",'
    '"dataset","first_seen","last_seen"\n'
    '"NK-1","Company","Kupol","IEMZ;Купол","","ru","","1831083343","EU FSF","","","eu","2023-01-02","2024"\n'
)
FTM = (
    '{"id":"s1","schema":"Sanction","properties":{"entity":["NK-1"],"startDate":["2023-05-19"]}}\n'
    '{"id":"NK-1","caption":"Kupol","schema":"Company","properties":{"name":["Kupol"],"alias":["Купол"],'
    '"country":["ru"],"innCode":["1831083343"]},"datasets":["us_ofac_sdn"]}\n'
)


def given(folder: Path, name: str, text: str) -> Path:
    """A file of a list."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def one(folder: Path, text: str, name: str = "x") -> ListVersion:
    """The list in this text."""
    return read_lists([given(folder, name, text)])[0]


@pytest.mark.parametrize(
    ("text", "list_id", "names", "countries", "listed_on"),
    [
        (SDN_XML, "ofac-sdn", ["Ivan PETROV", "WANYA"], ["RU"], None),
        (SDN_ADVANCED, "ofac-sdn", ["Ivan PETROV", "WANYA"], ["RU"], date(2014, 3, 17)),
        (CSL, "us-csl", ["Kupol Plant", "IEMZ", "KUPOL"], ["RU"], date(2023, 5, 19)),
        (EU_XML, "eu-fsf", ["Завод Купол", "Kupol"], ["RU"], date(2014, 3, 17)),
        (EU_CSV, "eu-fsf", ["Kupol", "Завод Купол"], ["RU"], None),
        (UN, "un-sc", ["ERIC BADEGE", "BIG ERIC"], ["RW"], date(2012, 12, 31)),
        (UK, "uk-sanctions", ["Ivan PETROV", "Ivan PETROFF"], ["RU"], date(2022, 2, 22)),
        (UK_XML, "uk-sanctions", ["IEMZ KUPOL", "KUPOL"], [], date(2022, 2, 24)),
        (SECO, "seco", ["Kupol", "Купол"], ["RU"], date(2023, 3, 29)),
        (TARGETS, "opensanctions", ["Kupol", "IEMZ", "Купол"], ["RU"], date(2023, 1, 2)),
        (FTM, "opensanctions", ["Kupol", "Купол"], ["RU"], date(2023, 5, 19)),
        ("Name;Country;Listed on\nKupol;RU;2023-05-19\n", "mine", ["Kupol"], ["RU"], date(2023, 5, 19)),
        ('[{"company":"Kupol","country":"Russia"}]', "mine", ["Kupol"], ["RU"], None),
        ("Kupol\nEmma\n", "mine", ["Kupol"], [], None),
    ],
)
def test_each_form_is_told_by_its_content(
    tmp_path: Path, text: str, list_id: str, names: list[str], countries: list[str], listed_on: date | None
) -> None:
    """Names, countries and days come out of each publisher's form; the file's name says nothing."""
    first = one(tmp_path, text, "mine.dat" if list_id != "mine" else "mine.csv").entries.row(0, named=True)
    assert first["list_id"] == list_id
    assert [first["names"], first["countries"], first["listed_on"]] == [names, countries, listed_on]


def test_the_advanced_form_says_kind_numbers_programmes_and_its_day(tmp_path: Path) -> None:
    """Numbers that stand for words are read from the file's own tables; a file without a profile is refused."""
    version = one(tmp_path, SDN_ADVANCED)
    first = version.entries.row(0, named=True)
    assert (version.on, version.on_basis, version.shape) == (date(2024, 5, 3), "stated in the file", "advanced")
    assert [first["entity"], first["kind"], first["identifiers"], first["programmes"]] == [
        "36", "person", ["passport:B123456"], ["CUBA"],
    ]  # fmt: skip
    with pytest.raises(InputError, match="no profile"):
        one(tmp_path, "<Sanctions><DateOfIssue/></Sanctions>")


def test_ofacs_three_tables_are_one_list(tmp_path: Path) -> None:
    """Aliases and countries come from the tables beside; the mark of the file's end is no entry."""
    paths = [given(tmp_path, "a", ALT), given(tmp_path, "s", SDN), given(tmp_path, "c", ADD)]
    (version,) = read_lists(paths)
    rows = version.entries.to_dicts()
    assert [r["names"] for r in rows] == [["AEROCARIBBEAN AIRLINES", "AERO-CARIBBEAN"], ["Ivan PETROV", "WANYA"]]
    assert [r["countries"] for r in rows] == [["CU"], ["RU"]]
    assert rows[1]["identifiers"] == ["inn:7701350084"]
    assert rows[1]["programmes"] == ["RUSSIA", "SDGT"]
    assert rows[1]["kind"] == "person"
    assert [r["row"] for r in rows] == [1, 2]
    assert len(version.beside) == 2


def test_a_short_list_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """The accident: half a list finds nothing, and nothing looks clean."""
    version = one(tmp_path, SDN)
    with pytest.raises(InputError, match="2 entries, where the publisher's list has at least 14,965") as caught:
        refuse_unhealthy([version])
    assert "may still be listed" in str(caught.value)
    assert "--list-on" in str(caught.value)
    refuse_unhealthy([version], accept_short=True)


def test_an_older_version_is_held_against_its_own_day() -> None:
    """The over-correction: a whole list of 2021 is not short because lists have grown since."""
    expected = expectations_of("ofac_sdn")
    assert expected.expected_on(date(2021, 9, 30)) == (9118, date(2021, 9, 30))
    assert expected.expected_on(date(2019, 1, 1)) is None
    assert expected.expected_on(None) == (14965, date(2024, 5, 3))
    between = expected.expected_on(date(2022, 3, 31))
    assert between is not None
    assert 9118 < between[0] < 10875


def test_stray_heads_missing_kinds_and_collapse_are_named(tmp_path: Path) -> None:
    """A second head in the middle, no persons where there were some, half the entries gone."""
    kinds = {line.kind for line in one(tmp_path, CSL).health}
    assert {"short", "stray rows", "missing kind", "missing part"} <= kinds
    before = one(tmp_path, "name,kind\n" + "".join(f"Firm {n},company\n" for n in range(20)) + "Ivan,person\n", "m.csv")
    path = given(tmp_path, "m.csv", "name,kind\nFirm 1,company\n")
    (after,) = read_lists([path], previous={"m": before})
    assert {(line.kind, line.is_refusal) for line in after.health} == {("collapsed", True), ("missing kind", True)}
    assert before.health == ()


def test_an_encoding_that_is_not_utf8_is_read_and_said(tmp_path: Path) -> None:
    """Cyrillic of Windows is not thrown away."""
    path = tmp_path / "m.csv"
    path.write_bytes(("name\n" + "Ижевский завод Купол, акционерное общество\n" * 8).encode("cp1251"))
    (version,) = read_lists([path])
    assert "Купол" in version.entries["name"][0]
    assert [line.kind for line in version.health] == ["encoding"]


def test_packed_lists_and_the_day_in_a_name(tmp_path: Path) -> None:
    """Gzip is unpacked; the hash is that of the file as received."""
    path = tmp_path / "mine_2023-06-29.csv.gz"
    path.write_bytes(gzip.compress(b"name\nKupol\n"))
    (version,) = read_lists([path])
    assert (version.n_entries, version.on, version.on_basis) == (1, date(2023, 6, 29), "name of the file")


@pytest.mark.parametrize("text", ["", "   \n", "<html><body>moved</body></html>", ADD])
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    """An error page saved as a list is not an empty list."""
    with pytest.raises(InputError):
        one(tmp_path, text)


def test_xml_that_declares_entities_is_not_read(tmp_path: Path) -> None:
    """A file that grows without end when read."""
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>'
    with pytest.raises(InputError, match="declares entities"):
        one(tmp_path, bomb)


def test_every_source_has_its_two_files() -> None:
    """A folder a source: what it says of itself beside what reads it."""
    for folder, reader in SOURCES:
        expected = expectations_of(folder)
        assert expected.title
        assert reader.__doc__


def test_days_and_numbers_of_lists() -> None:
    """Forms of days that lists use, and numbers in remarks."""
    assert [day_of(t) for t in ("2022-02-30", "1/2/2023", "12 Feb 2020", None)] == [
        None, date(2023, 2, 1), date(2020, 2, 12), None,
    ]  # fmt: skip
    assert numbers_in("Registration Number 450086-5 (Turkey).") == ("reg:450086-5",)


@pytest.mark.needs("shared_data")
@pytest.mark.parametrize(
    ("file", "n", "is_whole"),
    [
        ("sdn_2021-09-30.csv.gz", 9118, True),
        ("sdn_2024-05-03.csv.gz", 14965, True),
        ("csl_2023-11.csv.gz", 4227, False),
        ("UN_consolidated_2026-02-27.xml.gz", 1003, True),
    ],
)
def test_real_lists(shared_data: Path, file: str, n: int, is_whole: bool) -> None:
    """Whole versions pass; the part of the Consolidated Screening List is refused."""
    (version,) = read_lists([shared_data / "lists" / file])
    assert version.n_entries == n
    assert any(line.is_refusal for line in version.health) is not is_whole
