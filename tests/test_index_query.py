"""The query language as text and tree: what parses, what does not and how that is said, and what bounds it."""

from __future__ import annotations

import contextlib
import random
import string
import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index import FIELDS, FLAGS, QueryError, parse_query
from index.errors import DateError
from index.plan import FIRST_DAY, LAST_DAY
from index.query import dates
from index.query.explain import explain
from index.query.nodes import And, Everything, Exact, Fuzzy, Has, Node, Not, Or, Phrase, Prefix, When, Word
from index.query.parse import MAX_CLAUSES, MAX_DEPTH, MAX_LENGTH

TODAY = date(2025, 2, 5)
a, b, c, d = (Word(name) for name in "abcd")

TREES: list[tuple[str, Node]] = [
    ("", Everything()),
    ("   ", Everything()),
    ("*", Everything()),
    ("a", a),
    ("a b", And((a, b))),
    ("a AND b", And((a, b))),
    ("a and b", And((a, Word("and"), b))),
    ("a OR b", Or((a, b))),
    ("a OR b OR c", Or((a, b, c))),
    ("a b OR c d", And((a, Or((b, c)), d))),
    ("a AND b OR c", And((a, Or((b, c))))),
    ("(a b) OR c", Or((And((a, b)), c))),
    ("-a", Not(a)),
    ("NOT a", Not(a)),
    ("not a", And((Word("not"), a))),
    ("-(a b)", Not(And((a, b)))),
    ("NOT NOT a", Not(Not(a))),
    ("a -b OR c", And((a, Or((Not(b), c))))),
    ("((a))", a),
    ("a-b", Word("a-b")),
    ("a - b", And((a, b))),
    ("--a", Not(Word("-a"))),
    ('"a b"', Phrase("a b")),
    ('"a  b"~5', Phrase("a b", within=5)),
    ("“a b”", Phrase("a b")),
    ('"a “b” c"', Phrase("a “b” c")),
    ('"a „b c“, d"~3 a', And((Phrase("a „b c“, d", within=3), a))),
    ('author:="a “b” c"', Exact(("a “b” c",), "author")),
    ('author:=("“a”" OR "b (“c”)")', Exact(("“a”", "b (“c”)"), "author")),
    ('"a b” “c d"', And((Phrase("a b"), Phrase("c d")))),
    ('“a” "b" “c”', And((Phrase("a"), Phrase("b"), Phrase("c")))),
    ('"a “b', And((Phrase("a"), b))),
    ('"a b', Phrase("a b")),
    ('a"b"c', And((a, Phrase("b"), c))),
    ('-"a"', Not(Phrase("a"))),
    ("a*", Prefix("a")),
    ("a**", Prefix("a")),
    ("a && b", And((a, b))),
    ("a&&b || c", And((a, Or((b, c))))),
    ("&& a || b &&", Or((a, b))),
    ("a&&-b&&person:c||NOT&&d", And((a, Not(b), Or((Word("c", "person"), Not(d)))))),
    ("a&&person:*", And((a, Has("person")))),
    ("AT&T R&D", And((Word("AT&T"), Word("R&D")))),
    ("https://x.y/?a=1&&b=2||c", Word("https://x.y/?a=1&&b=2||c")),
    ("!a b", And((Not(a), b))),
    ("a AND !(b c)", And((a, Not(And((b, c)))))),
    ("!person:a", Not(Word("a", "person"))),
    ("a ! b", And((a, b))),
    ("Yahoo! a", And((Word("Yahoo!"), a))),
    ("+a b", And((Word("a", "text"), b))),
    ("+(a -b)", And((Word("a", "text"), Not(Word("b", "text"))))),
    ('+"a b" +person:c', And((Phrase("a b", "text"), Word("c", "person")))),
    ("+person：c", Word("c", "person")),
    ("person:(+a b)", And((Word("a", "person"), Word("b", "person")))),
    ("+https://x.y/z", Word("https://x.y/z")),
    ("+=a", Word("=a", "text")),
    ("person: =a -person: =b*", And((Word("=a", "person"), Not(Prefix("=b", "person"))))),
    ("+1 C++", And((Word("+1"), Word("C++")))),
    ("date:[2024 TO 2025-01]", When("2024..2025-01", "date")),
    ("date:[2024 TO *] a", And((When("2024..", "date"), a))),
    ('-date:[* TO "2025-01-31"]', Not(When("..2025-01-31", "date"))),
    ("why? a?", And((Word("why"), a))),
    ("Why?Because 真的?假的", And((Word("Why?Because"), Word("真的?假的")))),
    ("x.org/a?b=c", Word("x.org/a?b=c")),
    ("10^6 0.5~0.8 24/7 50*2", And((Word("10^6"), Word("0.5~0.8"), Word("24/7"), Word("50*2")))),
    ("and/or /a b/c", And((Word("and/or"), Word("/a"), Word("b/c")))),
    ("url:/news/ [sic] [a TO", And((Word("/news/", "url"), Word("[sic]"), Word("[a"), Word("TO")))),
    ('"te?t" "/a+/" "b^2"', And((Phrase("te?t"), Phrase("/a+/"), Phrase("b^2")))),
    ("a~", Fuzzy("a")),
    ("a~1", Fuzzy("a", edits=1)),
    ("person:a", Word("a", "person")),
    ("PEOPLE:a", Word("a", "person")),
    ('person:"a b"', Phrase("a b", "person")),
    ('person:"a b"~3', Phrase("a b", "person", 3)),
    ("-person:a", Not(Word("a", "person"))),
    ("person:(a OR b)", Or((Word("a", "person"), Word("b", "person")))),
    ("person:(a org:b -c)", And((Word("a", "person"), Word("b", "org"), Not(Word("c", "person"))))),
    ("person:a*", Prefix("a", "person")),
    ("person:*", Has("person")),
    ("person:OR", Word("OR", "person")),
    ("person:-5", Word("-5", "person")),
    ("Lehrer:innen", Word("Lehrer:innen")),
    ("EU:n USA:s?", And((Word("EU:n"), Word("USA:s")))),
    ("Lehrer*innen", Word("Lehrer*innen")),
    ("Title:in", Word("in", "title")),
    ("person:b:c", Word("b:c", "person")),
    ("person: a", Word("a", "person")),
    ('-title:  "a b"', Not(Phrase("a b", "title"))),
    ("(PERSON: a OR org: (a b))", Or((Word("a", "person"), And((Word("a", "org"), Word("b", "org")))))),
    ("person： a", Word("a", "person")),
    ("persn: a", And((Word("persn:"), a))),
    ('"person:" a', And((Phrase("person:"), a))),
    ("date:2025-01", When("2025-01", "date")),
    ('date:"last  week"', When("last week", "date")),
    ("date:(2024 OR 2025)", Or((When("2024", "date"), When("2025", "date")))),
    ("date:..2025-01", When("..2025-01", "date")),
    ("mentioned:>=2025-01-15", When(">=2025-01-15", "mentioned")),
    ("is:Changed", Word("changed", "is")),
    ("link:https://x.y/z?a=b:c", Word("https://x.y/z?a=b:c", "link")),
    ("link:https://x.y/~joe~2", Word("https://x.y/~joe~2", "link")),
    ("url:x.y/z/*", Prefix("x.y/z/", "url")),
    ("https://x.y/z", Word("https://x.y/z")),
    ("(https://x.y/z)", Word("https://x.y/z")),
    ("https://x.y/z_(q) a", And((Word("https://x.y/z_(q)"), a))),
    ("10:30", Word("10:30")),
    ("🙂", Word("🙂")),
    ("a OR", a),
    ("OR a", a),
    ("a OR OR b", Or((a, b))),
    ("a OR -", a),
    ("a NOT", a),
    ("NOT OR a", a),
    ("AND a AND AND b AND", And((a, b))),
    ("(a", a),
    ("a)", a),
    ("() OR a", a),
    ("a ... b", And((a, b))),
    ("a & b", And((a, b))),
    ("a -- b", And((a, b))),
    ("a — b?", And((a, Word("b")))),
    ("person:(a & b)", And((Word("a", "person"), Word("b", "person")))),
    ("⭐", Word("⭐")),
    ("person:⭐", Word("⭐", "person")),
    ("J. K. Rowling", And((Word("J. K."), Word("Rowling")))),
    ('person:"J. K. Rowling"', Phrase("J. K. Rowling", "person")),
    (r'"say \"hi\""', Phrase('say "hi"')),
    (r'tag:"say \"hi\""', Phrase('say "hi"', "tag")),
    (r'"a\b" c', And((Phrase(r"a\b"), c))),
    (r'"a\\" c', And((Phrase("a\\"), c))),
    ('person:="Venn"', Exact(("Venn",), "person")),
    ("people:=Venn", Exact(("Venn",), "person")),
    ('-person:="Marisol  Venn"', Not(Exact(("Marisol Venn",), "person"))),
    ('person:=("A" OR "B" OR "A")', Exact(("A", "B"), "person")),
    ('a OR tag:=("say \\"hi\\"")', Or((a, Exact(('say "hi"',), "tag")))),
    ("date:=2025-01", Exact(("2025-01",), "date")),
    ("is:=changed", Exact(("changed",), "is")),
    ('tag:"…"', Phrase("…", "tag")),
    ("«a b» c", And((Phrase("a b"), c))),
    ("-«a b»", Not(Phrase("a b"))),
    ("»a b«~3", Phrase("a b", within=3)),
    ("「a b」c", And((Phrase("a b"), c))),
    ("『a』OR b", Or((Phrase("a"), b))),
    ("person:「a b」", Phrase("a b", "person")),
    ("「a b", Phrase("a b")),
    ('"a «b» c"', Phrase("a «b» c")),
    ('«a "b" c» d', And((Phrase('a "b" c'), d))),
    ("（a b） ＯＲ c", Or((And((a, b)), c))),
    ("ＮＯＴ a", Not(a)),
    ("－a b", And((Not(a), b))),
    ("person：a -SITE：b", And((Word("a", "person"), Not(Word("b", "site"))))),
    ("東京：a", Word("東京：a")),
    ('צה"ל', Word('צה"ל')),
    ('"צה"ל" a', And((Phrase('צה"ל'), a))),
    ('ב"הארץ" a', And((Word("ב"), Phrase("הארץ"), a))),
]


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[row[0] or "(empty)" for row in TREES])
def test_a_text_and_its_tree(text: str, tree: Node) -> None:
    assert parse_query(text) == tree
    assert parse_query(str(tree)) == tree


