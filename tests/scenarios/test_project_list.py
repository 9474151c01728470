"""Project lists: what is read off a spreadsheet, in which encodings and words, and what is said of a wrong one."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from parkflow.analysis.replication.cases import project_cases
from parkflow.analysis.words.catalogue import in_chinese
from parkflow.scenarios.describe import dumped
from parkflow.scenarios.headings import HEADINGS
from parkflow.scenarios.load import InputError, list_of, load
from parkflow.scenarios.spreadsheet import MOST_BYTES
from parkflow.sim.layout import Layout
from parkflow.sim.records import simulate
from parkflow.sim.scenario import Group, NamedProject, Scenario

ENGLISH = """name,class,first contact,agreement,stage,since,land (mu),investment (100M CNY),uses forest land,type
Bolts,key projects,2023-02-01,,,,80,12,yes,electronics
Nuts,,,2023-03-05,,,,,no,
Wires,ordinary,2022-05-01,2022-07-01,approvals,2022-12-01,1.5,,,4
"""
CHINESE = """2023年重点项目台账,,,,,,,,,
项目名称*,项目级别,首次接洽日期,签约日期,所处阶段,进入阶段日期,用地面积(公顷),总投资(万元),涉及林地,项目类型,联系人
某某电池,重点项目,2023/2/1,,,,2,120000,是,电子,张三

乙厂,,,2023年3月,,,,,否,,李四
丙厂,一般项目,2022.5.1,2022-07-01,行政审批,2022-12-01,0.1,,,4,
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def park(text: str | bytes = ENGLISH, name: str = "list.csv", more: str = "") -> Scenario:
    """A park whose file names a list of this text."""
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    Path("mine.toml").write_text(f'extends = "baseline"\nprojects = "{name}"\n{more}', encoding="utf-8")
    return load("mine.toml")


def projects(scenario: Scenario) -> dict[str, NamedProject]:
    return {it.name: it for group in scenario.portfolio.values() for it in group.named}


def test_rows_become_projects() -> None:
    """By class, with the first contact of who is at work, and the milestone with which who is to come comes."""
    scenario = park()
    assert {name: group.of for name, group in scenario.portfolio.items()} == {
        "priority": "priority", "ordinary": "ordinary", "parcels": "parcel",
    }  # fmt: skip
    found = projects(scenario)
    assert found["Bolts"] == NamedProject(
        name="Bolts",
        on=dt.date(2023, 2, 1),
        attributes={"land": 80, "investment": 12, "needs_forest_land": 1, "type": 3},
    )
    assert found["Nuts"] == NamedProject(
        name="Nuts", on=dt.date(2023, 3, 5), milestone="agreement", attributes={"needs_forest_land": 0}
    )
    assert (found["Wires"].on, found["Wires"].milestone) == (dt.date(2022, 5, 1), None)
    assert (found["Wires"].stage, found["Wires"].since) == ("approvals", dt.date(2022, 12, 1))


