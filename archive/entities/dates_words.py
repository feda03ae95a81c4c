"""How some 25 languages say months, days of the week, today, and that a day is to come or over: one table."""

from __future__ import annotations

from typing import NamedTuple

from archive.extraction.calendars import MONTHS_OF_IRAN


class Words(NamedTuple):
    """Of one language. Commas part months, days of the week from Monday on, and today, yesterday, the day before
    and tomorrow; `|` the forms of one. The rest are regular expressions: what stands right before or right behind a
    weekday that is to come (`next`) or over (`past`), and verbs and the like of its clause that are in the future; and
    `order`, how whole dates are written where not as day, month and year ("{month}": the name of any).
    """

    months: str
    weekdays: str
    today: str
    next: tuple[str, str] = ("", "")
    past: tuple[str, str] = ("", "")
    future: str = ""
    order: str = ""


def _with_hours(days: str, hours: str) -> str:
    """Days of the week in languages that write "Samstagabend" in one word."""
    return ",".join(
        "|".join(f"{day}{hour}" for day in forms.split("|") for hour in ("", *hours.split(",")))
        for forms in days.split(",")
    )


# A day of the week whose name is a common word, too (luni, pazar, Τρίτη, minggu), is taken only with what tells it
# apart, or not at all; so is what means "the day" as well as "today".
WORDS = {
    "de": Words(
        "januar|jänner,februar|feber,märz,april,mai,juni,juli,august,september,oktober,november,dezember",
        _with_hours(
            "montag,dienstag,mittwoch,donnerstag,freitag,samstag|sonnabend,sonntag",
            "abend,morgen,vormittag,mittag,nachmittag,nacht",
        ),
        "heute,gestern,vorgestern,morgen",
        (r"(?:kommend|nächst|künftig)e[nrms]?", ""),
        (r"(?:vergangen|letzt|vorig)e[nrms]?", ""),
        r"wird|werden|wirst|will|wollen|soll|sollen|plant|planen|möchte|möchten",
    ),
    "fr": Words(
        "janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre",
        "lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche",
        "aujourd['’]hui,hier,avant-hier,demain",
        ("prochain", "prochain|qui vient|à venir"),
        ("", "dernier|passé"),
        r"[^\W\d_]{2,}(?:era|ira|dra|tra|ura|ront)|v(?:a|ont)\s[^\W\d_]+(?:er|ir|re)|doi(?:t|vent)",
    ),
    "es": Words(
        "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre|setiembre,octubre,noviembre,diciembre",
        "lunes,martes,miércoles,jueves,viernes,sábado,domingo",
        "hoy,ayer|anoche,anteayer,(?<!la )(?<!esta )(?<!cada )(?<!de )mañana",
        ("próximo", "próximo|que viene|entrante"),
        ("pasado|último", "pasado|último"),
        r"[^\W\d_]{2,}(?:rá|rán|remos)|van?\sa\s[^\W\d_]+r",
    ),
    "it": Words(
        "gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,novembre,dicembre",
        "lunedì,martedì,mercoledì,giovedì,venerdì,sabato,domenica",
        "oggi,ieri,l['’]altro ieri,domani",
        ("prossim[oa]", "prossim[oa]|che viene"),
        ("scors[oa]", "scors[oa]|passat[oa]"),
        r"[^\W\d_]{2,}(?:rà|ranno|remo)",
    ),
    "pt": Words(
        "janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro",
        "segunda-feira,terça-feira,quarta-feira,quinta-feira,sexta-feira,sábado,domingo",
        "hoje,ontem,anteontem,amanhã",
        ("próxim[oa]", "próxim[oa]|que vem"),
        ("passad[oa]|últim[oa]", "passad[oa]"),
        r"[^\W\d_]{2,}(?:rá|rão)|v(?:ai|ão)\s[^\W\d_]+r",
    ),
    "ca": Words(
        "gener,febrer,març,abril,maig,juny,juliol,agost,setembre,octubre,novembre,desembre",
        "dilluns,dimarts,dimecres,dijous,divendres,dissabte,diumenge",
        "avui,ahir,abans-d['’]ahir,demà",
        ("pròxim|proper", "vinent|que ve|proper"),
        ("passat", "passat"),
        r"[^\W\d_]{2,}(?:rà|ran|rem)",
    ),
    "ro": Words(
        "ianuarie,februarie,martie,aprilie,mai,iunie,iulie,august,septembrie,octombrie,noiembrie,decembrie",
        "ziua de luni,marți|marţi,miercuri,joi,vineri,sâmbătă,duminică|duminica",
        "astăzi|azi,ieri,alaltăieri,mâine",
        ("", "viito(?:are|r)"),
        ("", "trecut[ăa]?"),
        "va|vor|urmează",
    ),
    "nl": Words(
        "januari,februari,maart,april,mei,juni,juli,augustus,september,oktober,november,december",
        _with_hours(
            "maandag,dinsdag,woensdag,donderdag,vrijdag,zaterdag,zondag", "avond,ochtend,morgen,middag,namiddag,nacht"
        ),
        "vandaag,gisteren|gisteravond,eergisteren,(?<!de )(?<!deze )(?<!goede )morgen",
        ("(?:komende|aanstaande|volgende)", ""),
        ("(?:afgelopen|vorige)", ""),
        "zal|zullen|wil|willen|gaat|gaan",
    ),
    "sv": Words(
        "januari,februari,mars,april,maj,juni,juli,augusti,september,oktober,november,december",
        "måndag|måndagen|måndags,tisdag|tisdagen|tisdags,onsdag|onsdagen|onsdags,torsdag|torsdagen|torsdags,"
        "fredag|fredagen|fredags,lördag|lördagen|lördags,söndag|söndagen|söndags",
        "i dag|idag,i går|igår,i förrgår,i morgon|imorgon",
        ("nästa|kommande", ""),
        ("i|förra", ""),
        r"ska|skall|väntas|kommer att|på (?:mån|tis|ons|tors|fre|lör|sön)dag",
    ),
    "da": Words(
        "januar,februar,marts,april,maj,juni,juli,august,september,oktober,november,december",
        "mandag|mandags,tirsdag|tirsdags,onsdag|onsdags,torsdag|torsdags,fredag|fredags,lørdag|lørdags,søndag|søndags",
        "i dag,i går,i forgårs,i morgen",
        ("næste|kommende", ""),
        ("i|sidste", ""),
        r"skal|vil|på (?:man|tirs|ons|tors|fre|lør|søn)dag",
    ),
    "no": Words(
        "januar,februar,mars,april,mai,juni,juli,august,september,oktober,november,desember",
        "mandag|måndag,tirsdag|tysdag,onsdag,torsdag,fredag,lørdag|laurdag,søndag|sundag",
        "i dag,i går,i forgårs|i førgår,i morgen|i morgon",
        ("neste|kommende|komande", ""),
        ("sist|forrige|førre", ""),
        r"skal|vil|kommer til å|kjem til å",
    ),
    "fi": Words(
        ",".join(
            "|".join(f"{name}kuu{end}" for end in ("ta", "ssa", "n", ""))
            for name in "tammi,helmi,maalis,huhti,touko,kesä,heinä,elo,syys,loka,marras,joulu".split(",")
        ),
        ",".join(
            f"{name}na|{name}"
            for name in "maanantai,tiistai,keskiviikko,torstai,perjantai,lauantai,sunnuntai".split(",")
        ),
        "tänään,eilen,toissapäivänä,huomenna",
        ("ensi|tulevana", ""),
        ("viime", ""),
    ),
    "pl": Words(
        "stycznia|styczniu|styczeń|styczniem,lutego|lutym|luty,marca|marcu|marzec|marcem,kwietnia|kwietniu|kwiecień|kwietniem,maja|maju|maj|majem,"
        "czerwca|czerwcu|czerwiec|czerwcem,lipca|lipcu|lipiec|lipcem,sierpnia|sierpniu|sierpień|sierpniem,września|wrześniu|wrzesień|wrześniem,"
        "października|październiku|październik|październikiem,listopada|listopadzie|listopad|listopadem,grudnia|grudniu|grudzień|grudniem",
        "poniedziałek,wtorek,środę|środa,czwartek,piątek,sobotę|sobota,niedzielę|niedziela",
        "dziś|dzisiaj,wczoraj,przedwczoraj,jutro",
        ("(?:przyszł|najbliższ|następn)[yąae]", ""),
        ("(?:ubiegł|zeszł|minion|ostatni)[yąae]?", ""),
        "będzie|będą|zostanie|zostaną|odbędzie|rozpocznie|zamierza|zamierzają|planuje|planują",
    ),
    "cs": Words(
        "ledna|lednu|leden|lednem,února|únoru|únor|únorem,března|březnu|březen|březnem,dubna|dubnu|duben|dubnem,května|květnu|květen|květnem,"
        "června|červnu|červen|červnem,července|červenci|červenec|červencem,srpna|srpnu|srpen|srpnem,září|zářím,října|říjnu|říjen|říjnem,"
        "listopadu|listopad|listopadem,prosince|prosinci|prosinec|prosincem",
        "pondělí,úterý,středu|středa,čtvrtek,pátek,sobotu|sobota,neděli|neděle",
        "dnes,včera,předevčírem,zítra",
        ("příští|nadcházející", ""),
        ("(?:minul|uplynul)[ýéou]+", ""),
        "bude|budou|chce|chtějí|plánuje|plánují",
    ),
    "sk": Words(
        "januára|januári|január,februára|februári|február,marca|marci|marec,apríla|apríli|apríl,mája|máji|máj,"
        "júna|júni|jún,júla|júli|júl,augusta|auguste|august,septembra|septembri|september,októbra|októbri|október,"
        "novembra|novembri|november,decembra|decembri|december",
        "pondelok,utorok,stredu|streda,štvrtok,piatok,sobotu|sobota,nedeľu|nedeľa",
        "dnes,včera,predvčerom,zajtra",
        ("budúc[iue]|najbližš[iue]", ""),
        ("(?:minul|uplynul)[ýéú]", ""),
        "bude|budú|chce|chcú|plánuje|plánujú",
    ),
    "hr": Words(
        "siječnja|siječnju|siječanj,veljače|veljači|veljača,ožujka|ožujku|ožujak,travnja|travnju|travanj,"
        "svibnja|svibnju|svibanj,lipnja|lipnju|lipanj,srpnja|srpnju|srpanj,kolovoza|kolovozu|kolovoz,rujna|rujnu|rujan,"
        "listopada|listopadu|listopad,studenoga|studenog|studenom|studeni,prosinca|prosincu|prosinac",
        "ponedjeljak,utorak,srijedu|srijeda,četvrtak,petak,subotu|subota,nedjelju|nedjelja",
        "danas,jučer,prekjučer,sutra",
        ("(?:sljedeć|iduć|naredn)[iue]", ""),
        ("prošl[iuea]", ""),
        "će|ćemo|bit će",
    ),
    "sr": Words(
        "januara|januaru|januar|јануара|јануару|јануар,februara|februaru|februar|фебруара|фебруару|фебруар,"
        "marta|martu|mart|марта|марту|март,aprila|aprilu|april|априла|априлу|април,maja|maju|maj|маја|мају|мај,"
        "juna|junu|jun|јуна|јуну|јун,jula|julu|jul|јула|јулу|јул,avgusta|avgustu|avgust|августа|августу|август,"
        "septembra|septembru|septembar|септембра|септембру|септембар,oktobra|oktobru|oktobar|октобра|октобру|октобар,"
        "novembra|novembru|novembar|новембра|новембру|новембар,decembra|decembru|decembar|децембра|децембру|децембар",
        "ponedeljak|понедељак,utorak|уторак,sredu|среду,četvrtak|четвртак,petak|петак,subotu|суботу,"
        "u nedelju|у недељу",
        "danas|данас,juče|јуче,prekjuče|прекјуче,sutra|сутра",
        ("(?:sledeć|naredn)[iue]|(?:следећ|наредн)[иуе]", ""),
        ("(?:prošl|minul)[iuea]|(?:прошл|минул)[иуеа]", ""),
        "će|ćemo|biće|ће|ћемо|биће",
    ),
    "bg": Words(
        "януари,февруари,март,април,май,юни,юли,август,септември,октомври,ноември,декември",
        "понеделник,вторник,сряда,четвъртък,петък,събота,неделя",
        "днес,вчера,завчера|онзи ден,утре",
        ("(?:следващ|идн)(?:ия|ата|ото|ата)?", ""),
        ("минал(?:ия|ата|ото)?", ""),
        "ще",
    ),
    "ru": Words(
        "января|январе|январь|январём,февраля|феврале|февраль|февралём,марта|марте|март|мартом,апреля|апреле|апрель|апрелем,мая|мае|май|маем,"
        "июня|июне|июнь|июнем,июля|июле|июль|июлем,августа|августе|август|августом,сентября|сентябре|сентябрь|сентябрём,октября|октябре|октябрь|октябрём,"
        "ноября|ноябре|ноябрь|ноябрём,декабря|декабре|декабрь|декабрём",
        "понедельник|понедельника,вторник|вторника,среду|среды,четверг|четверга,пятницу|пятница|пятницы,субботу|суббота|субботы,воскресенье|воскресенья",
        "сегодня,вчера,позавчера,завтра",
        ("(?:следующ|ближайш|будущ)(?:ий|ую|ее|его|ей)", ""),
        ("(?:прошл|минувш|прошедш)(?:ый|ий|ую|ое|ее|ого|его|ой|ей)", ""),
        "будет|будут|планирует|планируют|намерен[аы]?|собирается|собираются|состоится|состоятся|ожидается",
    ),
    "uk": Words(
        "січня|січні|січень|січнем,лютого|лютому|лютий|лютим,березня|березні|березень|березнем,квітня|квітні|квітень|квітнем,травня|травні|травень|травнем,"
        "червня|червні|червень|червнем,липня|липні|липень|липнем,серпня|серпні|серпень|серпнем,вересня|вересні|вересень|вереснем,"
        "жовтня|жовтні|жовтень|жовтнем,листопада|листопаді|листопад,грудня|грудні|грудень|груднем",
        "понеділок|понеділка,вівторок|вівторка,середу|середа|середи,четвер|четверга,п['’ʼ]ятницю|п['’ʼ]ятниця|п['’ʼ]ятниці,суботу|субота|суботи,неділю|неділя|неділі",
        "сьогодні,вчора|учора,позавчора,завтра",
        ("(?:наступн|найближч)(?:ий|у|ої|ого)", ""),
        ("минул(?:ий|у|ої|ого)", ""),
        "буде|будуть|планує|планують|відбудеться|відбудуться|очікується",
    ),
    "el": Words(
        "ιανουαρίου|ιανουάριο|ιανουάριος,φεβρουαρίου|φεβρουάριο|φεβρουάριος,μαρτίου|μάρτιο|μάρτιος,"
        "απριλίου|απρίλιο|απρίλιος,μαΐου|μάιο|μάιος,ιουνίου|ιούνιο|ιούνιος,ιουλίου|ιούλιο|ιούλιος,"
        "αυγούστου|αύγουστο|αύγουστος,σεπτεμβρίου|σεπτέμβριο|σεπτέμβριος,οκτωβρίου|οκτώβριο|οκτώβριος,"
        "νοεμβρίου|νοέμβριο|νοέμβριος,δεκεμβρίου|δεκέμβριο|δεκέμβριος",
        "(?!),(?!),(?!),(?!),παρασκευή,σάββατο,κυριακή",
        "σήμερα,χθες|χτες,προχθές|προχτές,αύριο",
        ("επόμεν[ηο]|ερχόμεν[ηο]", ""),
        ("περασμέν[ηο]|προηγούμεν[ηο]", ""),
        "θα",
    ),
    "hu": Words(
        "január,február,március,április,május,június,július,augusztus,szeptember,október,november,december",
        "hétfőn|hétfői|hétfő,kedden|keddi|kedd,szerdán|szerdai|szerda,csütörtökön|csütörtöki|csütörtök,"
        "pénteken|pénteki|péntek,szombaton|szombati|szombat,vasárnap|vasárnapi",
        "ma,tegnap,tegnapelőtt,holnap",
        ("jövő|következő", ""),
        ("múlt|elmúlt", ""),
        r"fog|fogja|fognak|fogják|lesz|lesznek|várható|tervezi|tervezik",
        r"(?:(?P<y>(?:1[5-9]|20)\d\d)\.?\s)?(?P<mon>{month})\s(?P<d>[1-3]?\d)(?:\.|-[^\W\d_]{1,5})?"
        r"|(?P<y2>(?:1[5-9]|20)\d\d)\.?\s(?P<mon2>{month})[^\W\d_]{0,6}"
        r"|(?P<y3>(?:19|20)\d\d)(?:\.\s?|/)(?P<m3>[01]?\d)(?:\.\s?|/)(?P<d3>[0-3]?\d)\.?",
    ),
    "tr": Words(
        "ocak,şubat,mart,nisan,mayıs,haziran,temmuz,ağustos,eylül,ekim,kasım,aralık",
        "pazartesi,salı günü,çarşamba,perşembe,cuma günü,cumartesi,pazar günü",
        "bugün,dün,evvelsi gün,yarın",
        ("gelecek|önümüzdeki", ""),
        ("geçen|geçtiğimiz", ""),
        r"[^\W\d_]{2,}(?:acak|ecek)",
    ),
    "id": Words(
        "januari,februari,maret,april,mei,juni,juli,agustus,september,oktober,november,desember",
        "senin,selasa,rabu,kamis,jumat,sabtu,hari minggu",
        "hari ini,kemarin,kemarin dulu,besok",
        ("", "depan|mendatang"),
        ("", "lalu|kemarin"),
        "akan",
    ),
    "ar": Words(
        "يناير|كانون الثاني,فبراير|شباط,مارس|آذار,أبريل|إبريل|نيسان,مايو|أيار,يونيو|حزيران,يوليو|تموز,أغسطس|آب,"
        "سبتمبر|أيلول,أكتوبر|تشرين الأول,نوفمبر|تشرين الثاني,ديسمبر|كانون الأول",
        "الاثنين|الإثنين,الثلاثاء,الأربعاء,الخميس,الجمعة,السبت,الأحد",
        "(?!),أمس,أول أمس,غدا|غداً",
        ("", "المقبل|القادم"),
        ("", "الماضي|الفائت|المنصرم"),
        "سوف|س[يت](?:تم|كون|عقد|بدأ|نطلق|قام|جري|جرى|جتمع|زور|صل|غلق|فتتح|ستضيف|شهد|لتقي)",
    ),
    # Behind the months of our calendar those of Iran's, whose year begins in March.
    "fa": Words(
        "ژانویه,فوریه,مارس,آوریل,مه|می,ژوئن,ژوئیه|جولای,اوت|آگوست,سپتامبر,اکتبر,نوامبر,دسامبر,"
        + MONTHS_OF_IRAN,
        "دوشنبه|دو\u200cشنبه|دو شنبه,سه\u200cشنبه|سه شنبه|سهشنبه,چهارشنبه|چهار\u200cشنبه|چهار شنبه,"
        "پنجشنبه|پنج\u200cشنبه|پنج شنبه,جمعه,شنبه,یکشنبه|یک\u200cشنبه|یک شنبه",
        "امروز,دیروز,پریروز,فردا",
        ("", "آینده|بعد"),
        ("", "گذشته|قبل"),
        r"خواهد|خواهند|خواهیم|قرار است",
        r"(?P<d>[0-3]?\d)\s(?P<mon>{month})(?:[\s\u200c]?ماه)?(?:[،,]?\s(?:سال\s)?(?P<y>1[2-4]\d\d|(?:19|20)\d\d))?"
        r"|(?P<mon2>{month})\s(?:سال\s)?(?P<y2>(?:19|20)\d\d)"
        r"|(?P<y3>1[2-4]\d\d|(?:19|20)\d\d)/(?P<m3>[01]?\d)/(?P<d3>[0-3]?\d)",
    ),
    "he": Words(
        ",".join(
            "|".join(f"{before}{name}" for name in names.split("|") for before in ("ב", ""))
            for names in "ינואר,פברואר,מרץ|מרס,אפריל,מאי,יוני,יולי,אוגוסט,ספטמבר,אוקטובר,נובמבר,דצמבר".split(",")
        ),
        ",".join(f"ביום {name}|יום {name}" for name in "שני,שלישי,רביעי,חמישי,שישי".split(","))
        + ",בשבת,ביום ראשון|יום ראשון",
        "(?!),אתמול,שלשום,מחר",
        ("", "הבא|הקרוב"),
        ("", "שעבר|האחרון"),
    ),
}  # fmt: skip
# Languages that are read by the words of another one: their own are nearly the same.
LIKE = {"nb": "no", "nn": "no", "bs": "hr", "cnr": "sr", "gl": "pt", "ms": "id"}