MISTAKES = [
    ("persn:x", 0, 5, "there is no field “persn”", "person:x"),
    ("a (b OR place:x plcae:y)", 16, 5, "there is no field “plcae”", "a (b OR place:x place:y)"),
    ("foo:bar", 0, 3, "there is no field “foo”", ""),
    ("-Re:Zero", 1, 2, "there is no field “Re”", ""),
    ("date:2025-13", 5, 7, "there is no month 13", ""),
    ("a date:2025-02-30", 7, 10, "February 2025 has days 1 to 28", ""),
    ("date:31.01.2025 b", 5, 10, "“31.01.2025” is not a date", "date:2025-01-31 b"),
    ('date:"next Friday evening"', 5, 21, "“next friday evening” is not a date", ""),
    ("date:2025..2024", 5, 10, "the range ends before it begins", "date:2024..2025"),
    ("date:..", 5, 2, "a range needs a date on one side at least", ""),
    ("date:>=", 5, 2, "“” is not a date", ""),
    ("captured:0000", 9, 4, "there is no year 0", ""),
    ("is:chnged", 3, 6, "nothing is known as “chnged”", "is:changed"),
    ("is:pd*", 3, 3, "nothing is known as “pd*”", "is:pdf"),
    ("Krasner~9", 8, 1, "too fuzzy", "Krasner~2"),
    ('"a b"~5000', 6, 4, "too far apart", ""),
    ("€", 0, 1, "there is no word in €", ""),
    ("-€", 1, 1, "there is no word in €", ""),
    ("a € b", 2, 1, "there is no word in €", "a b"),
    ("a + b", 2, 1, "there is no word in +", "a b"),
    ("a -€", 3, 1, "there is no word in €", "a"),
    ("a NOT €", 6, 1, "there is no word in €", "a"),
    ("a OR € b", 5, 1, "there is no word in €", "a b"),
    ("€ OR b", 0, 1, "there is no word in €", "b"),
    ("person:", 0, 7, "there is nothing behind person:", ""),
    ("a OR person: OR b", 5, 7, "there is nothing behind person:", "a OR b"),
    ("a person: title:b", 2, 7, "there is nothing behind person:", ""),
    ("person: title: b", 0, 7, "there is nothing behind person:", ""),
    ("a (b site: )", 5, 5, "there is nothing behind site:", ""),
    ("person: -a", 0, 7, "there is nothing behind person:", "-a"),
    ("person:€ a", 7, 1, "there is no word in €", ""),
    ("person:...", 0, 10, "there is no word in person:...", ""),
    ("person:= a", 7, 1, "an exact value stands right behind the =", "person:=a"),
    ('"..."', 0, 5, 'there is no word in "..."', ""),
    ('a "" b', 2, 2, 'there is no word in ""', "a b"),
    ("a -...", 2, 4, "there is no word in -...", "a"),
    ("€*", 0, 2, "there is no word in €*", ""),
    ("... !!! --", 0, 10, "there is no word in ... !!! --", ""),
    (" OR ", 1, 2, "there is no word in OR", ""),
    ("NOT", 0, 3, "there is no word in NOT", ""),
    (")(", 0, 2, "there is no word in )(", ""),
    ("a -()", 0, 5, "there is no word in a -()", ""),
    ("person:()", 0, 7, "there is no word in person:", ""),
    ("~", 0, 1, "there is no word in ~", ""),
    ("raid~0.8", 0, 8, "how alike words are is told in letters", "raid~"),
    ("person:Krasner~0.75 a", 7, 12, "how alike words are is told in letters", "person:Krasner~ a"),
    ("raid^2 b", 0, 6, "no word weighs more than another by a ^", "raid b"),
    ("b title:raid^1.5", 8, 8, "no word weighs more than another by a ^", "b title:raid"),
    ('"a b"^2', 5, 2, "no word weighs more than another by a ^", ""),
    ("(a OR b)^4 c", 8, 2, "no word weighs more than another by a ^", ""),
    ('"a b"~0.5', 5, 4, "a ~ behind quotes has a whole number", ""),
    ("te?t", 0, 4, "a ? stands for no letter", "te*"),
    ("person:M?ller", 7, 6, "a ? stands for no letter", "person:M*"),
    ("TE??T", 0, 5, "a ? stands for no letter", "TE*"),
    ("?our", 0, 4, "a ? stands for no letter", ""),
    ("te*t a", 0, 4, "a * counts only at the end of a word", "te* a"),
    ("a *raid", 2, 5, "a * counts only at the end of a word", "a raid"),
    ("author:*smith*", 7, 7, "a * counts only at the end of a word", "author:smith"),
    ("tag:a*b", 4, 3, "a * counts only at the end", 'tag:"a*b"'),
    ("url:*/news", 4, 6, "a * counts only at the end", 'url:"*/news"'),
    ("/raid/", 0, 6, "regular expressions are not read", "raid"),
    ("a /[Rr]aid(s|ed)? car/ b", 2, 20, "regular expressions are not read", ""),
    ("title:/ra.d/", 6, 6, "regular expressions are not read", ""),
    ("[2024 TO 2025-03] a", 0, 17, "only dates have ranges", "date:2024..2025-03 a"),
    ("person:[Abel TO Cole]", 7, 14, "only dates have ranges", ""),
    ("date:{2024 TO 2025] a", 5, 14, "both ends of a range belong to it", "date:>2024 date:<=2025 a"),
    ("date:[2025-13 TO *]", 5, 14, "there is no month 13", ""),
    ("date:2025-01-31T10:00Z", 5, 17, "“2025-01-31t10:00z” is not a date", "date:2025-01-31"),
    ("raid NEAR/3 wash", 5, 6, "words near each other stand in quotes", '"raid wash"~3'),
    ("a (raid w/5 wash)", 8, 3, "words near each other stand in quotes", 'a ("raid wash"~5)'),
    ("raid* w/5 wash", 6, 3, "words near each other stand in quotes", ""),
    ("raid w/5 wash w/2 cars", 5, 3, "words near each other stand in quotes", ""),
    ("raid /s wash", 5, 2, "words near each other stand in quotes", '"raid wash"~15'),
    ("raid w/para wash", 5, 6, "words near each other stand in quotes", '"raid wash"~50'),
    ("raid /7 wash", 5, 2, "words near each other stand in quotes", '"raid wash"~7'),
    ("raid adj4 wash", 5, 4, "words near each other stand in quotes", '"raid wash"~4'),
    ("raid NEAR wash", 5, 4, "words near each other stand in quotes", '"raid wash"~5'),
    ("raid AROUND(9) wash", 5, 6, "words near each other stand in quotes", '"raid wash"~9'),
    ("near(raid, wash)", 0, 4, "words near each other stand in quotes", ""),
    ("raid BUT NOT wash", 5, 3, "NOT stands alone", "raid NOT wash"),
    ("raid ANDNOT wash", 5, 6, "AND and NOT are two words", "raid NOT wash"),
    ("raid XOR wash", 5, 3, "there is no operator XOR", ""),
    ("raid | wash", 5, 1, "a | joins nothing: OR stands between alternatives", "raid OR wash"),
    (
        "A fire at the pier | The Ledger",
        19,
        1,
        "a | joins nothing: OR stands between alternatives",
        "A fire at the pier The Ledger",
    ),
    ("by:Reed|Hale", 3, 9, "a | joins nothing: OR stands between alternatives", "by:(Reed OR Hale)"),
    ("hlead(raid wash)", 0, 5, "a field and what is asked of it have a colon between them", "title:(raid wash)"),
    ("a byline(reed)", 2, 6, "a field and what is asked of it have a colon between them", "a author:(reed)"),
    ("atleast5(raid)", 0, 8, "nothing is asked by atleast5(…)", "(raid)"),
    ("raid! wash", 0, 5, "a ! is punctuation", "raid* wash"),
    ("raid! OR wash!", 0, 5, "a ! is punctuation", "raid* OR wash!"),
    ("organi#ation", 0, 12, "a # stands for no letter", "organi*"),
    ("2024..2025 raid", 0, 10, "only dates have ranges", "date:2024..2025 raid"),
    ("$50..$100", 0, 9, "only dates have ranges", ""),
    ("person:-a b", 7, 2, "what is left out has its sign before the field", "-person:a b"),
    ("b -person:!a", 10, 2, "what is left out has its sign before the field", "b -person:a"),
    ("by:NOT a", 3, 3, "what is left out has its sign before the field", "-by:a"),
    ("is:-copy", 3, 5, "what is left out has its sign before the field", "-is:copy"),
    ('by:!="Ann Reed"', 3, 2, "what is left out has its sign before the field", '-by:"Ann Reed"'),
    ('by!="Ann Reed"', 0, 4, "a field and what is asked of it have a colon between them", '-by:"Ann Reed"'),
    ("by<>Reed b", 0, 8, "a field and what is asked of it have a colon between them", "-by:Reed b"),
    ("by:'Ann Reed' b", 3, 4, "quotes are double ones", 'by:"Ann Reed" b'),
    ("by:=’Ann Reed’", 4, 4, "quotes are double ones", 'by:="Ann Reed"'),
    ("b author : Reed", 9, 1, "a field, a colon and what is asked of it stand together", "b author:Reed"),
    ("author :Reed", 7, 5, "a field, a colon and what is asked of it stand together", "author:Reed"),
    ('author := "Ann Reed"', 7, 2, "a field, a colon and what is asked of it stand together", 'author:="Ann Reed"'),
    ("date >= 2025-01", 5, 2, "a field, a colon and what is asked of it stand together", "date:>=2025-01"),
    ('"a b"~5^2', 5, 4, "a ~ behind quotes has a whole number", '"a b"~5'),
    ('"a b" ~5', 6, 2, "a ~ behind quotes has a whole number", '"a b"~5'),
    ('"a b"*', 5, 1, "a * counts only at the end of a word", ""),
    ('"a * b"', 0, 7, "a * stands for no word within quotes", '"a b"~1'),
    (
        '"Hale says "no" to it" b',
        11,
        1,
        "a quote within quotes has a backslash before it",
        r'"Hale says \"no\" to it" b',
    ),
    (
        'date:"2025-01".."2025-02"',
        14,
        2,
        "a range has both dates in it without quotes between",
        "date:2025-01..2025-02",
    ),
    ("intitle: raid", 0, 7, "there is no field “intitle”", "title:raid"),
    ("allintitle:car wash", 0, 10, "there is no field “allintitle”", "title:(car wash)"),
    ("EU:raid", 0, 2, "there is no field “EU”", ""),
    ("person:{Reed OR Hale} raid", 7, 5, "a group stands in parentheses", "person:(Reed OR Hale) raid"),
    ("site:[Ledger]", 5, 8, "a group stands in parentheses", "site:(Ledger)"),
    (
        'person:("Ann Reed", "Tom Hale")',
        18,
        1,
        "a comma joins nothing: OR stands between alternatives",
        'person:("Ann Reed" OR "Tom Hale")',
    ),
    ('"raid wash" NEAR car', 12, 4, "words near each other stand in quotes", ""),
    ("(raid OR wash) /s car", 15, 2, "words near each other stand in quotes", ""),
    ("raid (wash|car)", 6, 8, "a | joins nothing: OR stands between alternatives", "raid (wash OR car)"),
    ("words:>500", 6, 4, "only dates have an order", ""),
    ("sort:newest raid", 0, 4, "there is no field “sort”", "raid"),
    ("raid limit:5", 5, 5, "there is no field “limit”", "raid"),
    ("has:tags raid", 0, 3, "there is no field “has”", "tag:* raid"),
    ("added:today", 0, 5, "there is no field “added”", "captured:today"),
    ("version:2", 0, 7, "there is no field “version”", ""),
    ("is:duplicate", 3, 9, "nothing is known as “duplicate”", "is:copy"),
    ("-is:deleted", 4, 7, "nothing is known as “deleted”", "-is:gone"),
    (
        "date:2025-05-01T00:00..2025-05-02T12:00",
        5,
        34,
        "“2025-05-01t00:00” is not a date",
        "date:2025-05-01..2025-05-02",
    ),
    ("has:image raid", 0, 3, "there is no field “has”", ""),
    ("cache:paper.example", 0, 5, "there is no field “cache”", ""),
    ("since:2025 te?t until:2026", 0, 5, "there is no field “since”", "date:>=2025 te* date:<=2026"),
    ("id:c63wlttwbot5", 0, 2, "there is no field “id”", "url:c63wlttwbot5"),
    ("newer_than:7d raid", 0, 10, "there is no field “newer_than”", 'date:"last 7 days" raid'),
    ("older_than:1y", 0, 10, "there is no field “older_than”", 'date:"<last 1 years"'),
    ("date:2025-01,2025-02", 5, 15, "“2025-01,2025-02” is not a date", "date:2025-01..2025-02"),
    ("date:01/02/2025", 5, 10, "“01/02/2025” may be 2025-02-01 or 2025-01-02", ""),
    ("date:20250131", 5, 8, "“20250131” is not a date", "date:2025-01-31"),
    ("date:2025.01.31", 5, 10, "“2025.01.31” is not a date", "date:2025-01-31"),
    ("date:2025-0*", 5, 7, "“2025-0*” is not a date", "date:2025"),
    ("date:Q2-2025", 5, 7, "“q2-2025” is not a date", "date:2025-Q2"),
    ("date:2025-W05", 5, 8, "“2025-w05” is not a date", "date:2025-01-27..2025-02-02"),
    ("date:2020s", 5, 5, "“2020s” is not a date", "date:2020..2029"),
    ("date:now-7d/d a", 5, 8, "“now-7d/d” is not a date", 'date:"last 7 days" a'),
    ("date:last three months", 5, 4, "“last” is not a date", 'date:"last 3 months"'),
    ("date:letzte Woche a", 5, 6, "“letzte” is not a date", 'date:"last week" a'),
    ("date:gestern", 5, 7, "“gestern” is not a date", "date:yesterday"),
    ("date:3 mai 2025 a", 5, 1, "“3” is not a date", "date:2025-05-03 a"),
    ("date:2025年5月", 5, 7, "“2025年5月” is not a date", "date:2025-05"),
    ('date:"summer 2025"', 5, 13, "“summer 2025” is not a date", "date:2025-06-01..2025-08-31"),
    ("a -date:none", 8, 4, "“none” is not a date", "a date:*"),
    ("date:null a", 5, 4, "“null” is not a date", "-date:* a"),
    ("_exists_:person", 0, 15, "that a field has any value is asked by a *", "person:*"),
    ("a before:2025-01", 2, 6, "there is no field “before”", "a date:<2025-01"),
    ("since:2025", 0, 5, "there is no field “since”", "date:>=2025"),
    ("filetype:pdf", 0, 8, "there is no field “filetype”", "is:pdf"),
    ("intitle:raid", 0, 7, "there is no field “intitle”", "title:raid"),
    ("from:2025-01 to:2025-03", 0, 4, "there is no field “from”", "date:>=2025-01 date:<=2025-03"),
    ("date:last month oil", 5, 4, "“last” is not a date", 'date:"last month" oil'),
    ("(date:April 2025 OR oil)", 6, 5, "“april” is not a date", '(date:"April 2025" OR oil)'),
    ("date:from 1 May 2025 to 3 May 2025", 5, 4, "“from” is not a date", 'date:"1 may 2025..3 may 2025"'),
    ("date:between 2024 and 2025", 5, 7, "“between” is not a date", "date:2024..2025"),
    ('date:"2025-04 to 2025-05" a', 5, 20, "“2025-04 to 2025-05” is not a date", "date:2025-04..2025-05 a"),
    ("date:2025-04-01-2025-04-15", 5, 21, "“2025-04-01-2025-04-15” is not a date", "date:2025-04-01..2025-04-15"),
    ("date:2025-04 - 2025-05 a", 5, 7, "a range of dates has two points between them", "date:2025-04..2025-05 a"),
    ("date:2025 to 2026", 5, 4, "a range of dates has two points between them", "date:2025..2026"),
    ("from:Reed", 0, 4, "there is no field “from”", "author:Reed"),
    ('before:"last week"', 0, 6, "there is no field “before”", ""),
    (
        "(a OR city:Berlin) source:x lieu:Kiel",
        6,
        4,
        "there is no field “city”",
        "(a OR place:Berlin) source:x place:Kiel",
    ),
    ("fecha:2025", 0, 5, "there is no field “fecha”", "date:2025"),
    ("autor:Reed", 0, 5, "there is no field “autor”", "author:Reed"),
    ("作者:Reed", 0, 2, "there is no field “作者”", "author:Reed"),
    ("langue:fr", 0, 6, "there is no field “langue”", "lang:fr"),
    ("journalist:Reed", 0, 10, "there is no field “journalist”", "author:Reed"),
    ("author=Reed", 0, 11, "a field and what is asked of it have a colon between them", "author:Reed"),
    ("oil -by==Reed", 5, 8, "a field and what is asked of it have a colon between them", "oil -by:Reed"),
    ('site="The Ledger"', 0, 5, "a field and what is asked of it have a colon between them", 'site:"The Ledger"'),
    ("a + b !!!", 2, 1, "there is no word in +", "a b !!!"),
    ("text:=raid", 0, 6, "text has no values that are counted", ""),
    ("persn:=x", 0, 5, "there is no field “persn”", "person:=x"),
    ("person:=(a b)", 9, 3, "only OR may stand between exact values", ""),
    ('person:=(a OR -"b")', 15, 3, "only OR may stand between exact values", ""),
    ('person:=""', 0, 10, "there is no value in it", ""),
    ("date:=2025-1", 0, 12, "date has no such values", ""),
    ("date:=(2025 OR 2025-01)", 0, 22, "date has no such values", ""),
]


