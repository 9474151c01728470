"""What a report says: the question, two sentences with numbers, tables, sources, limits, and how to rerun it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from parkflow.analysis.charts.chart import Ask
from parkflow.analysis.formatting import plain
from parkflow.analysis.language import words
from parkflow.analysis.report.assumptions import assumptions
from parkflow.analysis.report.comparison_page import answer_about, comparison_page
from parkflow.analysis.report.page import Page, html, interval
from parkflow.analysis.report.recommendation import lead, recommendation
from parkflow.analysis.report.staffing import staffing
from parkflow.analysis.sentences.outcome import Outcome
from parkflow.analysis.store.project_days import saved
from parkflow.analysis.store.run_folder import Run
from parkflow.scenarios.describe import difference
from parkflow.scenarios.load import load


class Links(HTMLParser):
    """Addresses that a page refers to, pictures without a text alternative, and how deep tags are open."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.speechless: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [value for key, value in given.items() if key in ("src", "href") and value]
        self.anchors |= {value for key, value in given.items() if key == "id" and value}
        if tag == "img" and len(given.get("alt") or "") < 20:
            self.speechless.append(tag)


def page_of(run: Run, ask: Ask | None = None) -> Page:
    """The report of a stored run."""
    changes = {policy: difference(run.scenario, run.scenarios[policy]) for policy in run.policies[1:]}
    return comparison_page(run, ask or Ask(), changes)


@pytest.fixture(scope="module")
def page(stored: Run) -> Page:
    """The report of three policies in Zhifu."""
    return page_of(stored)


@pytest.fixture(scope="module")
def document(page: Page) -> str:
    """The same as HTML."""
    return html(page)


def test_the_answer_tells_of_every_policy_with_the_numbers_of_the_run(page: Page, stored: Run) -> None:
    """A warning first, for there are three replications only; then each policy, and more about each."""
    warning, reported, green, more, _ = page.answer
    saved = stored.rows("days_saved", "all").set_index("policy").loc["reported"]
    assert "fewer than five" in warning
    assert f"{saved['mean']:.0f} days" in reported
    assert f"{saved['low']:.0f} to {saved['high']:.0f}" in reported
    assert "the green channel" in green
    assert "issues are resolved within 30 days" in more
    assert "who pays?" in page.question


def test_the_answer_says_more_of_the_policy_asked_for(stored: Run) -> None:
    """Its last sentences are about it."""
    answer = answer_about(Outcome.of_run(stored), "green_channel", words("en").about(stored.scenario))
    assert answer[-1].startswith("The green channel: ")


def test_every_part_is_there(page: Page) -> None:
    """Results, charts, levers, who pays, staffing, limits, rerun; what is behind it stands in the annex."""
    titles = [section.title for section in page.sections]
    assert titles[:4] == ["Results", "Charts", "Which lever did it", "Who pays"]
    assert titles[4:] == ["Staffing under each policy", "Limits", "How to rerun it"]
    annex = [section.title for section in page.annex]
    assert annex[:3] == ["More tables", "More charts", "Assumptions and sources"]
    assert annex[3:] == ["Limits of levers and measures", "Reporting sheet STRESS-DES"]
    shown = [picture.title for section in page.sections for picture in section.pictures]
    assert len(shown) == 7
    behind = [picture.title for section in page.annex for picture in section.pictures]
    assert len(behind) == 4


def test_rerun_names_command_versions_seed_and_hash(document: str, stored: Run) -> None:
    """Everything that makes the same numbers again."""
    record = stored.document["record"]
    for word in (record["command"], "seed 1", record["scenario_hash"], f"simpy {record['packages']['simpy']}"):
        assert word in document


def test_the_file_is_whole_and_small(document: str) -> None:
    """No address outside the file, no broken anchor, no picture without words, under five megabytes."""
    links = Links()
    links.feed(document)
    assert all(address.startswith(("#", "data:")) for address in links.addresses)
    assert {address[1:] for address in links.addresses if address.startswith("#")} <= links.anchors
    assert not links.speechless
    assert not re.search(r"https?://(?!www\.w3\.org)", re.sub(r"base64,[A-Za-z0-9+/=]+", "", document))
    assert len(document.encode()) < 5_000_000


def test_what_a_scenario_says_cannot_break_the_page(page: Page) -> None:
    """Titles and notes are text, not HTML."""
    broken = html(Page("<script>alert(1)</script>", "", "", [], page.sections[-1:], page.say))
    assert "<script>alert" not in broken


def test_one_policy_has_a_report_without_comparison(single: Run) -> None:
    """Its days are told, nothing is recommended, and nobody pays."""
    page = page_of(single)
    assert not page.recommendation
    assert "Who pays" not in [section.title for section in page.sections]
    assert any("a project takes" in sentence for sentence in page.answer)
    assert html(page)


