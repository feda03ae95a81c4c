"""What a reader sees of a story: headlines with offices in short as full sets of facets, tables of cases by kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive.entities import Recogniser, load_recogniser, understand
from archive.entities.default import DATA
from archive.entities.features import load_lexicon
from archive.entities.repair import states
from archive.entities.titles import leading
from archive.errors import UsageError
from archive.model import Article, Kind, Reading, Span

SEED = Path(__file__).parents[1].parent / "shared" / "seed"
FACETS = (Kind.PERSON, Kind.PLACE, Kind.ORG)
PATRIOTS, JETS = "New England Patriots", "New York Jets"

# headline, text, people, places, organisations
STORIES = [
    (
        "DA Krasner on ICE raids",
        (
            "Philadelphia District Attorney Larry Krasner said on Friday that his office would prosecute agents "
            'who break the law. "We say no," Krasner told reporters at City Hall. Agents of U.S. Immigration and '
            "Customs Enforcement (ICE) raided a car wash earlier this week."
        ),
        {"Larry Krasner"},
        {"City Hall", "Philadelphia", "United States"},
        {"Immigration and Customs Enforcement"},
    ),
    (
        "AG Bondi sues Illinois over sanctuary law",
        (
            "Attorney General Pam Bondi filed the suit on Thursday in Chicago. Bondi said that Illinois and its "
            "governor, JB Pritzker, hinder federal agents. A spokesman for Pritzker declined to comment."
        ),
        {"JB Pritzker", "Pam Bondi"},
        {"Chicago", "Illinois"},
        set(),
    ),
    (
        "Sec Def Hegseth visits troops in Poland",
        (
            "Secretary of Defense Pete Hegseth met soldiers in Warsaw on Friday. Hegseth praised Poland for its "
            "spending. NATO Secretary General Mark Rutte welcomed Hegseth's words."
        ),
        {"Mark Rutte", "Pete Hegseth"},
        {"Poland", "Warsaw"},
        {"NATO"},
    ),
    (
        "MEC Maile apologises for hospital failures",
        ("Finance MEC Lebogang Maile apologised on Monday in Johannesburg. Maile said the province would act."),
        {"Lebogang Maile"},
        {"Johannesburg"},
        set(),
    ),
    (
        "Dato' Lim wins appeal in Kuala Lumpur",
        (
            "Dato' Lim Wei Chong won his appeal on Tuesday. Lim had been accused of fraud. Datuk Seri Anwar "
            "Ibrahim declined to comment."
        ),
        {"Anwar Ibrahim", "Lim Wei Chong"},
        {"Kuala Lumpur"},
        set(),
    ),
    (
        "Von der Leyen defends trade deal",
        (
            'European Commission President Ursula von der Leyen spoke in Brussels. "It is a good deal," von der '
            "Leyen said. Von der Leyen flew to Washington on Sunday."
        ),
        {"Ursula von der Leyen"},
        {"Brussels", "Washington"},
        {"European Commission"},
    ),
    (
        "Patriots beat Jets",
        (
            "The New England Patriots beat the New York Jets 24-3 on Sunday. New England ran for 200 yards. The "
            'Patriots play in Buffalo next week. "We were bad," Jets coach Aaron Glenn said.'
        ),
        {"Aaron Glenn"},
        {"Buffalo"},
        {JETS, PATRIOTS},
    ),
    (
        "Biotech firm to move from Cambridge, Mass., to Springfield, Ill.",
        (
            "A biotech firm will move from Cambridge to Springfield, the company said on Monday. Massachusetts "
            "will lose 400 jobs, Sen Ed Markey said. Markey spoke at the White House. White House spokeswoman "
            "Karoline Leavitt did not comment."
        ),
        {"Ed Markey", "Karoline Leavitt"},
        {"Cambridge, Massachusetts", "Illinois", "Massachusetts", "Springfield, Illinois"},
        {"White House"},
    ),
]


@pytest.fixture(scope="module", params=["default", "accurate"])
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    try:
        return load_recogniser(request.param)
    except UsageError as error:
        pytest.skip(str(error))


def facets(reading: Reading) -> list[set[str]]:
    return [{m.canonical for m in reading.mentions if m.kind is kind} for kind in FACETS]


@pytest.mark.parametrize(("title", "text", "people", "places", "orgs"), STORIES, ids=[row[0] for row in STORIES])
def test_the_facets_of_a_story_are_what_its_reader_would_write(
    recogniser: Recogniser, title: str, text: str, people: set[str], places: set[str], orgs: set[str]
) -> None:
    article = Article(url="u", title=title, text=text, lang="en", published_on=date(2025, 2, 3))
    assert facets(understand(article, recogniser)) == [people, places, orgs]


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed story is not here")
def test_the_facets_of_the_seed_story(recogniser: Recogniser) -> None:
    text = next(SEED.glob("*.txt")).read_text(encoding="utf-8")
    title = "DA Krasner: city will not help ICE raids"
    article = Article(url="u", title=title, text=text, lang="en", published_on=date(2025, 1, 31))
    assert facets(understand(article, recogniser)) == [
        {"Larry Krasner", "Donald Trump", "Brian O'Neil", "Patrick Dugan", "Emil Bove"},
        {"Philadelphia", "North Philadelphia", "City Hall", "United States", "Washington"},
        {"Immigration and Customs Enforcement", "City Council", "Justice Department", "Proud Boys"},
    ]


class Marked:
    """A recogniser that marks what stands in brackets of its text: {person}, [place], <organisation>."""

    name = "marked"

    def __init__(self) -> None:
        self.found: list[Span] = []

    def article(self, text: str, lang: str = "en") -> Article:
        kinds = {"{": Kind.PERSON, "[": Kind.PLACE, "<": Kind.ORG}
        plain, start, kind = "", 0, Kind.PERSON
        for sign in text:
            if sign in kinds:
                start, kind = len(plain), kinds[sign]
            elif sign in "}]>":
                self.found.append(Span(kind, start, len(plain)))
            else:
                plain += sign
        return Article(url="u", title="", text=plain, lang=lang)

    def spans(self, text: str, lang: str) -> list[Span]:
        return self.found


def understood(text: str, lang: str = "en") -> list[set[str]]:
    marked = Marked()
    return facets(understand(marked.article(text, lang), marked))


TITLED = [
    ("en", "Lt Gov Dan Patrick", "Dan Patrick"),
    ("en", "Lt. Gov. Patrick", "Patrick"),
    ("en", "former U.S. Sen. Al Franken", "Al Franken"),
    ("en", "Cllr Amina Khan", "Amina Khan"),
    ("en", "Rep Maxine Waters", "Maxine Waters"),
    ("en", "ex-President Bush", "Bush"),
    ("en", "President-elect Noboa", "Noboa"),
    ("en", "Assistant District Attorney Jane Roe", "Jane Roe"),
    ("en", "Rt Hon Yvette Cooper", "Yvette Cooper"),
    ("en", "Cde Mnangagwa", "Mnangagwa"),
    ("en", "PM Anutin", "Anutin"),
    ("en", "A.G. Sulzberger", "A.G. Sulzberger"),
    ("en", "M Night Shyamalan", "M Night Shyamalan"),
    ("en", "MS Dhoni", "MS Dhoni"),
    ("de", "Außenministerin Annalena Baerbock", "Annalena Baerbock"),
    ("de", "Bundeskanzler Dr. Friedrich Merz", "Friedrich Merz"),
    ("de", "OB Reiter", "Reiter"),
    ("fr", "M. Macron", "Macron"),
    ("fr", "Mme la ministre", "la ministre"),
    ("fr", "première ministre Élisabeth Borne", "Élisabeth Borne"),
    ("es", "Comandante Ortiz", "Ortiz"),
    ("es", "expresidenta Cristina Fernández", "Cristina Fernández"),
    ("es", "Sra. Ayuso", "Ayuso"),
    ("pt", "deputado Nikolas Ferreira", "Nikolas Ferreira"),
    ("it", "On. Rossi", "Rossi"),
    ("en", "On Kawara", "On Kawara"),
    ("nl", "Minister-president Dick Schoof", "Dick Schoof"),
    ("sv", "statsminister Ulf Kristersson", "Ulf Kristersson"),
    ("da", "finansminister Nicolai Wammen", "Nicolai Wammen"),
    ("fi", "pääministeri Petteri Orpo", "Petteri Orpo"),
    ("pl", "pan Donald Tusk", "Donald Tusk"),
    ("en", "Pan Zhanle", "Pan Zhanle"),
    ("cs", "premiér Petr Fiala", "Petr Fiala"),
    ("tr", "Cumhurbaşkanı Erdoğan", "Erdoğan"),
    ("id", "Presiden Prabowo Subianto", "Prabowo Subianto"),
    ("ms", "Tan Sri Muhyiddin Yassin", "Muhyiddin Yassin"),
    ("ru", "министром Сергеем Лавровым", "Сергеем Лавровым"),
    ("uk", "президент Володимир Зеленський", "Володимир Зеленський"),
    ("en", "Briton Callum Ilott", "Callum Ilott"),
    ("en", "South Korean Son Heung-min", "Son Heung-min"),
    ("en", "German Lopez", "German Lopez"),
    ("en", "Don King", "Don King"),
    ("en", "David Ljunggren Editing", "David Ljunggren"),
    ("en", "Bashar al-Assad of Syria", "Bashar al-Assad"),
    ("en", "Catherine of Aragon", "Catherine of Aragon"),
]


@pytest.mark.parametrize(("lang", "marked", "name"), TITLED, ids=[row[1] for row in TITLED])
def test_what_stands_before_or_behind_a_name_is_no_part_of_it(lang: str, marked: str, name: str) -> None:
    people, _, _ = understood(f"Dort sprach {{{marked}}} nicht.", lang)
    assert people == {name}


def test_a_name_in_capitals_keeps_its_particle() -> None:
    assert leading("DA SILVA".split()) == 0
    assert leading("DA Krasner".split()) == 1
    assert leading("CJI D.Y. Chandra".split()) == 1
    assert leading("Asiwaju Bola Tinubu".split()) == 1
    assert leading(()) == 0


MERGED = [
    ("{Larry Krasner} spoke. {L. Krasner} left.", {"Larry Krasner"}),
    ("{Larry Krasner} spoke. {DA KRASNER} left.", {"Larry Krasner"}),
    ("{J. K. Rowling}, {J.K. Rowling}, {JK Rowling} and {Rowling}.", {"J.K. Rowling"}),
    ("{J. Smith} met {John Smith} and {Jane Smith}.", {"J. Smith", "John Smith", "Jane Smith"}),
    ('{William "Bill" Burns} left. {Bill Burns} and {Burns}.', {"William Burns"}),
    ("{Earl “The Pearl” Monroe} and {Monroe}.", {"Earl Monroe"}),
    ("{Ursula von der Leyen}, {Von der Leyen}; said von {der Leyen}, {Leyen}.", {"Ursula von der Leyen"}),
    ("{Don King} met {Larry King}.", {"Don King", "Larry King"}),
    ("{Dean Robert Post} spoke. {Robert Post} left.", {"Robert Post"}),
    ("{Angus King} spoke. {King} left.", {"Angus King"}),
    ("Philadelphia DA: {Philadelphia DA Krasner} and {Larry Krasner}.", {"Larry Krasner"}),
    ("{Mette Frederiksen of Denmark} met {Frederiksen}.", {"Mette Frederiksen"}),
    ("Sec {Def Lloyd Austin} met {Lloyd Austin}. Secretary of {Defense Austin} left.", {"Lloyd Austin"}),
]


def test_a_town_that_was_passed_over_is_found_by_its_state() -> None:
    words = "To move from New Haven , Conn. , to Springfield , Ill. , or , Okla. , said Ill.".split()
    found = {" ".join(words[name.start : name.end]) for name in states(words, [], load_lexicon(DATA))}
    assert found == {"New Haven", "Conn.", "Springfield", "Ill.", "Okla."}


@pytest.mark.parametrize(("text", "people"), MERGED, ids=[row[0] for row in MERGED])
def test_names_of_one_person_are_one(text: str, people: set[str]) -> None:
    assert understood(text)[0] == people


def test_the_place_before_an_office_and_behind_a_person_is_a_place() -> None:
    assert understood("{Philadelphia DA Krasner} met {Bashar al-Assad of Syria}.")[1] == {"Philadelphia", "Syria"}


ONE_KIND = [
    ("<U.N.> said. [U.N.] and the <United Nations>.", set(), {"United Nations"}),
    ("[White House] and <White House>.", set(), {"White House"}),
    ("{IKEA} and <IKEA>, <IKEA>.", set(), {"IKEA"}),
    ("<Kremlin> and [Kremlin], [Kremlin].", set(), {"Kremlin"}),
    ("The <New England Patriots> won. [New England] beat <Patriots>.", set(), {PATRIOTS}),
    ("The <New England Patriots> won. It rained in [New England].", {"New England"}, {PATRIOTS}),
    ("<Manchester United> lost. <United> sacked him in [Manchester].", {"Manchester"}, {"Manchester United"}),
    ("{Norman} won. He of [Norman], Okla., won, as {Norman} did.", {"Norman"}, set()),
    ("<Rockets> in [Houston]. A win over [Houston].", {"Houston"}, {"Houston Rockets"}),
    ("<Texas Rangers> and <Texas Longhorns>. [Texas] won.", {"Texas"}, {"Texas Rangers", "Texas Longhorns"}),
    ("<Greenleaf Pharmacies> was sued. <Greenleaf> said it had closed.", set(), {"Greenleaf Pharmacies"}),
    (
        "<Greenleaf Pharmacies> and <Greenleaf Bakery>. <Greenleaf> said so.",
        set(),
        {"Greenleaf Pharmacies", "Greenleaf Bakery", "Greenleaf"},
    ),
    ("<Google Ventures> is owned by <Google>.", set(), {"Google Ventures", "Google"}),
    ("<Equinor ASA> fell. <Equinor> said it would sell.", set(), {"Equinor"}),
]


@pytest.mark.parametrize(("text", "places", "orgs"), ONE_KIND, ids=[row[0] for row in ONE_KIND])
def test_one_thing_has_one_kind_and_one_name_in_a_story(text: str, places: set[str], orgs: set[str]) -> None:
    assert understood(text)[1:] == [places, orgs]


STORY_OF_A_COMPANY = """Drug maker Velarox Inc. sold a unit on Monday. Shares of Velarox rose. Velarox said it would
cut jobs. Its rival, Hughes Tool Co, did not comment; Hughes has cut jobs, too."""


def test_a_company_is_known_by_its_first_word(recogniser: Recogniser) -> None:
    article = Article(url="u", title="VELAROX SELLS UNIT", text=STORY_OF_A_COMPANY, lang="en")
    people, places, orgs = facets(understand(article, recogniser))
    assert (people, orgs) == (set(), {"Velarox", "Hughes Tool"}), places


def test_a_person_and_a_place_of_one_name_stay_two() -> None:
    people, places, _ = understood("{Denzel Washington} came to [Washington]. {Washington} spoke.")
    assert people == {"Denzel Washington"}
    assert places == {"Washington"}