@pytest.mark.parametrize(
    ("text", "position", "length", "message", "suggestion"), MISTAKES, ids=[m[0] for m in MISTAKES]
)
def test_a_mistake_is_named_with_its_place(
    text: str, position: int, length: int, message: str, suggestion: str
) -> None:
    """Q08: not silently no hits, but where it is wrong, what was expected, and what may have been meant."""
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    error = caught.value
    assert (error.position, error.length, error.message, error.suggestion) == (position, length, message, suggestion)
    assert error.expected
    if suggestion:
        parse_query(suggestion)


def test_signs_of_other_engines_are_typography_in_a_pasted_text() -> None:
    text = "word " * 40 + "*note 10^6 raid^2 te?t"
    assert parse_query(str(parse_query(text))) == parse_query(text)


def test_the_caret_stands_under_the_mistake() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("東京 raid persn:x")
    assert caught.value.help().splitlines()[:3] == [
        "there is no field “persn”",
        "東京 raid persn:x",
        "          ^^^^^",
    ]
    assert "did you mean: 東京 raid person:x" in caught.value.help()


def test_the_caret_of_a_long_query_shows_the_part_that_matters() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("word " * 150 + "persn:x " + "word " * 40)
    shown, carets = caught.value.caret().splitlines()
    assert len(shown) <= 76
    assert shown[carets.index("^") :].startswith("persn")


