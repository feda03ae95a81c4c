"""How languages say periods of time: last week, three years ago, the third quarter of 2023, the 1990s: one table.

A language of dates_words that has no row here is read by names of days and months alone.
"""

from __future__ import annotations

from archive.entities.dates_phrases_east import EAST
from archive.entities.dates_phrasing import Phrases

PHRASES = {
    "de": Phrases(
        units="tage|tagen|tag,wochen|woche,monats|monate|monaten|monat,jahres|jahre|jahren|jahr",
        numbers="eine[mrn]?|ein,zwei,drei,vier,fünf,sechs,sieben,acht,neun,zehn,elf,zwölf",
        ago="vor (?:etwa |rund |gut |knapp |fast |mehr als )?{n} {u}",
        ahead="",
        last=("(?:letzt|vergangen|vorig|zurückliegend)e[nrms]?", ""),
        this=("diese[nrms]?|laufende[nrms]?", ""),
        next=("(?:nächst|kommend|folgend)e[nrms]?", ""),
        cue=(
            "im|in|seit|bis|ab|anfang|mitte|ende|von|vom|nach|vor|für|jahr|jahre|jahres|zwischen|(?:früh|spät)en|"
            "frühjahr|herbst|sommer|winter"
        ),
        seasons="frühjahrs?|frühlings?,sommers?,herbste?s?,winters?",
        quarter="quartale?s?",
        half="halbjahre?s?|jahreshälfte|hälfte",
        ordinals="erste[nrms]?,zweite[nrms]?,dritte[nrms]?,vierte[nrms]?",
        century=r"(?P<cen>[1-2]?\d)\.\sjahrhunderts?",
        decade=(
            r"(?P<dec>1[5-9]\d0|20\d0)er[n]?(?:[\s-]jahren?)?|(?P<dec2>[1-9]0)er[\s-]jahren?|(?P<dec3>[1-9]0)ern|"
            r"(?P<decw>{tens})er[n]?(?:\sjahren?)"
        ),
        tens="zwanzig,dreißig|dreissig,vierzig,fünfzig,sechzig,siebzig,achtzig,neunzig",
        to=r"\s?(?:bis(?: zum| einschließlich)?|[-–])\s?(?:den\s|dem\s)?",
        between=("zwischen(?: dem)?", "und(?: dem)?"),
        of=r"\s(?:des\s)?(?:jahres\s)?",
    ),
    "fr": Phrases(
        units="jours?,semaines?,mois,années?|ans?",
        numbers="une?,deux,trois,quatre,cinq,six,sept,huit,neuf,dix,onze,douze",
        ago="il y a (?:environ |près de |plus de )?{n} {u}",
        ahead="dans {n} {u}",
        last=("", "derni(?:er|ère)|passée?|précédente?"),
        this=("ce|cette|cet", ""),
        next=("", "prochaine?|qui vient|à venir"),
        cue="en|depuis|fin|début|mi-|dès|jusqu['’]en|avant|après|d['’]ici|courant|année|de|d['’]|entre|à la mi-",
        seasons="printemps,été,automne,hiver",
        quarter="trimestre",
        half="semestre",
        ordinals="premi(?:er|ère)|1er,deuxième|second|2e|2ème,troisième|3e|3ème,quatrième|4e|4ème",
        century=r"(?P<cen>[xvi]{1,5}|\d\d?)\s?(?:e|è|ème|er|ᵉ)\ssiècle",
        decade=r"années\s(?:(?P<dec>1[5-9]\d0|20\d0)|(?P<dec2>[1-9]0)|(?P<decw>{tens}))",
        tens="vingt,trente,quarante,cinquante,soixante,soixante-dix,quatre-vingts?,quatre-vingt-dix",
        to=r"\s?(?:au|à|jusqu['’]au|jusqu['’]à|[-–])\s?(?:le\s)?",
        between=("entre(?: le)?", "et(?: le)?"),
        of=r"\s(?:de\s(?:l['’]))?(?:de\s)?",
    ),
    "es": Phrases(
        units="días?,semanas?,mes(?:es)?,años?",
        numbers="un[oa]?,dos,tres,cuatro,cinco,seis,siete,ocho,nueve,diez,once,doce",
        ago="hace (?:casi |unos |unas |más de )?{n} {u}",
        ahead="dentro de {n} {u}",
        last=("pasad[oa]", "pasad[oa]|anterior"),
        this=("est[ea]", "en curso"),
        next=("próxim[oa]", "próxim[oa]|que viene|entrante"),
        cue=(
            "en|desde|hasta|finales de|fines de|principios de|inicios de|comienzos de|mediados de|año|de|del|entre|"
            "para|durante|a partir de|antes de|después de|tras"
        ),
        seasons="primavera,verano,otoño,invierno",
        quarter="trimestre",
        half="semestre|mitad",
        ordinals="primer[oa]?,segund[oa],tercer[oa]?,cuart[oa]|último",
        century=r"siglo\s(?P<cen>[xvi]{1,5})",
        decade=(
            r"(?:década\sde|años)(?:\slos)?\s['’]?(?:(?P<dec>1[5-9]\d0|20\d0)|(?P<dec2>[1-9]0)|(?P<decw>{tens}))"
        ),
        tens="veinte,treinta,cuarenta,cincuenta,sesenta,setenta,ochenta,noventa",
        to=r"\s?(?:al?|hasta|[-–])\s?(?:el\s|las?\s)?",
        between=("entre(?: el)?", "y(?: el)?"),
        of=r"\s(?:del?\s)?(?:año\s)?",
    ),
    "it": Phrases(
        units="giorn[oi],settiman[ae],mes[ei],ann[oi]",
        numbers="un['’oa]?|un,due,tre,quattro,cinque,sei,sette,otto,nove,dieci,undici,dodici",
        ago="{n} {u} fa",
        ahead="(?:fra|tra) {n} {u}",
        last=("scors[oa]|passat[oa]", "scors[oa]|passat[oa]|precedente"),
        this=("quest['’]|quest[oa]", "in corso"),
        next=("prossim[oa]", "prossim[oa]|che viene"),
        cue=(
            "in|a|ad|da|dal|nel|del|dell['’]|fine|inizio(?: del)?|metà(?: del)?|di|d['’]|entro|fino a[l]?|tra|fra|"
            "anno|prima del|dopo il|per il|il"
        ),
        seasons="primavera,estate,autunno,inverno",
        quarter="trimestre",
        half="semestre|metà",
        ordinals="prim[oa],second[oa],terz[oa],quart[oa]",
        century=r"(?P<cen>[xvi]{1,5})\ssecolo",
        decade=r"anni\s['’]?(?:(?P<dec>1[5-9]\d0|20\d0)|(?P<dec2>[1-9]0)|(?P<decw>{tens}))",
        tens="venti,trenta,quaranta,cinquanta,sessanta,settanta,ottanta,novanta",
        to=r"\s?(?:a|al|all['’]|fino al|[-–])\s?",
        between=("(?:tra|fra)(?: il| l['’]|)", "e(?: il| l['’]|)"),
        of=r"\s(?:del\s|dell['’]|di\s)?(?:anno\s)?",
        hundreds="cinquecento,seicento,settecento,ottocento,novecento",
    ),
    "pt": Phrases(
        units="dias?,semanas?,m[êe]s(?:es)?,anos?",
        numbers="uma?,dois|duas,três,quatro,cinco,seis,sete,oito,nove,dez,onze,doze",
        ago="há (?:cerca de |quase |mais de )?{n} {u},{n} {u} atrás",
        ahead="dentro de {n} {u},daqui a {n} {u}",
        last=("passad[oa]", "passad[oa]|anterior"),
        this=("n?est[ea]|deste", "em curso"),
        next=("próxim[oa]", "próxim[oa]|que vem"),
        cue=(
            "em|desde|até|final de|finais de|fim de|início de|começo de|meados de|ano|de|entre|para|durante|"
            "a partir de|antes de|depois de|após"
        ),
        seasons="primavera,verão,outono,inverno",
        quarter="trimestre",
        half="semestre|metade",
        ordinals="primeir[oa],segund[oa],terceir[oa],quart[oa]",
        century=r"século\s(?P<cen>[xvi]{1,5})",
        decade=r"(?:década\sde|anos)\s['’]?(?:(?P<dec>1[5-9]\d0|20\d0)|(?P<dec2>[1-9]0)|(?P<decw>{tens}))",
        tens="vinte,trinta,quarenta,cinquenta,sessenta,setenta,oitenta,noventa",
        to=r"\s?(?:a|ao|à|até|[-–])\s?(?:o\s|dia\s)?",
        between=("entre(?: os dias| o dia|)", "e"),
        of=r"\s(?:d[eo]\s)?(?:ano\s(?:de\s)?)?",
    ),
    "ca": Phrases(
        units="di(?:a|es),setman(?:a|es),mes(?:os)?,anys?",
        numbers="una?,dos|dues,tres,quatre,cinc,sis,set,vuit,nou,deu,onze,dotze",
        ago="fa (?:gairebé |més de )?{n} {u}",
        ahead="d['’]aquí a {n} {u}",
        last=("passat|passada", "passa(?:t|da)|anterior"),
        this=("aquest|aquesta", ""),
        next=("pròxima?|propera?", "vinent|que ve|propera?"),
        cue="el|al|des de|fins al|finals de|principis de|mitjans de|any|de|d['’]|del|entre|abans de|després de",
        seasons="primavera,estiu,tardor,hivern",
        quarter="trimestre",
        half="semestre|meitat",
        ordinals="primera?,segona?,tercera?,quarta?",
        century=r"segle\s(?P<cen>[xvi]{1,5})",
        decade=r"(?:dècada\sde(?:ls)?|anys)\s['’]?(?:(?P<dec>1[5-9]\d0|20\d0)|(?P<dec2>[1-9]0)|(?P<decw>{tens}))",
        tens="vint,trenta,quaranta,cinquanta,seixanta,setanta,vuitanta,noranta",
        to=r"\s?(?:al?|fins al|[-–])\s?(?:el\s)?",
        between=("entre(?: el)?", "i(?: el)?"),
        of=r"\s(?:del?\s|de l['’])?(?:any\s)?",
    ),
    "ro": Phrases(
        units="zile|zi,săptămâni|săptămână|săptămâna,luni|lună|luna,ani|an|anul|anului",
        numbers="un[ua]?|o,doi|două,trei,patru,cinci,șase|şase,șapte|şapte,opt,nouă,zece,unsprezece,doisprezece",
        ago="acum {n} {u},în urmă cu {n} {u}",
        ahead="peste {n} {u}",
        last=("", "trecută?|trecutului"),
        this=("acest|această", "acesta|aceasta|curent"),
        next=("", "viito(?:are|r)|următo(?:are|r)"),
        cue=(
            "în|din|până în|sfârșitul lunii|sfârșitul lui|începutul lunii|începutul lui|luna|anul|anului|între|"
            "înainte de|după|mijlocul lunii"
        ),
        seasons="primăvara|primăvară,vara|vară,toamna|toamnă,iarna|iarnă",
        quarter="trimestru|trimestrul",
        half="semestru|semestrul|jumătate",
        ordinals="prim(?:ul|a),al doilea,al treilea,al patrulea",
        century=r"secolul(?:ui)?\s(?:al\s)?(?P<cen>[xvi]{1,5})(?:-lea)?",
        decade=r"anii(?:lor)?\s['’]?(?:(?P<dec>1[5-9]\d0|20\d0)|(?P<dec2>[1-9]0))",
        to=r"\s?(?:până la|până pe|la|[-–])\s?",
        between=("între", "și|şi"),
        of=r"\s(?:din\s|al?\s)?(?:anul(?:ui)?\s)?",
    ),
    "nl": Phrases(
        units="dagen|dag,weken|week,maanden|maand,jaren|jaar",
        numbers="een|één,twee,drie,vier,vijf,zes,zeven,acht,negen,tien,elf,twaalf",
        ago="{n} {u} geleden",
        ahead="over {n} {u}",
        last=("vorig|vorige|afgelopen|verleden", ""),
        this=("dit|deze|lopende", ""),
        next=("volgend|volgende|komend|komende", ""),
        cue="in|sinds|tot|tot en met|vanaf|eind|begin|half|medio|van|na|voor|jaar|tussen|uit|per|zomer|winter",
        seasons="lente|voorjaar,zomer,herfst|najaar,winter",
        quarter="kwartaal",
        half="halfjaar|helft",
        ordinals="eerste,tweede,derde,vierde",
        century=r"(?P<cen>[1-2]?\d)(?:e|de|ste)\seeuw",
        decade=r"jaren\s['’]?(?:(?P<dec>1[5-9]\d0|20\d0)|(?P<dec2>[1-9]0)|(?P<decw>{tens}))",
        tens="twintig,dertig,veertig,vijftig,zestig,zeventig,tachtig,negentig",
        to=r"\s?(?:tot|t/m|tot en met|[-–])\s?",
        between=("tussen", "en"),
        of=r"\s(?:van\s)?(?:het jaar\s)?",
    ),
    "sv": Phrases(
        units="dagar|dag|dagen,veckor|vecka|veckan,månader|månad|månaden,åren|året|års|år",
        numbers="en|ett,två,tre,fyra,fem,sex,sju,åtta,nio,tio,elva,tolv",
        ago="för {n} {u} sedan",
        ahead="om {n} {u}",
        last=("förra|senaste", ""),
        this=("denna|den här|det här", ""),
        next=("nästa|kommande", ""),
        cue=(
            "i|sedan|från|till|(?:i )?(?:slutet|början|mitten) av|år|året|under|före|efter|mellan|våren|sommaren|"
            "hösten|vintern|för|från och med"
        ),
        seasons="vår|våren|våras,sommar|sommaren|somras,höst|hösten|höstas,vinter|vintern|vintras",
        quarter="kvartalet?s?",
        half="halvåret?s?|hälften",
        ordinals="första,andra,tredje,fjärde|sista",
        century=r"(?P<cen>[1-2]?\d):?e\sårhundradet|(?P<hundred>1[0-9])00-tal(?:et|ets)?",
        decade=(
            "(?P<dec>1[5-9][1-9]0|20[1-9]0)-tal(?:et|ets)?|(?P<dec2>[1-9]0)-tal(?:et|ets)?|"
            "(?P<decw>{tens})-?tal(?:et|ets)?"
        ),
        tens="tjugo,trettio,fyrtio,femtio,sextio,sjuttio,åttio,nittio",
        to=r"\s?(?:till|t\.o\.m\.|[-–])\s?(?:den\s)?",
        between=("mellan(?: den)?", "och(?: den)?"),
        of=r"\s(?:år\s)?",
        years="i fjol,i år,(?!)",
    ),
    "da": Phrases(
        units="dage|dag,uger|uge|ugen,måneder|måned|måneden,årets|året|års|år",
        numbers="en|et|én|ét,to,tre,fire,fem,seks,syv,otte,ni,ti,elleve,tolv",
        ago="for {n} {u} siden",
        ahead="om {n} {u}",
        last=("sidste|forrige", ""),
        this=("denne|dette", ""),
        next=("næste|kommende", ""),
        cue=(
            "i|siden|fra|til|(?:i )?(?:slutningen|starten|begyndelsen|midten|udgangen) af|år|året|under|før|efter|"
            "mellem"
        ),
        seasons="forår|foråret,sommer|sommeren,efterår|efteråret,vinter|vinteren",
        quarter="kvartale?t?",
        half="halvåre?t?|halvdel",
        ordinals="første,andet|anden,tredje,fjerde",
        century=r"(?P<cen>[1-2]?\d)\.\sårhundrede|(?P<hundred>1[0-9])00-tallet",
        decade="(?P<dec>1[5-9][1-9]0|20[1-9]0)['’]?erne|(?P<dec2>[1-9]0)['’]?erne",
        to=r"\s?(?:til|[-–])\s?(?:den\s)?",
        between=("mellem(?: den)?", "og(?: den)?"),
        of=r"\s(?:år\s)?",
        years="i fjor|sidste år,i år,næste år",
    ),
    "no": Phrases(
        units="dager|dag|dagar,uker|uke|uka|veke|veker,måneder|måned|månad|månader,årets|året|års|år",
        numbers="en|et|én|ett|ein,to,tre,fire,fem,seks,sju|syv,åtte,ni,ti,elleve|elve,tolv",
        ago="for {n} {u} sid[ea]n",
        ahead="om {n} {u}",
        last=("forrige|sist|siste|førre", ""),
        this=("denne|dette", ""),
        next=("neste|kommende|komande", ""),
        cue=(
            "i|siden|sidan|fra|frå|til|(?:i )?(?:slutten|starten|begynnelsen|midten|utgangen) av|år|året|under|før|"
            "etter|mellom"
        ),
        seasons="vår|våren,sommer|sommeren|sommar|sommaren,høst|høsten|haust|hausten,vinter|vinteren",
        quarter="kvartale?t?",
        half="halvåre?t?|halvdel",
        ordinals="første,andre,tredje,fjerde",
        century=r"(?P<cen>[1-2]?\d)\.\s(?:år)?hundre(?:år|talet)|(?P<hundred>1[0-9])00-tal(?:l?et)",
        decade=(
            "(?P<dec>1[5-9][1-9]0|20[1-9]0)-(?:tal(?:l?et)|åra|årene)|(?P<dec2>[1-9]0)-(?:tal(?:l?et)|åra|årene)"
        ),
        to=r"\s?(?:til|[-–])\s?(?:den\s)?",
        between=("mellom(?: den)?", "og(?: den)?"),
        of=r"\s(?:år\s)?",
        years="i fjor,i år,neste år",
    ),
}  # fmt: skip
PHRASES |= EAST
