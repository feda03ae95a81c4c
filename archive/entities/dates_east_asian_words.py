"""How Chinese, Japanese and Korean say near days, weeks and years, parts of a year, and that a day is to come."""

from __future__ import annotations

from typing import NamedTuple


class Signs(NamedTuple):
    """Of one language. `years` and `near` say how many units away, `days` how many days back. `seasons` begin with
    spring, `weekdays` with Monday and end with other signs for Sunday. The rest are regular expressions: `quarter` has
    its number in a group of that name, `weekday` its sign in `wd`; `behind_day` stands behind a day without its month.
    """

    years: dict[str, int]
    days: dict[str, int]
    near: dict[str, tuple[str, int]]
    units: dict[str, str]
    seasons: tuple[str, ...]
    weekdays: str
    weekday: str
    quarter: str
    half: str
    last_century: str
    behind_day: str
    future: str
    not_these: str
    numbers: dict[str, int]


def _near(**words: str) -> dict[str, tuple[str, int]]:
    """Words of the last, this and the next of each unit."""
    return {
        word: (unit, step)
        for unit, row in words.items()
        for step, forms in zip((-1, 0, 1), row.split(","), strict=True)
        for word in forms.split("|")
    }


_SAYING = "表示|说|說|宣布|称|稱|发布|發布|透露|指出|公布"

SIGNS = {
    "ja": Signs(
        years={"一昨年": -2, "昨年": -1, "去年": -1, "今年": 0, "来年": 1},
        days={"一昨日": 2, "昨日": 1, "昨夜": 1, "昨晩": 1, "今日": 0, "本日": 0, "今夜": 0, "今朝": 0, "明日": -1},
        near=_near(week="先週|前週,今週,来週", month="先月|前月,今月,来月"),
        units={
            "日": "day",
            "週間": "week",
            "か月": "month",
            "カ月": "month",
            "ヶ月": "month",
            "ヵ月": "month",
            "年": "year",
        },
        seasons=("春", "夏", "秋", "冬"),
        weekdays="月火水木金土日",
        weekday="(?P<wd>[月火水木金土日])曜日?",
        quarter="第(?P<quarter>[1-4一二三四])四半期",
        half="上半期|下半期",
        last_century="前世紀",
        behind_day="(?=[、午夜朝未深早正昼]|付け|までに|に(?:行|開|発表|会見|死去|明らか))",
        future="予定|見込み|見通し|方針|始まる|開かれる|行われる|発表する|開催する|する見|なる見",
        not_these="(?!的)",
        numbers={},
    ),
    "ko": Signs(
        years={"재작년": -2, "지난해": -1, "작년": -1, "올해": 0, "내년": 1},
        days={"그저께": 2, "어제": 1, "오늘": 0, "내일": -1},
        near=_near(
            week="지난주|지난 주,이번 주|이번주|금주,다음 주|다음주",
            month="지난달|지난 달,이달|이번 달|이번달,다음 달|다음달|내달",
        ),
        units={"일": "day", "주": "week", "주일": "week", "개월": "month", "달": "month", "년": "year"},
        seasons=("봄", "여름", "가을", "겨울"),
        weekdays="월화수목금토일",
        weekday="(?P<wd>[월화수목금토일])요일",
        quarter=r"(?P<quarter>[1-4])\s?분기",
        half="상반기|하반기",
        last_century="지난 세기 ",
        behind_day=r"(?=\s?(?:오전|오후|새벽|밤|아침|저녁|정오)|\s(?:밝혔|보도|전했|발표|열렸|별세))",
        future="예정|계획|전망|방침|[할될릴]\\s?것",
        not_these="(?!(?<=오늘)날)",
        numbers={"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10},
    ),
    "zh": Signs(
        years={"前年": -2, "去年": -1, "今年": 0, "明年": 1},
        days={
            "前天": 2,
            "昨天": 1,
            "昨日": 1,
            "昨晚": 1,
            "昨夜": 1,
            "今天": 0,
            "今日": 0,
            "今晚": 0,
            "今早": 0,
            "今晨": 0,
            "明天": -1,
            "明日": -1,
            "后天": -2,
            "後天": -2,
        },
        near=_near(
            week="上周|上週|上星期|上礼拜,本周|本週|这周|這週|本星期,下周|下週|下星期",
            month="上个月|上個月|上月,本月|这个月|這個月,下个月|下個月|下月",
        ),
        units={
            "天": "day",
            "日": "day",
            "周": "week",
            "週": "week",
            "星期": "week",
            "个星期": "week",
            "個星期": "week",
            "个月": "month",
            "個月": "month",
            "年": "year",
        },
        seasons=("春天|春季|春", "夏天|夏季|夏", "秋天|秋季|秋", "冬天|冬季|冬"),
        weekdays="一二三四五六日天",
        weekday="(?:(?:周|週|星期|礼拜)|(?<=[周週期拜]))(?P<wd>[一二三四五六日天])",
        quarter="第?(?P<quarter>[1-4一二三四])季度?(?![大])",
        half="上半年|下半年",
        last_century="上世[纪紀]|上个世纪",
        behind_day=f"(?=[，,]?(?:上午|下午|晚|凌晨|早|清晨|夜|中午|傍晚|电|電|讯|訊|在|{_SAYING}))",
        future="将|將|会(?!议|面|见|谈|上|长)|會(?!議|面|見|談|上|長)|预计|預計|计划|計劃|拟",
        not_these="(?!(?<=前天)气|(?<=后天)[性努的])",
        numbers={},
    ),
}