TOO_MUCH = [
    ("Q01 nested parentheses", "(" * 10_000 + "a" + ")" * 10_000, "too long"),
    ("Q01 as deep as fits", "(" * 900 + "a" + ")" * 900, "too deep"),
    ("Q02 AND of 5,000 words", "word " * 5000, "too long"),
    ("Q02 as many as fit", "-a " * 900, "too many terms"),
    ("Q02 OR of many", " OR ".join("ab" for _ in range(300)), "too many terms"),
    ("Q03 NOT a thousand times", "NOT " * 1000 + "a", "too long"),
    ("Q03 as many as fit", "NOT " * 400 + "a", "too deep"),
    ("Q03 NOT and parentheses", "NOT (" * 300 + "a", "too deep"),
    ("Q04 one word of 25,000 letters", "a" * 25_000, "too long"),
    ("Q05 very fuzzy", "word~99999999999", "too fuzzy"),
]


@pytest.mark.parametrize(("text", "message"), [row[1:] for row in TOO_MUCH], ids=[row[0] for row in TOO_MUCH])
def test_too_much_is_refused_at_once(text: str, message: str) -> None:
    """Q01–Q05: bounded before any engine sees it."""
    began = time.process_time()
    with pytest.raises(QueryError, match=message) as caught:
        parse_query(text)
    assert caught.value.expected
    assert caught.value.caret()
    assert time.process_time() - began < 1