def test_chinese_lists_are_read_alike() -> None:
    """Titles above the headings, units in brackets, empty rows, months without a day, columns that nobody reads."""
    found = projects(park(CHINESE))
    assert found["某某电池"].attributes == {"land": 30, "investment": 12, "needs_forest_land": 1, "type": 3}
    assert found["乙厂"].on == dt.date(2023, 3, 15)
    assert (found["丙厂"].stage, found["丙厂"].since) == ("approvals", dt.date(2022, 12, 1))
    assert found["丙厂"].attributes == {"land": 1.5, "type": 4}
    listing = list_of("mine.toml")
    assert listing
    assert listing.ignored == ("联系人",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_found(encoding: str) -> None:
    """What spreadsheets of an office write."""
    assert projects(park(CHINESE.encode(encoding))) == projects(park(CHINESE))
    assert projects(park(f"\ufeff{CHINESE}".encode(encoding))) == projects(park(CHINESE))


def test_an_encoding_can_be_told() -> None:
    """Where it cannot be found; then it must fit."""
    Path("list.csv").write_bytes("项目名称,签约日期\n某某电池,2023-03-05\n".encode("big5", "replace"))
    text = 'extends = "baseline"\nprojects = { file = "list.csv", encoding = "big5" }\n'
    Path("mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="none of its first 10 rows has headings"):
        load("mine.toml")
    Path("mine.toml").write_text(text.replace("big5", "klingon"), encoding="utf-8")
    with pytest.raises(InputError, match="no encoding is called 'klingon'; write utf-8 or gb18030"):
        load("mine.toml")


@pytest.mark.parametrize("sign", [";", "\t"])
def test_cells_may_be_parted_otherwise(sign: str) -> None:
    """As other locales do."""
    assert projects(park(ENGLISH.replace(",", sign))) == projects(park())


def test_workbooks_are_read() -> None:
    """XLSX with dates as dates and numbers as numbers."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["项目名称", "签约日期", "用地面积(亩)", "涉及林地"])
    book.active.append(["某某电池", dt.datetime(2023, 3, 5), 80.5, "是"])
    book.active.append([17, dt.date(2023, 4, 5), None, None])
    book.save("list.xlsx")
    found = projects(park(Path("list.xlsx").read_bytes(), "list.xlsx"))
    assert found["某某电池"].on == dt.date(2023, 3, 5)
    assert found["某某电池"].attributes == {"land": 80.5, "needs_forest_land": 1}
    assert "17" in found


HEAD = "name,agreement,stage,since,land,buildings,eia,class\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "A,2023-13-05\n", "row 2, column 'agreement': '2023-13-05' is no date; write it as 2024-03-29"),
        (HEAD + "A,45012\n", "row 2, column 'agreement': '45012' is no date"),
        (HEAD + "\nA,2023-02-05\nA,2023-02-06\n", "row 3, column 'name': 2 projects are called 'A'; tell them apart"),
        (HEAD + ",2023-02-05\n", "row 2, column 'name': is empty; name the project"),
        (HEAD + "合计,2023-02-05\n", "row 2, column 'name': '合计' looks like a sum; remove the row"),
        (HEAD + "A\n", "row 2, column 'agreement': neither a day nor a stage is given; give the day"),
        (HEAD + "A,2022-02-05\n", "row 2, column 'agreement': 2022-02-05 lies before the start (2023-01-01); give the"),
        (HEAD + "A,,aprovals\n", "row 2, column 'stage': no stage is called 'aprovals'; did you mean 'approvals'?"),
        (HEAD + "A,,land,2023-02-05\n", "row 2, column 'since': 2023-02-05 lies after the start (2023-01-01)"),
        (HEAD + "A,2023-02-05,,2023-02-05\n", "row 2, column 'since': the day of a stage that is not given"),
        (HEAD + "A,2023-02-05,,,80mu\n", "row 2, column 'land': '80mu' is no number; write it in figures"),
        (HEAD + "A,2023-02-05,,,-3\n", "row 2, column 'land': -3 cannot be; write a number above 0"),
        (HEAD + "A,2023-02-05,,,yes\n", "row 2, column 'land': 'yes' is no number"),
        (HEAD + "A,2023-02-05,,,,1.5\n", "row 2, column 'buildings': 1.5 cannot be; write a whole number"),
        (HEAD + "A,2023-02-05,,,,,7\n", "row 2, column 'eia': 7 cannot be; write one of '0', '1', '2'"),
        (
            HEAD + "A,2023-02-05,,,,,leaflet\n",
            "row 2, column 'eia': 'leaflet' is no number; write one of exempt, 豁免,",
        ),
        (HEAD + "A,2023-02-05,,,,,,ordinry\n", "row 2, column 'class': no class is called 'ordinry'; did you mean"),
        (
            "name,agrement\nA,2023-02-05\n",
            "row 1, column 'agrement': no column is called so; did you mean 'agreement'?",
        ),
        ("name,signed,agreement\nA\n", "row 1, column 'agreement': there is another column for 'agreement'"),
        ("name,land (m3)\nA\n", "row 1, column 'land (m3)': 'm3' is no unit of it; write mu, 亩, ha, 公顷"),
        ("what,when\nA,B\n", "none of its first 10 rows has headings; head a column 'name' (项目名称)"),
        ("name,agreement\n", "holds no project; write one per row"),
        ("", "none of its first 10 rows has headings"),
        (b"name,agreement\n\xff\xff,2023-02-05\n", "is not text in UTF-8 or GB18030; save it as UTF-8"),
    ],
)
def test_a_list_that_is_wrong_is_refused(text: str | bytes, told: str) -> None:
    """By file, row and column, with the remedy, in both languages."""
    with pytest.raises(InputError) as error:
        park(text)
    assert str(error.value).startswith(f"list.csv: {told}")
    assert not re.search("row |column|; ", in_chinese(str(error.value)))


def test_a_huge_file_is_refused() -> None:
    """Before it is read."""
    with pytest.raises(InputError, match="is larger than 20 MB; keep only the list"):
        park(b" " * (MOST_BYTES + 1))


def test_everything_that_is_wrong_is_told() -> None:
    """Not only the first row; at most ten of them."""
    with pytest.raises(InputError) as error:
        park("name,agreement\n" + "A,soon\n" * 12)
    assert str(error.value).splitlines()[-1] == "… and 2 more"


@pytest.mark.parametrize(
    "more",
    ["attributes = 3", "classes = [1]", "portfolio = 3", "[portfolio]\nx = 3", "stages = 3", "[classes]\nordinary = 3",
     "[attributes]\nland = [3]", "ranges = 3", "[ranges]\nx = { keys = 3 }", "cohort = 3", "[cohort]\ngroups = 3",
     "question = 3", 'question = { from = "agreement", to = "groundbreaking", groups = 3 }'],
)  # fmt: skip
def test_a_file_that_is_wrong_elsewhere_is_told_so(more: str) -> None:
    """A list does not hide what is wrong with the file that names it, and nothing else than its message comes."""
    with pytest.raises(InputError, match=r"mine\.toml|list\.csv|baseline"):
        park(more=more)


@pytest.mark.parametrize("given", ["../list.csv", "/tmp/list.csv", "", "list.ods", "absent.csv"])
def test_a_list_lies_beside_its_file(given: str) -> None:
    """Nothing outside its folder is read, and nothing that is no list."""
    Path("mine.toml").write_text(f'extends = "baseline"\nprojects = "{given}"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"outside the folder|is no file|neither CSV nor XLSX|no such file"):
        load("mine.toml")


def test_groups_of_the_file_stand_beside_its_list() -> None:
    """What it inherits goes, with what was said of it: a cohort, ranges of numbers of projects."""
    own = '[portfolio.later]\nof = "ordinary"\ncount = 2\narrivals = { on = [2023-09-01] }\nassumed = "to come"\n'
    scenario = park(more=own)
    assert set(scenario.portfolio) == {"priority", "ordinary", "later", "parcels"}
    Path("list2.csv").write_text(ENGLISH.replace("2022", "2017").replace("2023", "2018"), encoding="utf-8")
    other = load("yantai", projects="list2.csv")
    assert other.cohort is None
    assert not [key for it in other.ranges.values() for key in it.keys if key.startswith("portfolio.new")]
    with pytest.raises(InputError, match="call the group of the file otherwise"):
        park(more=own.replace("later", "ordinary"))


def test_who_extends_a_park_with_a_list_has_it() -> None:
    """Its path is that of the file that names it."""
    park()
    Path("below").mkdir()
    Path("below/more.toml").write_text('extends = "../mine.toml"\n', encoding="utf-8")
    assert projects(load("below/more.toml")) == projects(load("mine.toml"))


def test_names_are_in_the_tables_and_the_list_in_the_scenario() -> None:
    """The scenario that is stored with a run holds the list, its file and its digest, and loads to the same value."""
    scenario = park(CHINESE)
    assert Scenario.model_validate(dumped(scenario)) == scenario
    group: Group = scenario.portfolio["priority"]
    assert group.arrivals.file == "list.csv"  # type: ignore[union-attr]
    assert len(group.arrivals.sha256) == 64  # type: ignore[union-attr]
    from parkflow.analysis.replication.cases import case_names

    records = simulate(Layout(scenario), 1, 0)
    assert set(case_names(records)[project_cases(records)]) == {"某某电池", "乙厂", "丙厂"}


def test_every_heading_is_understood() -> None:
    """Each word of the documented list, in both languages, names one column only."""
    words = [word for several in HEADINGS.values() for word in several]
    assert len(words) == len(set(words))
