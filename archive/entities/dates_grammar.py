"""How English writes dates: the words, and one pattern per type of expression.

Every pattern is a run of literal words and short bounded repeats: no repeat stands inside a repeat, so the time to
match is linear in the text whatever it holds. Which days an expression means is
decided in dates_absolute and dates_relative.
"""

from __future__ import annotations

from archive.entities.dates_calendar import HOLIDAYS

S = r"[\s\xa0]{1,3}"
GAP = r"[\s\xa0]{0,3}"
H = r"[\s\xa0-]{1,3}"

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday wed",
            "thursday thurs thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
SEASONS = {"spring": "SP", "summer": "SU", "fall": "FA", "autumn": "FA", "winter": "WI"}
_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"
)
NUMBERS = {word: n for n, word in enumerate(_ONES.split(), 1)} | {w: 10 * n for n, w in enumerate(_TENS.split(), 2)}
ORDINALS = {word: n for n, word in enumerate(_ORDINALS.split(), 1)}
VAGUE = {"several", "few", "many", "some"}

MONTH = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
WEEKDAY_SHORT = rf"(?:{WEEKDAY}|(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)\.?)"
YEAR = r"(?:1[5-9]\d\d|20\d\d)"
UNIT = r"(?:second|minute|hour|day|week|weekend|month|quarter|year|decade|centur(?:y|ie))"
_ONE = f"(?:{_ONES.replace(' ', '|')})"
_TEN = f"(?:{_TENS.replace(' ', '|')})"
COUNT = (
    rf"(?:\d{{1,4}}|{_TEN}(?:[\s-]{_ONE})?|(?:an?|{_ONE}){S}(?:hundred|thousand|dozen)|{_ONE}"
    rf"|a{S}few|a{S}couple(?:{S}of)?|couple{S}of|several|few|many|an?)"
)
_N = rf"(?P<n>{COUNT})(?P<half>{GAP}½|{S}1/2|{S}and{S}a{S}half)?"
ORDINAL = f"(?:{'|'.join(sorted(ORDINALS, key=len, reverse=True))}|[1-9]\\d?(?:st|nd|rd|th))"
PART = r"(?:morning|afternoon|evening|night)"
_APPROX = (
    rf"(?:(?P<mod>early|earlier(?:{S}in)?|mid|middle{S}of|late|later(?:{S}in)?|(?:the{S})?(?:beginning"
    rf"|start|middle|end){S}of){H})?"
)
_DIRECTION = rf"(?:the{S}|this{S})?(?:last|next|past|previous|coming|following|preceding|current|same)|this|that"
TIME = (
    rf"(?P<h>1?\d)(?::(?P<min>[0-5]\d))?[\s\xa0]?(?P<half>[ap])\.?m\b\.?(?:{S}(?-i:[A-Z]{{1,4}}T)\b)?"
    r"|(?P<word>noon|midnight)"
)
"""A time of day, with its time zone where American publishers give one."""
_HOLIDAY = "|".join(
    sorted((h.replace("'", "['’]?").replace(".", r"\.?").replace(" ", S) for h in HOLIDAYS), key=len, reverse=True)
)

