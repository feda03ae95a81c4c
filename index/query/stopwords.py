"""Words that carry no subject, language by language: articles, pronouns, prepositions, auxiliaries and question words.

As index.analysis folds them. They say in which language a question is, and a sentence is not held to them. Some say
what it asks for: `ASKED_FOR` has the facet of each. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType


def _pairs(words: str) -> frozenset[str]:
    """The terms of words in scripts without blanks, which are cut into pairs of characters."""
    return frozenset(word[place : place + 2] for word in words.split() for place in range(max(len(word) - 1, 1)))


# What asks in Japanese and Chinese, anywhere in a sentence, and what does at its end: unspaced.py finds it there.
ASKING = {
    "ja": "何 誰 だれ どこ いつ なぜ どう どの どんな いくら いくつ 何人 何時 何年 何月 何日 何度 何故 何処 何件",
    "zh": "为什么 為什麼 为何 為何 什么 什麼 怎么样 怎麼樣 怎么 怎麼 如何 多少 多久 哪里 哪裡 哪儿 哪些 哪个 哪個 谁 "
    "誰 何时 何時 何处 何處 是否 是不是 有没有 有沒有 几",
}
ENDING = {"ja": "ますか ましたか ですか でしたか のですか のか ませんか", "zh": "吗 嗎 呢"}


FUNCTION_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "en": frozenset(
            "a about above across after again against all almost along already also although always am among an "
            "and another any anyone anything are arent around as at away back be became because become been "
            "before behind being below beside between beyond both but by came can cannot cant come could couldnt "
            "did didnt do does doesnt doing done dont down during each either else enough even ever every "
            "everyone everything few for from further gave get give go goes going gone got had hadnt happen "
            "happened happening happens has hasnt have havent having he her here hers herself him himself his how "
            "however if im in indeed instead into is isnt it its itself ive just last least less let like located "
            "made make many may me might mine more most much must my myself near neither never next no nobody "
            "none nor not nothing now of off often on once one only onto or other others our ours ourselves out "
            "over own per perhaps put quite rather said same say says see seem seemed seen several shall she "
            "should shouldnt since so some someone something still such take than that the their theirs them "
            "themselves then there these they theyre this those though through thus to together told too took "
            "toward towards two under until up upon us very was wasnt we well went were werent weve what when "
            "where whether which while who whom whose why will with within without wont would wouldnt yet you "
            "your youre yours yourself".split()
        ),
        "de": frozenset(
            "aber alle allem allen aller alles als also am an andere anderen auch auf aus befinden befindet bei "
            "beim bin bis bist da dabei dadurch dafur damit danach dann daran darauf daraus darf darin darum das "
            "dass dasselbe davon davor dazu dein deine dem den denn der deren des deshalb dessen die dies diese "
            "diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines einige er es etwa "
            "etwas euch euer fur gab gegen geschah geschehen gewesen gibt hab habe haben hat hatte hatten heissen "
            "heisst hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in ins irgend ist ja "
            "jede jedem jeden jeder jedes jene jetzt kann kein keine keinem keinen keiner konnen konnte konnten "
            "liegen liegt machen macht man manche mehr mein meine mich mir mit muss musste nach nicht nichts noch "
            "nun nur ob oder ohne passiert passierte sehr sein seine seinem seinen seiner seit selbst sich sie "
            "sind so sogar solche soll sollen sollte sondern sonst sowie uber um und uns unser unsere unter viel "
            "viele vom von vor wahrend wann war waren warum was weg weil welche welchem welchen welcher welches "
            "wem wen wenn wer werde werden weshalb wessen wie wieder wieso wieviel will wir wird wo woher wohin "
            "wollen worden wurde wurden zu zum zur zwar zwischen".split()
        ),
        "fr": frozenset(
            "a ai ainsi alors appelle apres au aucun aucune aussi autre autres aux avait avant avec avoir ayant "
            "bien car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci combien comme comment "
            "contre dans de depuis des donc dont du elle elles en encore entre est et etaient etait ete etre eu "
            "eux fait faut font fut il ils je jusqua la le les leur leurs lors lui ma mais me meme memes mes moi "
            "moins mon ne ni nos notre nous on ont ou par parce pas passe pendant peu peut peuvent plus plusieurs "
            "pour pourquoi puis quand que quel quelle quelles quelque quelques quels qui quoi sa sans se sera ses "
            "si situe situee son sont sous suis sur ta tandis te tel telle tes toi ton tous tout toute toutes "
            "tres trouve trouvent tu un une va vers voici voila vos votre vous y".split()
        ),
        "es": frozenset(
            "a adonde al algo alguien algun alguna algunas alguno algunos ante antes aquel aquella asi aun aunque "
            "cada como con contra cosa cual cuales cualquier cuando cuanta cuantas cuanto cuantos cuya cuyo da de "
            "del desde despues donde dos durante e el ella ellas ellos en encuentra entonces entre era eran es "
            "esa esas ese eso esos esta estaba estado estan estar estas este esto estos fin fue fueron ha haber "
            "habia hace hacer han hasta hay he hizo hubo la las le les llama lo los luego mas me mi mientras mis "
            "mismo mucho muy nada ni ningun ninguna no nos nosotros nuestra nuestro nunca o ocurre ocurrio os "
            "otra otras otro otros para pasa paso pero poco por porque pues que queda quien quienes se sea segun "
            "ser si sido siempre sin sino sobre solo son soy su sucedio sus tal tambien tampoco tan tanto te "
            "tener tenia tiene tienen toda todas todo todos tras tu tus u ubicada ubicado un una unas uno unos "
            "usted va y ya yo".split()
        ),
        "it": frozenset(
            "a ad agli ai al alcuni alla alle allo altra altre altri altro anche ancora avere aveva avevano c che "
            "chi chiama ci cio circa coi col come con contro cosa cosi cui da dagli dai dal dalla dalle dallo "
            "degli dei del della delle dello dentro di dopo dove due e ebbe ecco ed era erano essere fa fanno "
            "fino fra fu furono gia gli ha hai hanno ho i il in io la le lei li lo loro lui ma me mentre mi mia "
            "mio molti molto ne negli nei nel nella nelle nello nessuno noi non nostra nostro o od ogni oltre per "
            "perche piu poco poi prima proprio qual quale quali quando quanta quante quanti quanto quasi quella "
            "quelle quelli quello questa queste questi questo qui sara se sei senza si sia siamo sono sopra sta "
            "stata stati stato su sua succede sue sugli sui sul sulla sulle suo suoi tra trova trovano tu tutta "
            "tutte tutti tutto un una uno va verso vi voi".split()
        ),
        "pt": frozenset(
            "a acontece aconteceu ao aos apenas aquela aquele aquilo as ate cada com como contra da das de dela "
            "dele deles depois desde dessa desse desta deste do dos durante e ela elas ele eles em enquanto entre "
            "era eram essa essas esse esses esta estao estava este estes eu fica ficam foi foram ha isso isto ja "
            "la lhe mais mas me mesmo meu minha muito na nao nas nem no nos nossa nosso num numa o onde os ou "
            "outra outras outro outros para pela pelas pelo pelos per perante pode podem por porque pouco quais "
            "qual qualquer quando quanta quantas quanto quantos que quem se seja sem sempre ser sera seu seus si "
            "sido sob sobre sua suas tal tambem tanto tao te tem tendo ter teve tinha toda todas todo todos tu um "
            "uma umas uns voce".split()
        ),
        "nl": frozenset(
            "aan af al alle alleen alles als altijd andere ben bij binnen daar daarom dan dat de deze die dit "
            "doch doen door dus een eens en er ge gebeurd gebeurde gebeurt geen geweest haar had hadden hebben "
            "hebt heeft heet hem het hier hij hoe hoeveel hun ik in is ja je jij kan konden kunnen liggen ligt "
            "maar me meer men met mij mijn moet moeten na naar niet niets nog nu of om omdat onder ons onze ook "
            "op over reeds sinds te tegen toch toen tot tussen u uit uw van vanaf veel voor waar waarin waarom "
            "wanneer want waren was wat we weer wel welk welke werd werden wie wiens wij wil worden wordt zal ze "
            "zei zelf zich zij zijn zo zonder zou zouden".split()
        ),
        "sv": frozenset(
            "alla allt an andra att av blev bli blir da de dem den denna deras dess dessa det detta dig din dina "
            "du efter ej eller en er ett fick for forsta fram fran ga genom gor ha hade han hans har henne hennes "
            "heter hon hos hur i icke in inom inte ja jag kan kunde ligger man med mellan men mig min mot mycket "
            "nagon nagot nagra nar ned ni nu och om oss over pa sa sadan sade samma sedan sig sin sina ska skall "
            "skulle som till under upp ut utan vad var vara varfor varifran varit vem vems vi vid vilka vilken "
            "vilket vill".split()
        ),
        "da": frozenset(
            "ad af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse dog "
            "du efter eller en end er et for fra ham han hans har havde hedder hende hendes her hos hun hvad hvem "
            "hvilke hvilken hvis hvor hvordan hvorfor hvornar i ikke ind jeg jo kan kunne ligger man mange med "
            "meget men mig min mod nar ned nogen noget nogle nu og ogsa om op os over pa sadan selv sig sin sine "
            "skal skulle som til ud under vaere vaeret var ved vi vil ville vor".split()
        ),
        "pl": frozenset(
            "a aby albo ale ani az bardzo bez bo by bya byc byl byla byli bylo byly bym ci co czy czyli dla "
            "dlaczego do dokad gdy gdzie i ich ile im inne inny iz ja jak jaka jaki jakie jako je jednak jego jej "
            "jesli jest jeszcze juz kazdy kiedy kim kogo komu kto ktora ktore ktory ktorych ktorzy lezy lub ma "
            "maja mi mial mnie moze mozna my na nad nam nas nazywa nic nich nie nim niz no o od on ona one oni "
            "oraz po pod poniewaz przed przez przy roku sa sie skad stalo swoje ta tak takze tam te tego tej ten "
            "to tu tych tylko tym u w we wie wiec wszystko z za ze zeby znajduje".split()
        ),
        "ru": frozenset(
            "а без более больше будет будто бы был была были было быть в вам вас ведь весь во вот все всего всех "
            "вы где да даже для до его ее еи если есть еще же за зачем здесь зовут и из или им их к как какая "
            "какие какои какую кем когда кого кому которая которые которыи кто куда ли либо между меня мне много "
            "может можно мои мы на над надо называется нас находится не него нее нет ни них но ну о об однако он "
            "она они оно от откуда перед по под после потом потому почему при про произошло с сам свою себя "
            "сеичас сколько случилось со так также такои там те тем то того тоже только том тот ты у уже хотя "
            "чего чеи чем через что чтобы чья эта эти это этого этои этом этот я".split()
        ),
        "uk": frozenset(
            "а але б без би був була були було бути в вже ви вона вони все всі всіх від він де для до же з за "
            "звідки знаходиться зі и иого иому ким кого коли кому котрии куди ли мене мені ми може на над "
            "називається нам нас не нема неі них ні ніж о об один от перед по при про проте під після с сам свою "
            "своі себе скільки сталося та так також там те ти тим то того тоді тому у хто це цеи цього ці чи чого "
            "чому що щоб я як яка яке якии які є і із іх".split()
        ),
        "tr": frozenset(
            "acaba ama ancak bana bazi belki ben bence benim beri bile bir biri biz bu buna bunda bundan bunlar "
            "bunu bunun cok cunku da daha dahi de defa degil diye dolayi eger en gibi hangi hatta hem hemen hep "
            "her hic hicbir icin ile ise iste itibaren kac kadar karsi ki kim kime kimi kimin mi mu nasil ne "
            "neden nerede nereden nereye nicin niye o olan olarak oldu oldugu olur on ona ondan onlar onu onun "
            "sanki sen seni sey siz sonra su tarafindan tum uzere var ve veya ya yani yine yok zaten".split()
        ),
        "ar": frozenset(
            "اذا الي ام اما امام ان انا انه انها او اي اين بعد بعض بل بين تحت تلك ثم حتي حول حين خلال دون "
            "ذلك سوف عام عبر علي عن عند عندما غير فوق في فيه فيها قال قبل قد كان كانت كل كم كما كيف لا لان "
            "لقد لكن لم لماذا لن له لها ليس ما ماذا متي مثل مع من منذ منه منها هذا هذه هل هم هن هنا هناك هو "
            "هي وفي وقد وكان ولا ومن يكون".split()
        ),
        "he": frozenset(
            "אבל או אחרי איזה איך אילו אין איפה אל אלה אם אנחנו אני את אתה באיזה בגלל בין גם די הוא היא היה "
            "היו הם הן זאת זה זו יש כאשר כדי כי כל כמה כן לא לאן לי למה לפני מאין מאיפה מדוע מה מי מן מתי עד "
            "על עם של שם".split()
        ),
        "el": frozenset(
            "αλλα αν απο αυτα αυτη αυτο αυτοσ για γιατι δεν ειναι ειχε ενα ενασ εχει εχουν η ηταν θα και "
            "κατα με μετα μη μην μια να ο οι οπωσ οταν ποια ποιεσ ποιο ποιοι ποιοσ ποσα ποσο ποσοι ποτε που "
            "πριν προσ πωσ σε στα στη στην στισ στο στον στουσ τα την τησ τι τισ το τον του τουσ των χωρισ "
            "ωσ".split()
        ),
        "hi": frozenset(
            "इस उस एक और कब कर कहां का कि कितना कितनी कितने किस किसने किसे की के कैसे को कौन क्या क्यों गई "
            "गए गया जो तक तो था थी थे न नहीं ने पर बारे भी में यह या ये रहा रही रहे लिए वह वे साथ से ही हुआ "
            "हुई हुए है हैं हो".split()
        ),
        **{code: _pairs(f"{words} {ENDING[code]}") for code, words in ASKING.items()},
        "ko": _pairs(
            "무엇 무엇을 무엇이 무엇인가 무엇인가요 무엇입니까 뭐 왜 누가 누구 누구의 누구인가 누구입니까 "
            "어디 어디서 어디에 어디에서 어디인가 어디입니까 언제 어떻게 어떤 얼마 얼마나 몇 있나요 있습니까 "
            "했나요 했습니까 되었나요 됐나요 그 이 및 또는 그리고 대한 대해"
        ),
    }
)

# Of these, those that begin a question for persons, and those that begin one for places.
_ASKING = {
    "en": ("who whom whose", "where"), "de": ("wer wem wen wessen", "wo woher wohin"), "fr": ("qui", "ou"),
    "es": ("quien quienes", "donde adonde"), "it": ("chi", "dove"), "pt": ("quem", "onde"),
    "nl": ("wie wiens", "waar"), "sv": ("vem vems", "var varifran"), "da": ("hvem", "hvor"),
    "pl": ("kto kogo komu kim", "gdzie skad dokad"), "ru": ("кто кого кому кем", "где куда откуда"),
    "uk": ("хто кого кому ким", "де куди звідки"), "tr": ("kim kimin kime kimi", "nerede nereye nereden"),
    "ar": ("من", "اين"), "he": ("מי", "איפה לאן מאיפה"), "el": ("ποιοσ ποια ποιο ποιοι ποιεσ", "που"), "hi": ("", ""),
    "ja": ("誰 だれ", "どこ 何処"), "zh": ("谁 誰", "哪里 哪裡 哪儿 何处 何處"), "ko": ("누가 누구", "어디"),
}  # fmt: skip
ASKED_FOR: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        code: {word: facet for facet, words in zip(("person", "place"), groups, strict=True) for word in words.split()}
        for code, groups in _ASKING.items()
    }
)


def language(terms: Iterable[str]) -> str:
    """The language whose function words are most of these terms; English where no other has more."""
    known = list(terms)
    return max(FUNCTION_WORDS, key=lambda code: (sum(term in FUNCTION_WORDS[code] for term in known), code == "en"))