def test_what_saves_most_is_recommended_with_its_price(stored: Run) -> None:
    """The policy with the greatest net of the park, how far it is ahead on the same projects, and officers' time."""
    say = words("en").about(stored.scenario)
    found = Outcome.of_run(stored)
    assert recommendation(stored, found, say)[0].startswith("No policy is recommended yet")
    first, then = recommendation(stored, replace(found, replications=20), say)
    means = {policy: row["mean"] for policy in found.compared if (row := found.row("net_days", policy))}
    best = max(means, key=lambda policy: means[policy] or 0.0)
    assert say.the_policy(best) in first
    assert f"{means[best]:.0f} days earlier" in first
    ahead = lead(stored, best, next(policy for policy in means if policy != best))
    by_policy = saved(stored).groupby(["policy", "replication"])["saved"].mean().groupby("policy").mean()
    assert ahead.mean == pytest.approx(by_policy[best] - by_policy.drop(best).iloc[0])
    assert "of the officers' time than the serial park" in then


def test_nothing_is_recommended_where_the_gain_may_be_chance(stored: Run) -> None:
    """An interval with zero in it, or nothing to count."""
    say, found = words("en").about(stored.scenario), replace(Outcome.of_run(stored), replications=20)
    doubtful = [row | ({"low": -1.0} if row["measure"] == "net_days" else {}) for row in found.measures]
    sentences = recommendation(stored, replace(found, measures=doubtful), say)
    assert sentences[0].startswith("No policy can be recommended: of none it is sure")
    gone = [row for row in found.measures if row["measure"] not in ("net_days", "days_saved")]
    assert "no days saved to count" in recommendation(stored, replace(found, measures=gone), say)[0]


def test_staff_that_a_policy_adds_stands_beside_the_desk(stored: Run) -> None:
    """Officers of the park as it is, then those of the policies that have another number."""
    section = staffing(stored, words("en").about(stored.scenario))
    officers = {row[0].text: row[1].text for row in section.sheets[0].rows}
    for desk, given in stored.scenario.desks.items():
        there = stored.scenarios["reported"].desks[desk].servers
        told = officers[words("en").about(stored.scenario).desk(desk)]
        assert told.startswith(str(given.servers))
        assert (f"{there}" in told.partition(";")[2]) == (there != given.servers)


def test_the_annex_is_printed_where_it_is_asked_for(page: Page) -> None:
    """On the screen it is folded; on paper it is left out otherwise."""
    assert '<body class="with-annex">' in html(page, annex=True)
    assert "<body>" in html(page)
    assert '<details class="annex" id="annex"><summary>' in html(page)


@pytest.mark.slow
def test_a_run_cut_off_early_says_so(cut: Run) -> None:
    """Censored projects stand among the limits, and charts that have nothing to show are named."""
    page = page_of(cut)
    assert any("Projects cut off, over all replications" in point for point in page.sections[5].points)
    assert any("Nothing to show:" in paragraph for section in page.sections for paragraph in section.paragraphs)
    assert html(page)


@pytest.mark.slow
def test_a_report_speaks_chinese(stored: Run) -> None:
    """Headings, answer and charts, where a font can write them."""
    from parkflow.analysis.charts.theme import FontError, chinese_font

    try:
        chinese_font()
    except FontError as error:
        pytest.skip(str(error))
    page = page_of(stored, Ask(words("zh")))
    assert "节省" in page.answer[1]
    assert 'lang="zh-Hans"' in html(page)


def test_assumptions_are_collected_with_their_notes() -> None:
    """Every note of the file, whether source or assumption, with the numbers it is about."""
    noted = {it.key: it for it in assumptions(load("yantai"))}
    assert noted["cohort"].note.startswith("f004-09")
    assert not noted["cohort"].assumed
    assert noted["desks.utilities"].assumed
    assert "servers = " in noted["desks.utilities"].value
    assert not any(key.startswith("policies.") for key in noted)


def test_values_are_written_on_one_line() -> None:
    """Distributions as in the file, nothing as a dash."""
    assert plain({"dist": "pert", "low": 2, "mode": 5.0, "high": 12, "unit": "wd"}) == "pert(2, 5, 12) wd"
    assert plain({"a": 1.50, "source": "x"}) == "a = 1.5"
    assert plain(None) == "–"


def test_intervals_are_written_in_their_unit() -> None:
    """Shares as per cent, no minus before zero, a dash for what is not defined."""
    assert interval({"mean": 0.25, "low": 0.2, "high": 0.3}, "share").text == "25.0% [20.0%, 30.0%]"
    assert interval({"mean": -3.0, "low": -0.04, "high": None}, "days").text == "−3.0"
    assert interval({"mean": None, "low": None, "high": None}, "days").text == "–"