PATTERNS: dict[str, str] = {
    "iso": r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?",
    "iso_week": r"(?P<y>\d{4})-?W(?P<w>\d\d)",
    "slashed": r"(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})[/.](?P<y>\d{4}|\d\d)(?![\d.,/]\d)",
    "attacks": r"9/11(?!/)",
    "month_day": (
        rf"(?:{WEEKDAY_SHORT},?{S}|(?P<dir>last|this|next){S})?(?P<mon>{MONTH}){S}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%]|:\d|,\d{{3}})"
        rf"(?:{GAP}(?:-|–|—|to|through|and|until){GAP}(?:(?P<mon2>{MONTH}){S})?(?P<d2>\d{{1,2}})(?:st"
        rf"|nd|rd|th)?\b(?!%|:\d))?"
        rf"(?:(?:{GAP},|{S}of)?{S}(?P<y>{YEAR})\b)?"
    ),
    "month_ordinal": (
        rf"(?:{WEEKDAY_SHORT},?{S})?(?P<mon>{MONTH}){S}(?:the{S})?(?P<nth>{ORDINAL})(?:,?{S}(?P<y>{YEAR})\b)?"
    ),
    "day_month": (
        rf"(?:{WEEKDAY_SHORT},?{S})?(?:the{S})?(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?{GAP}(?:-|–|to|and){GAP})?"
        rf"(?P<nth>{ORDINAL}|\d{{1,2}}){S}(?:of{S})?(?P<mon>{MONTH})(?:(?:{GAP},)?{S}(?P<y>{YEAR})\b)?"
    ),
    "week_of": rf"(?:the{S})?week{S}of{S}(?P<mon>{MONTH}){S}(?P<d>\d{{1,2}})(?:,{S}(?P<y>{YEAR}))?",
    "month_year": (
        rf"{_APPROX}(?P<mon>{MONTH}),?{S}(?:of{S})?(?:(?P<y>{YEAR})(?![,.]\d)|(?:the{S})?(?P<rel>this"
        rf"|last|next|previous|following|same){S}year)\b"
    ),
    "month": rf"(?:(?P<dir>{_DIRECTION}|each|every){S})?{_APPROX}(?P<mon>{MONTH})",
    "from_day": rf"(?P<n>{COUNT}){S}weeks?{S}from{S}(?P<wd>{WEEKDAY}|today|tomorrow)",
    "weekday": (
        rf"(?:(?P<mod>early|earlier|late|later)(?:{S}on)?{S})?(?:(?P<dir>{_DIRECTION}|each|every){S})?"
        rf"(?P<wd>{WEEKDAY})(?P<s>s)?"
        rf"(?:{S}(?:of{S})?(?P<rel>last|this|next){S}week)?(?:{S}(?P<part>{PART})(?P<parts>s)?)?"
    ),
    "deictic": (
        rf"(?:(?P<mod>earlier|later|late|early){S})?(?P<word>(?:the{S})?day{S}before{S}yesterday|"
        rf"(?:the{S})?day{S}after{S}tomorrow"
        rf"|today|yesterday|tomorrow|tonight|overnight|last{S}night)(?:{S}(?P<part>{PART}))?"
    ),
    "this_part": rf"(?:(?P<mod>earlier|later|early|late){S})?this{S}(?P<part>{PART})",
    "next_part": rf"the{S}(?:next|following|same){S}(?P<part>{PART})",
    "holiday": rf"(?:(?P<dir>last|this|next){S})?(?P<name>{_HOLIDAY})(?!['’]?\w)(?:,?{S}(?P<y>{YEAR})\b)?",
    "of_year_quarter": (
        rf"(?:(?P<y>{YEAR})|(?P<rel>this|last|next){S}year)(?:['’]?s)?{S}(?:fiscal{S})?(?P<nth>first"
        rf"|second|third|fourth|1st|2nd|3rd|4th)[\s-](?P<what>quarter|half)"
    ),
    "quarter": (
        rf"(?:the{S}|its{S}|their{S})?(?:fiscal[\s-])?(?P<nth>first|second|third|fourth|1st|2nd|3rd"
        rf"|4th|last)(?:{S}fiscal)?[\s-](?P<what>quarter|half)\b"
        rf"(?:{S}(?:of{S})?(?:(?:the{S})?(?:fiscal{S})?(?P<y>{YEAR})\b|(?:the{S})?(?P<rel>this|last"
        rf"|next|previous|same){S}(?:fiscal{S})?year))?"
    ),
    "q_number": rf"Q(?P<q>[1-4])(?:{S}(?:of{S})?(?:FY)?['’]?(?P<y>{YEAR}|\d\d)\b)?",
    "year_ago_quarter": (
        rf"(?:(?:the|an?){S})?(?:comparable{S}|corresponding{S})?(?:year[\s-](?:ago|earlier)|previous[\s-]year"
        rf"|prior[\s-]year)(?:{S}(?:third{S}|fourth{S}|first{S}|second{S})?(?P<what>quarter|period))?"
    ),
    "year_quarter_word": rf"(?:the{S})?(?:(?P<y>{YEAR})|(?P<rel>last){S}year['’]s){S}(?P<what>quarter|period)",
    "season": (
        rf"(?:(?P<dir>{_DIRECTION}|each|every|in(?:{S}the)?|during(?:{S}the)?|by(?:{S}the)?|since"
        rf"(?:{S}the)?|until(?:{S}the)?|of|the){S})"
        rf"{_APPROX}(?P<season>spring|summer|fall|autumn|winter)\b(?:{S}(?:of{S})?(?:(?P<y>{YEAR})\b"
        rf"|(?P<rel>this|last|next){S}year))?"
    ),
    "season_year": rf"(?P<season>spring|summer|fall|autumn|winter){S}(?:of{S})?(?P<y>{YEAR})\b",
    "decade": (
        rf"(?:the{S})?{_APPROX}(?:(?P<y>1[5-9]\d|20\d)0['’]?s|['’](?P<yy>[2-9])0s|the{S}(?:early{S}"
        rf"|mid-|late{S})?(?P<word>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))\b"
    ),
    "century": rf"(?:the{S})?{_APPROX}(?:(?P<nth>{ORDINAL})[\s-]centur(?:y|ies)|(?P<dir>this|last|next){S}century)",
    "year_range": (
        rf"(?:(?:(?:in|during|of|the|for|from){S})?(?P<y>{YEAR})(?:{GAP}[-–—/]{GAP}|{S}(?:to|through|until){S})"
        rf"|(?:from|between){S}(?P<y3>{YEAR}){S}and{S})(?P<y2>{YEAR}|\d\d)(?![\d-]|[.,]\d)"
    ),
    "spelled_year": (
        rf"(?P<c>nineteen|twenty){S}(?:(?P<t>{_TEN})(?:[\s-](?P<o>{_ONE}))?|(?P<teen>{_ONE}))(?=[\s,.;])"
        rf"|(?:the{S}year{S})?(?P<k>two{S}thousand)(?:{S}(?:and{S})?(?P<n>{_ONE}))?(?=[\s,.;])"
    ),
    "relative_unit": (
        rf"{_APPROX}(?:(?P<dir>{_DIRECTION}){S})(?:(?:full|fiscal|calendar|business|school){S})?(?P<unit>day"
        rf"|week|weekend|month|quarter|year|decade)\b(?!['’]?s?[\s-](?:ago|old))"
    ),
    "anchored_span": (
        rf"(?:(?:in|over|during|for|within){S})?(?:the{S})?(?P<dir>last|past|next|coming|previous"
        rf"|following|latest|first|final){S}{_N}{S}(?:more{S})?(?P<unit>{UNIT})s?\b"
    ),
    "latest": rf"the{S}(?:latest|most{S}recent){S}(?:fiscal{S})?(?P<unit>quarter|period|year|month|week)",
    "ago": (
        rf"(?:(?:about|nearly|almost|over|some|around){S})?{_N}{S}(?P<unit>{UNIT})s?(?:(?P<half2>{S}and{S}a{S}half)"
        rf"|{S}or{S}(?:so|two))?{S}(?P<way>ago|earlier|later|before|afterwards?|from{S}now|hence|previously)\b"
    ),
    "within": rf"(?P<mod>early|earlier|late|later){S}in{S}the{S}(?P<unit>week|month|year|decade)\b",
    "edge": (
        rf"(?:(?:by|at|until|before|through|around){S})?(?:the{S})?(?P<edge>end|beginning|start|middle){S}of{S}"
        rf"(?P<dir>the|this|next|last){S}(?P<unit>day|week|month|quarter|year|decade)\b"
    ),
    "year_end": r"(?:the\s)?year(?:['’]s)?[\s-]end\b",
    "set": (
        rf"(?:each|every){S}(?:(?P<n>{COUNT}){S})?(?P<unit>{UNIT})s?\b|(?P<adverb>daily|weekly|monthly"
        rf"|annually|yearly|hourly)\b"
    ),
    "the_unit": (
        rf"(?P<the>the|that|that{S}same|the{S}same){S}(?P<unit>quarter|weekend|week|month|year|day"
        rf"|period)\b(?!{S}of)"
    ),
    "unit_beside": rf"the{S}(?P<unit>day|week|month|year){S}(?P<way>before|after)\b",
    "the_weekend": rf"(?:over{S})?the{S}weekend",
    "duration": (
        rf"(?:(?P<the>the){S})?(?!an?{S}second|three-quarters|a{S}quarter{S}of|\d+{S}Minutes){_N}"
        rf"(?:{S}more|{S}additional|{S}full|{S}straight|{S}consecutive)?{H}(?:trading{S}|business{S}"
        rf"|working{S})?(?P<unit>{UNIT})s?\b(?![\s-]old)(?P<half2>{S}and{S}a{S}half\b)?"
    ),
    "vague_span": r"(?P<unit>days|weeks|months|years|decades|centuries)\b(?![\s-]old)",
    "long": r"(?P<unit>day|week|month|year|decade)-?long",
    "reference": (
        rf"(?P<present>right{S}now|now|currently|at{S}(?:the{S}moment|present)|presently|these{S}days|nowadays|current)"
        rf"|(?P<past>recently|in{S}recent{S}(?:days|weeks|months|years|quarters)|recent{S}(?:days"
        rf"|weeks|months|years|quarters)|(?:in{S})?the{S}past(?!{S}(?:{COUNT}|{UNIT}s?|fiscal|full|summers?|winters?)\b))"
        rf"|(?P<future>the{S}(?:near{S}|foreseeable{S})?future|the{S}(?:near|short){S}term|coming{S}"
        rf"(?:days|weeks|months|years|quarters))"
    ),
    "fiscal_year": rf"fiscal(?:{S}year)?{S}(?P<y>{YEAR})\b",
    "year": (
        rf"(?:(?P<cue>in|since|until|till|by|before|after|during|of|from|to|through|between|circa"
        rf"|around|year|and|early|late|mid|the){H})?(?P<y>{YEAR})(?![\d-]|[.,:/]\d|['’]?s\b|%)"
    ),
}
"""Type of expression → pattern; where two match at one place, the one that stands first here counts."""
