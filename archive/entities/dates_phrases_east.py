"""The rows of dates_phrases for Slavic languages, Turkish and Arabic."""

from __future__ import annotations

from archive.entities.dates_phrasing import Phrases

EAST = {
    "pl": Phrases(
        units=(
            "dni|dniem|dzień,tygodnie|tygodni|tygodniu|tygodnia|tydzień,miesięcy|miesiące|miesiącu|miesiąca|miesiąc,"
            "lata|lat|roku|rokiem|rok"
        ),
        numbers=(
            "jeden,dwa|dwie|dwóch,trzy|trzech,cztery|czterech,pięć|pięciu,sześć|sześciu,siedem,osiem,dziewięć,"
            "dziesięć|dziesięciu,jedenaście,dwanaście"
        ),
        ago="{n?} {u} temu|przed {n} {u}",
        ahead="za {n} {u}",
        last=("(?:ubiegł|zeszł|minion|poprzedni)(?:y|ym|ego|ej|ą|a|em|m|iego|im)?", ""),
        this=("tym|tego|ten|bieżącym|bieżącego|obecnym", ""),
        next=("(?:przyszł|następn|kolejn|nadchodząc)(?:y|ym|ego|ej|ą|a)", ""),
        cue=(
            "w|we|od|do|końca|koniec|końcu|końcem|początku|początek|połowie|połowy|roku|przed|po|między|latach|z|na"
        ),
        cue_behind=r"\s(?:roku|r\.|rok|rokiem)(?!\w)",
        seasons="wiosną|wiosna|wiosny|wiosnę,latem|lato|lata|lecie,jesienią|jesień|jesieni,zimą|zima|zimy|zimę",
        quarter="kwartale|kwartału|kwartał",
        half="półroczu|półrocza|półrocze|połowie|połowa",
        ordinals="pierwsz(?:ym|ego|y|ej|a),drugi(?:m|ego|ej)?|druga,trzeci(?:m|ego|ej)?,czwart(?:ym|ego|y|ej)",
        century=r"(?P<cen>[xvi]{1,5})\swiek(?:u|iem)?|wieku\s(?P<cen2>[xvi]{1,5})",
        decade=r"lat(?:a|ach)?\s(?:(?P<dec>1[5-9]\d0|20\d0)|(?P<dec2>[1-9]0)|(?P<decw>{tens})(?:ych|e))\.?",
        tens=(
            "dwudziest,trzydziest,czterdziest,pięćdziesiąt,sześćdziesiąt,siedemdziesiąt,osiemdziesiąt,"
            "dziewięćdziesiąt"
        ),
        to=r"\s?(?:do|[-–])\s?",
        between=("(?:po)?między", "a|i"),
        of=r"\s",
    ),
    "cs": Phrases(
        units=(
            "dny|dní|dnem|den,týdny|týdnem|týdne|týdnu|týden,měsíci|měsícem|měsíce|měsíců|měsíc,lety|roky|rokem|roku|"
            "roce|rok"
        ),
        numbers=(
            "jedním|jeden,dvěma|dva|dvě,třemi|tři,čtyřmi|čtyři,pěti|pět,šesti|šest,sedmi|sedm,osmi|osm,devíti|devět,"
            "deseti|deset,jedenácti,dvanácti"
        ),
        ago="před {n?} {u}",
        ahead="za {n} {u}",
        last=("(?:minul|loňsk|uplynul|předchoz)(?:ý|ého|ém|é|ou|í|ím|ího)", ""),
        this=("tento|tohoto|tomto|letošní(?:m|ho)?", ""),
        next=("příští(?:m|ho)?|nadcházející(?:m|ho)?", ""),
        cue=(
            "v|ve|od|do|koncem|konce|konci|začátkem|začátku|počátkem|polovině|poloviny|roku|roce|rokem|před|po|mezi|"
            "letech|rok|léto|zima|z|na"
        ),
        seasons="jaro|jara|jaře,léto|léta|létě,podzim|podzimu|podzim,zima|zimy|zimě|zimu",
        quarter="čtvrtletí|kvartálu|kvartál",
        half="pololetí|polovině|polovina",
        ordinals="první(?:m|ho)?,druh(?:ém|ého|é|á|ý),třetí(?:m|ho)?,čtvrt(?:ém|ého|é|ý)",
        century=r"(?P<cen>[1-2]?\d)\.\sstoletí",
        decade=(
            r"(?P<dec2>[1-9]0)\.\slet(?:ech|a)?|let(?:ech|a)?\s(?P<dec>1[5-9]\d0|20\d0)|(?P<decw>{tens})(?:ých|"
            r"á)\slet(?:ech|a)?"
        ),
        tens="dvacát,třicát,čtyřicát,padesát,šedesát,sedmdesát,osmdesát,devadesát",
        to=r"\s?(?:do|až|až do|[-–])\s?",
        between=("mezi", "a|i"),
        of=r"\s(?:roku\s)?",
        years="v?loni,letos,napřesrok",
    ),
    "sk": Phrases(
        units=(
            "dni|dní|dňami|dňom|deň,týždne|týždňami|týždňom|týždni|týždňa|týždeň,mesiace|mesiacmi|mesiacom|mesiaci|"
            "mesiacov|mesiaca|mesiac,rokmi|rokom|rokov|roky|roku|rok"
        ),
        numbers=(
            "jedným|jeden,dvoma|dva|dve,troma|tromi|tri,štyrmi|štyri,piatimi|päť,šiestimi|šesť,siedmimi|sedem,ôsmimi|"
            "osem,deviatimi|deväť,desiatimi|desať,jedenástimi,dvanástimi"
        ),
        ago="pred {n?} {u}",
        ahead="o {n} {u}",
        last=("(?:minul|uplynul|predošl)(?:ý|ého|om|é|ú)", ""),
        this=("tento|tohto|tomto", ""),
        next=("budúc(?:i|om|eho|u|e)|nadchádzajúc(?:i|om)", ""),
        cue="v|vo|od|do|koncom|konci|konca|začiatkom|začiatku|polovici|roku|rokom|pred|po|medzi|rokoch|rok|z|na",
        seasons="jar|jari|jar,leto|leta|lete,jeseň|jesene|jeseni,zima|zimy|zime|zimu",
        quarter="štvrťroku|štvrťrok|kvartáli|kvartál",
        half="polroku|polrok|polovici",
        ordinals="prv(?:om|ého|ý|ej),druh(?:om|ého|ý|ej),treť(?:om|ieho|í|ej),štvrt(?:om|ého|ý|ej)",
        century=r"(?P<cen>[1-2]?\d)\.\sstoroč(?:í|ia|ie)",
        decade=r"(?P<dec2>[1-9]0)\.\srok(?:och|y|ov)",
        to=r"\s?(?:do|až|až do|[-–])\s?",
        between=("medzi", "a"),
        of=r"\s(?:roku\s)?",
        years="v?lani,(?!),(?!)",
    ),
    "ru": Phrases(
        units=(
            "дней|дня|день,недель|недели|неделю|неделе|неделя,месяцев|месяца|месяце|месяц,лет|года|году|годом|год"
        ),
        numbers="одну|один,два|две,три,четыре,пять,шесть,семь,восемь,девять,десять,одиннадцать,двенадцать",
        ago="{n?} {u} (?:тому )?назад",
        ahead="через {n?} {u}",
        last=("(?:прошл|минувш|прошедш|предыдущ)(?:ом|ой|ого|ый|ую|ая|ое|ем|ей|его|ий|им|ым)", ""),
        this=("эт(?:ом|ой|ого|от|у)|нынешн(?:ем|ей|его|ий)|текущ(?:ем|ей|его|ий)", ""),
        next=("(?:следующ|будущ|ближайш)(?:ем|ей|его|ий|ую|им)", ""),
        cue="в|с|со|до|к|конце|концу|конца|начале|начала|началу|середине|середины|после|между|на|за|от",
        cue_behind=r"(?:-?м|-й|-го)?\s(?:год[аоуе]?м?|гг?\.)(?!\w)|-м(?!\w)",
        seasons="весной|весны|весна|весне,летом|лета|лето,осенью|осени|осень,зимой|зимы|зима|зиму",
        quarter="квартале|квартала|квартал",
        half="полугодии|полугодия|полугодие|половине|половина",
        ordinals="перв(?:ом|ого|ый|ой),втор(?:ом|ого|ой),трет(?:ьем|ьего|ий|ьей),четв[её]рт(?:ом|ого|ый|ой)",
        century=r"(?P<cen>[xviхі]{1,5}|\d\d?)(?:-м|-го)?\s(?:век(?:е|а|ом)?|столети(?:и|я|е))",
        decade=(
            r"(?P<dec>1[5-9]\d0|20\d0)-(?:х|е|ые|ых)(?:\sгод(?:ах|ов|ы|ам))?|(?P<dec2>[1-9]0)-(?:х|е|ые|"
            r"ых)(?:\sгод(?:ах|ов|ы|ам))?|(?P<decw>{tens})(?:ых|ые)(?:\sгод(?:ах|ов|ы|ам))"
        ),
        tens="двадцат,тридцат,сороков,пятидесят,шестидесят,семидесят,восьмидесят,девяност",
        to=r"\s(?:по|до)\s|\s?[-–—]\s?",
        between=("между", "и"),
        of=r"\s",
    ),
    "uk": Phrases(
        units=(
            "днів|дні|день,тижнів|тижні|тижня|тижню|тиждень,місяців|місяці|місяця|місяць,років|роки|року|році|роком|"
            "рік"
        ),
        numbers="один|одну,два|дві,три,чотири,п['’ʼ]ять,шість,сім,вісім,дев['’ʼ]ять,десять,одинадцять,дванадцять",
        ago="{n?} {u} тому",
        ahead="через {n?} {u}",
        last=("(?:минул|попередн)(?:ому|ого|ий|ої|у|ій|ім|ього)", ""),
        this=("ц(?:ього|ьому|ей)|поточно(?:го|му)", ""),
        next=("(?:наступн|майбутн)(?:ому|ого|ий|ої|у|ій|ім|ього)", ""),
        cue=(
            "у|в|з|із|до|від|після|між|на|за|кінці|наприкінці|кінця|початку|на початку|середині|середини|упродовж|"
            "протягом"
        ),
        cue_behind=r"(?:-го|-му|-й)?\s(?:рок[уи]|році|роком|рік|рр?\.)(?!\w)",
        seasons="навесні|весни|весна,влітку|літа|літо,восени|осені|осінь,взимку|зими|зима|зиму",
        quarter="кварталі|кварталу|квартал",
        half="півріччі|півріччя|половині|половина",
        ordinals="перш(?:ому|ого|ий|ій),друг(?:ому|ого|ий|ій),трет(?:ьому|ього|ій),четверт(?:ому|ого|ий|ій)",
        century=r"(?P<cen>[xviхі]{1,5}|\d\d?)(?:-му|-го)?\s(?:столітт(?:і|я|ям)|віку|віці|вік)",
        decade=(
            r"(?P<dec>1[5-9]\d0|20\d0)-(?:х|і|ті|их|их)(?:\sрок(?:ах|ів|и))?|(?P<dec2>[1-9]0)-(?:х|і|ті|"
            r"их)(?:\sрок(?:ах|ів|и))?"
        ),
        to=r"\s(?:по|до)\s|\s?[-–—]\s?",
        between=("між", "та|і|й"),
        of=r"\s",
        years="торік,цьогоріч|цьогоріч,(?!)",
    ),
    "tr": Phrases(
        units="gün,hafta(?:ki|nın|sında)?,ay(?:ki|ın|ında)?,yıl(?:ki|ın|ında|ının)?|sene(?:ki)?",
        numbers="bir,iki,üç,dört,beş,altı,yedi,sekiz,dokuz,on,on bir,on iki",
        ago="{n} {u} önce(?:ki|sinde|ye)?",
        ahead="",
        last=("geçen|geçtiğimiz|önceki", ""),
        this=("bu|içinde bulunduğumuz", ""),
        next=("gelecek|önümüzdeki", ""),
        cue="",
        cue_behind=(
            r"['’][^\W\d_]{1,4}(?!\w)|\s(?:ay|yıl)[^\W\d_]{0,6}(?!\w)|\s(?:son|baş|orta)(?:un|ın|sın|ların|larınd|"
            r"und)?[^\W\d_]{0,5}(?!\w)|\sile\s|\sitibar"
        ),
        seasons="ilkbahar(?:ında|ı)?,yaz(?:ında|ı|ın)?,sonbahar(?:ında|ı)?|güz,kış(?:ında|ın)?",
        quarter="çeyreği(?:nde|nin)?|çeyrekte|çeyrek",
        half="yarısı(?:nda|nın)?|yarıyılı(?:nda)?",
        ordinals="birinci|ilk,ikinci,üçüncü,dördüncü|son",
        century=r"(?P<cen>[1-2]?\d)(?:\.|['’]?inci|['’]?uncu)\syüzyıl[^\W\d_]{0,6}",
        decade=(
            r"(?P<dec>1[5-9]\d0|20\d0)['’]?(?:lar|ler|l[ıiuü] yıllar)[^\W\d_]{0,5}|(?P<dec2>[1-9]0)['’]?(?:lar|ler|"
            r"l[ıiuü] yıllar)[^\W\d_]{0,5}"
        ),
        to=r"\s?[-–]\s?|\sile\s|['’]?(?:den|dan|ten|tan)\s",
        between=("(?!)", "ve"),
        of=r"\s",
        year_first=r"(?:['’][^\W\d_]{1,4})?\s(?:yılı(?:nın|nda)?\s)?",
    ),
    "ar": Phrases(
        units=(
            "يوم|أيام|يوما|يومين,(?:ال)?أسبوع|أسابيع|أسبوعين,(?:ال)?شهر|أشهر|شهرين|شهور,(?:ال)?عام|(?:ال)?سنة|سنوات|"
            "أعوام|عامين|سنتين|عاما|سنه"
        ),
        numbers="(?!),(?!),ثلاثة|ثلاث,أربعة|أربع,خمسة|خمس,ستة|ست,سبعة|سبع,ثمانية|ثماني,تسعة|تسع,عشرة|عشر,(?!),(?!)",
        ago="قبل (?:نحو |أكثر من )?{n?} {u},منذ (?:نحو |أكثر من )?{n?} {u}",
        ahead="",
        last=("", "الماضية?|المنصرمة?|الفائتة?"),
        this=("هذا|هذه", "الجاري|الجارية|الحالي|الحالية"),
        next=("", "المقبلة?|القادمة?"),
        cue="في|منذ|حتى|عامي|نهاية|أواخر|مطلع|بداية|أوائل|منتصف|شهر|عام|سنة|العام|من|قبل|بعد|بين|خلال|إلى",
        seasons="(?:ال)?ربيع,(?:ال)?صيف,(?:ال)?خريف,(?:ال)?شتاء",
        quarter="(?:ال)?ربع",
        half="(?:ال)?نصف",
        ordinals="(?:ال)?أول,(?:ال)?ثاني,(?:ال)?ثالث,(?:ال)?رابع|(?:ال)?أخير",
        century=r"القرن\s(?P<cenw>السادس عشر|السابع عشر|الثامن عشر|التاسع عشر|العشرين|الحادي والعشرين)",
        decade=r"(?P<decw>{tens})\sالقرن\s(?:الماضي|العشرين)",
        tens=(
            "عشرينيات|عشرينات,ثلاثينيات|ثلاثينات,أربعينيات|أربعينات,خمسينيات|خمسينات,ستينيات|ستينات,سبعينيات|سبعينات,"
            "ثمانينيات|ثمانينات,تسعينيات|تسعينات"
        ),
        to=r"\s?(?:إلى|حتى|وحتى|[-–])\s?",
        between=("(?:ما )?بين", "و"),
        of=r"\s(?:من\s)?(?:عام\s|العام\s|سنة\s)?",
        dual="يومين|أسبوعين|شهرين|عامين|سنتين",
        lead="وفبل",
    ),
}  # fmt: skip