LIMITS = [
    ("the longest word", "a" * MAX_LENGTH),
    ("the deepest parentheses", "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH),
    ("the deepest negation", "NOT " * MAX_DEPTH + "a"),
    ("negated groups", "-(a " * (MAX_DEPTH // 2) + "a"),
    ("the most words", "a OR " * (MAX_CLAUSES - 1) + "a"),
    ("fields of fields", "person:(" * MAX_DEPTH + "a"),
    ("Q07 a regular expression that does not say so is only words", "(w+)w+$ .*.*.*"),
]


@pytest.mark.parametrize("text", [row[1] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_what_is_just_within_the_limits_has_a_tree(text: str) -> None:
    node = parse_query(text)
    explain(node, TODAY)
    if len(str(node)) <= MAX_LENGTH:
        assert parse_query(str(node)) == node


# Pieces that the grammar gives a meaning, and things that break parsers.
_PIECES = [
    *'"()*~-:.,<>=|&!?/\\^[]{}@#%+;“”„’\t\n\r\0\x1c\x85\u2028\u200b\ufeff\ud800\udfff',
    *" && || +a !b {1 TO ^2 ~0.5 te?t /a/".split(" "),
    " [a TO b]",
    "[2024 TO *] ",
    *' OR AND NOT or a b ab person: date: link: is: text: foo: .. >= <= ~2 ~5 * 2025 2025-01 "a b" http:// https://x.y'
    " https://a.b/c_(d) changed person:= tag:=a € ⭐ J. K. Krasner O’Neil U.S. 東京 🙂 ﷽ ß İ ǅ ﬁ हिन्दी ا́ \u0301"
    " 1,2 10:30".split(" "),
    " ",
]
texts = st.lists(st.sampled_from(_PIECES) | st.characters(), max_size=40).map("".join) | st.text(max_size=60)


@settings(deadline=None, max_examples=1500)
@given(text=texts)
@example(text='""~2OR')
@example(text='"a b"~2person:x')
@example(text='"a"~2-b')
@example(text="OR?")
@example(text="+/5 a")
@example(text="a) XOR b")
@example(text="+NOT a ~5")
@example(text="site: {a (“]")
@example(text="by: (<a")
@example(text=".title(=a")
@example(text="has:»")
@example(text="by:tag: #")
@example(text="https://a.example/x:? b")
def test_everything_parses_but_for_named_mistakes_and_prints_itself(text: str) -> None:
    """parse(str(q)) == q, and nothing but QueryError is ever raised."""
    try:
        node = parse_query(text)
    except QueryError as error:
        named = error
    else:
        assert parse_query(str(node)) == node
        explain(node, TODAY)
        return
    assert 0 <= named.position <= len(text)
    assert named.help()


_WORDS = st.sampled_from([
    "J. K.", "1\u202f200,50", 'צה"ל', "e\u0301", "[a TO b]", "/a b/", "\u200frtl\u200e", "\u202bعرب\u202c",
    *"raid KRASNER Łódź O’Neil J. 東京 ไทย हिन्दी صنعاء 👨‍👩‍👧 ＡＮＤ （a） ﾊﾟ C++ #tag @who a/b e.g. … , *".split(),
    *"x=y ~5 ^2 =a |a *a te*t te?t a~b /a/ !a -a {a [a TO BUT XOR near3 w/5 2024..2025 wow! what? 'a a&b".split(),
    *"site: EU:n Lehrer:innen where：a https://a.example/x(y)?z".split(),
    "\\", "\\a", "\\\\",
])  # fmt: skip
_GAPS = st.sampled_from(["", " ", " ", " ", "\u00a0", "\u3000", "\n", "||", "&&", " OR ", " AND "])
_NAMES = st.sampled_from([*(field.name for field in FIELDS), "by", "who", "saved", "foo", "Lehrer"])
_PAIRS = st.sampled_from(['""', "“”", "„“", "””", "«»", "「」", "『』", "＂＂", '"”', "()", '""~2', "“”~2"])


def _set_out(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = st.lists(st.tuples(parts, _GAPS).map("".join), max_size=3).map("".join)
    return st.one_of(
        st.tuples(_PAIRS, inside).map(lambda two: f"{two[0][0]}{two[1]}{two[0][1:]}"),
        st.tuples(st.sampled_from("-+!"), parts).map("".join),
        st.tuples(_NAMES, st.sampled_from([":", ":", ":=", ": ", "："]), parts).map("".join),
        st.tuples(_NAMES, inside, inside).map(lambda three: f'{three[0]}:=("{three[1]}" OR "{three[2]}")'),
        st.tuples(parts, st.sampled_from(["*", "~", "~1", "?", "’s", "."])).map("".join),
    )


_PARTS = st.recursive(_WORDS | st.characters(), _set_out, max_leaves=6)
_QUERIES = st.lists(st.tuples(_PARTS, _GAPS).map("".join), min_size=1, max_size=8).map("".join)
# A text from elsewhere, in which signs are typography: what is printed of it may be shorter.
_PASTED = st.tuples(_QUERIES, st.integers(30, 45), st.lists(_PARTS, min_size=1, max_size=8)).map(
    lambda three: f"{three[0]} {'a ' * three[1]}{' '.join(three[2])}"
)


@settings(deadline=None, max_examples=1500)
@given(text=_QUERIES | _PASTED)
@example(text="J.  J.")
@example(text="『a』(~5")
@example(text="||url:!c")
@example(text="source:(-!w")
@example(text="by:[a(b]")
@example(text="date:2025-01 (to b")
@example(text='"“” „"')
@example(text='“o("“d”"b')
@example(text='"२"\\tag::')
@example(text="\\where:K")
@example(text="\\k?")
@example(text="tag:\\")
@example(text='link:/"\u202f/')
@example(text="[O||]\nTO b]")
@example(text="title: b " + "c " * 40)
@example(text="wow! site: a near3 [a TO b] te?t ~5 " + "!a " * 40)
@example(text='"a * b" ' + "-- " * 40 + "c d " * 20)
@example(text='"says "no" to it" ' + "-- " * 60)
def test_what_is_printed_is_read_the_same_whatever_stood_around_it(text: str) -> None:
    """... and a suggestion is a query."""
    try:
        node = parse_query(text)
    except QueryError as error:
        named = error
    else:
        assert len(str(node)) > MAX_LENGTH or parse_query(str(node)) == node
        return
    assert 0 <= named.position <= len(text)
    assert not named.suggestion or parse_query(named.suggestion)


def test_a_word_behind_a_backslash_is_taken_as_it_stands() -> None:
    assert parse_query(r"\near3") == Word("near3")
    assert parse_query(r"person:\=a \-b \!c") == And((Word("=a", "person"), Word("-b"), Word("!c")))
    assert parse_query(r"\title:x") == Word("title:x")
    assert parse_query(r'"a \* b"') == Phrase("a * b")
    assert [str(parse_query(text)) for text in ("C# a/b what? U.S.", "iPhone15", "NASA")] == [
        "C# a/b what U.S.", "iPhone15", "NASA"
    ]  # fmt: skip


@pytest.mark.slow
def test_random_bytes_for_a_few_seconds() -> None:
    """Q09: whatever the bytes, only our QueryError."""
    source = random.Random(20250131)
    until = time.monotonic() + 4
    tried = 0
    while time.monotonic() < until:
        length = source.choice([3, 20, 200, 2000])
        pieces = (
            source.choice(_PIECES) if source.random() < 0.5 else chr(source.randrange(0x300)) for _ in range(length)
        )
        text = "".join(pieces) if source.random() < 0.7 else source.randbytes(length).decode("utf-8", "surrogateescape")
        with contextlib.suppress(QueryError):
            explain(parse_query(text), TODAY)
        tried += 1
    assert tried > 100


@pytest.mark.parametrize(
    "text", ["person\udcff:x", "date:\udcff", "is:\ud800", "\udcffn:x", '"\udcff" a\ud800b person:c\ud800']
)
def test_q08_bytes_that_are_no_text_can_be_shown_all_the_same(text: str) -> None:
    """What a terminal passes on of bytes that are not UTF-8 must not break the message about it."""
    try:
        shown = str(parse_query(text))
    except QueryError as error:
        shown = f"{error.help()} {error.query} {error.suggestion} {error}"
    shown.encode()


@given(
    name=st.sampled_from([name for field in FIELDS for name in (field.name, *field.aliases)]),
    value=st.text(string.ascii_letters, min_size=1, max_size=8),
)
def test_every_name_of_a_field_is_read(name: str, value: str) -> None:
    if name in {alias for field in FIELDS if field.shape in ("date", "flag") for alias in (field.name, *field.aliases)}:
        return
    field = next(field for field in FIELDS if name in (field.name, *field.aliases))
    assert parse_query(f"{name}:{value}") == Word(value, field.name)


def test_no_two_fields_share_a_name() -> None:
    names = [name for field in FIELDS for name in (field.name, *field.aliases)]
    assert len(names) == len(set(names))
    assert names == [name.lower() for name in names]


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_is_read(flag: str) -> None:
    assert parse_query(f"is:{flag}") == Word(flag, "is")


@pytest.mark.parametrize("field", FIELDS, ids=[field.name for field in FIELDS])
def test_the_example_of_every_field_is_a_query(field: object) -> None:
    parse_query(field.example)  # type: ignore[attr-defined]


DATES = [
    ("2025", "2025-01-01", "2025-12-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2025-1-5", "2025-01-05", "2025-01-05"),
    ("2025/01/31", "2025-01-31", "2025-01-31"),
    ("2025-Q1", "2025-01-01", "2025-03-31"),
    ("2025q4", "2025-10-01", "2025-12-31"),
    ("9999-12", "9999-12-01", "9999-12-31"),
    ("Jan 2025", "2025-01-01", "2025-01-31"),
    ("Sept. 2024", "2024-09-01", "2024-09-30"),
    ("31 January 2025", "2025-01-31", "2025-01-31"),
    ("31st of January 2025", "2025-01-31", "2025-01-31"),
    ("January 2nd, 2025", "2025-01-02", "2025-01-02"),
    ("January 31, 2025", "2025-01-31", "2025-01-31"),
    ("today", "2025-02-05", "2025-02-05"),
    ("Yesterday", "2025-02-04", "2025-02-04"),
    ("tomorrow", "2025-02-06", "2025-02-06"),
    ("this week", "2025-02-03", "2025-02-09"),
    ("last week", "2025-01-27", "2025-02-02"),
    ("next week", "2025-02-10", "2025-02-16"),
    ("last month", "2025-01-01", "2025-01-31"),
    ("last quarter", "2024-10-01", "2024-12-31"),
    ("last year", "2024-01-01", "2024-12-31"),
    ("last 7 days", "2025-01-30", "2025-02-05"),
    ("past 2 weeks", "2025-01-23", "2025-02-05"),
    ("last 3 months", "2024-11-06", "2025-02-05"),
    ("2 weeks ago", "2025-01-20", "2025-01-26"),
    ("3 days ago", "2025-02-02", "2025-02-02"),
    ("1 year ago", "2024-01-01", "2024-12-31"),
    ("2025-01-10..2025-01", "2025-01-10", "2025-01-31"),
    ("2025-01-10 .. 2025-01-12", "2025-01-10", "2025-01-12"),
    ("2025..", "2025-01-01", "9999-12-31"),
    ("..2025", "0001-01-01", "2025-12-31"),
    ("last week..today", "2025-01-27", "2025-02-05"),
    (">=2025-02", "2025-02-01", "9999-12-31"),
    (">2025-01", "2025-02-01", "9999-12-31"),
    ("<2025-01", "0001-01-01", "2024-12-31"),
    ("<= 2025-01", "0001-01-01", "2025-01-31"),
]


@pytest.mark.parametrize(("text", "first", "last"), DATES, ids=[row[0] for row in DATES])
def test_dates(text: str, first: str, last: str) -> None:
    begin, end = dates.read(text, TODAY)
    assert (date.fromordinal(begin).isoformat(), date.fromordinal(end).isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text", ["2025-00", "10000", "last 0 days", "5000 years ago", "0001-01-01x", "", "Smarch 2025"]
)
def test_no_dates(text: str) -> None:
    with pytest.raises(DateError):
        dates.read(text, TODAY)


@given(
    text=st.text(max_size=20)
    | st.from_regex(r"(last|next|this|past)? ?[0-9]{0,4} ?(day|week|month|quarter|year)s?( ago)?", fullmatch=True)
    | st.from_regex(r"[0-9]{0,4}-?[0-9]{0,2}-?[0-9]{0,2}(\.\.)?[0-9]{0,4}", fullmatch=True),
    today=st.dates(),
)
def test_reading_a_date_ends_in_days_or_a_date_error(text: str, today: date) -> None:
    try:
        first, last = dates.read(text, today)
    except DateError:
        return
    assert FIRST_DAY - 1 <= first <= LAST_DAY + 1
    assert FIRST_DAY - 1 <= last <= LAST_DAY + 1


WORDS = [
    ("", "all articles"),
    ("person:Krasner topic:ICE", "articles that mention the person “Krasner” and are about “ICE” in any form"),
    ('"ICE raid" -raids', "articles that contain exactly “ICE raid” and do not contain “raids” in any form"),
    ('"a b"~5 c*', "articles that contain the words “a b” with at most 5 others between them and contain “c…”"),
    ("person:Krasnr~", "articles that mention the person “Krasnr” or like it"),
    ("a by:b OR by:c", "articles that contain “a” in any form and (either are by “b” or are by “c”)"),
    ("-(a b)", "articles that are not among those that (contain “a” in any form and contain “b” in any form)"),
    ('date:"last week"', "articles that were published from 2025-01-27 to 2025-02-02"),
    ("-is:changed", "articles that are not “changed” (its text was seen to change)"),
    ("date:2025-01-31", "articles that were published on 2025-01-31"),
    ("date:<=2024", "articles that were published on or before 2024-12-31"),
    ("mentioned:>2024", "articles that speak of a time on or after 2025-01-01"),
    ("date:>9999", "articles that were published on no day at all"),
    ("person:* -link:*", "articles that have any person and do not have any link"),
    ("org:=A -lang:*", "articles that have exactly the organisation “A” and do not have any language"),
    ("https://t.co/x raid", "articles that have or cite the address “https://t.co/x” and contain “raid” in any form"),
    (
        'person:="Venn" -tag:=("a" OR "b")',
        "articles that have exactly the person “Venn” and do not have exactly the tag “a” or “b”",
    ),
    ("link:t.co by:Doe", "articles that cite “t.co” and are by “Doe”"),
]


@pytest.mark.parametrize(("text", "said"), WORDS, ids=[row[0] for row in WORDS])
def test_a_query_in_words(text: str, said: str) -> None:
    assert explain(parse_query(text), TODAY) == said


SAVED = {"raids": "person:Krasner OR raid*", "nested": "saved:raids -ICE", "round": "saved:trip", "trip": "saved:round"}


@pytest.mark.parametrize(
    ("query", "means"),
    [
        ("saved:raids", "person:Krasner OR raid*"),
        ("saved:RAIDS bread", "(person:Krasner OR raid*) bread"),
        ('-saved:"raids"', "-(person:Krasner OR raid*)"),
        ("saved:nested OR x", "((person:Krasner OR raid*) -ICE) OR x"),
    ],
)
def test_a_saved_search_stands_for_its_query(query: str, means: str) -> None:
    assert parse_query(query, SAVED) == parse_query(means)
    assert parse_query(str(parse_query(query, SAVED))) == parse_query(means)


@pytest.mark.parametrize(
    ("query", "position", "message"),
    [
        ("bread saved:raid", 12, "no search is saved"),
        ("saved:round", 6, "too many others, or of itself"),
        ("saved:(raids nested)", 0, "one saved search at a time"),
        ("saved:broken", 6, "in the saved search “broken”: there is no field"),
        (" ".join(["saved:many"] * 3), 0, "too many terms"),
    ],
)
def test_a_saved_search_that_cannot_be_asked_is_an_error(query: str, position: int, message: str) -> None:
    searches = {**SAVED, "broken": "persn:x", "many": "word " * 90}
    with pytest.raises(QueryError, match=message) as caught:
        parse_query(query, searches)
    assert caught.value.position == position
