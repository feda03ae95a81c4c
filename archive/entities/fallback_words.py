"""Small words and titles of what `fallback` reads: German, French, Spanish, Italian, Portuguese, Dutch."""

from __future__ import annotations

# Between the words of one name.
LINKS = frozenset(
    "de del della dello di da do dos das du des la le les los las el al bin ibn ben van von der den zu zur -".split()
)
# Before these a place's name is no common word.
PREPOSITIONS = frozenset(
    "in aus nach bei von bis um en à a de desde hacia vers depuis da di em para til fra i från till te naar uit".split()
)
WITHIN = frozenset("in nach aus en à hacia til till i".split())  # of these, those that seldom stand before a person
# What begins a sentence without being part of the name that follows.
OPENERS = frozenset(
    "der die das den dem des ein eine einen einem einer eines er sie es wir ihr ich man im am zum zur vom beim "
    "ins in an auf aus bei mit nach von vor zu für über unter durch gegen ohne um seit während laut doch aber und "
    "oder auch nur noch nun so wie was wer wo wenn als da dort hier dann dabei damit dafür dazu darauf sein seine "
    "ihre unser diese dieser dieses jede jeder alle viele beide mehr le la les l un une du de d il elle ils elles "
    "on nous vous je tu ce cet cette ces son sa ses leur leurs notre votre mon ma mes au aux à en dans sur sous "
    "par pour avec sans chez vers entre après avant depuis pendant selon mais et ou donc car si quand comme où "
    "qui que quoi dont lors puis ainsi aussi alors tout toute tous toutes deux plus el los las lo una unos unas "
    "al del su sus mi se y e o u pero por para con sin sobre desde hasta según tras ante bajo durante cuando como "
    "donde quien este esta estos estas ese esa esos esas aquel ambos también además así ya no sí muy más gli i "
    "uno nel nella nei sul dal alla dei delle degli che chi non per tra fra dopo prima questo questa a os as uma "
    "na nos nas ao pelo pela em com não mas seu sua isto essa het een van op te voor met bij naar uit over hij "
    "zij ze wij dit dat deze".split()
)
# Words, or ends of words, that stand before the name of who bears them.
TITLES = frozenset(
    "herr frau dr prof professor professorin papst könig königin bischof senator senatorin abgeordnete "
    "abgeordneter stürmer torwart trainer trainerin richter richterin präsident präsidentin minister ministerin "
    "kanzler kanzlerin président présidente ministre premier maire chancelier chancelière député députée sénateur "
    "sénatrice juge avocat avocate procureur capitaine colonel général commissaire entraîneur attaquant gardien "
    "roi reine pape évêque écrivain écrivaine acteur actrice chanteur chanteuse biologiste historien historienne "
    "économiste monsieur madame mme m directeur directrice porte-parole conseiller conseillère préfet préfète "
    "presidente presidenta ministro ministra alcalde alcaldesa canciller diputado diputada senador senadora juez "
    "jueza abogado abogada fiscal capitán coronel general comisario entrenador entrenadora delantero delantera "
    "portero rey reina papa obispo escritor escritora actor actriz cantante expresidente exministro señor señora "
    "don doña concejal concejala director directora portavoz secretario secretaria bombero sindaco sindaca "
    "cancelliere deputato senatore giudice avvocato allenatore attaccante re regina signor signora direttore "
    "prefeito prefeita deputado treinador burgemeester koning koningin heer mevrouw".split()
)
TITLE_ENDS = (
    "sprecher", "sprecherin", "minister", "ministerin", "präsident", "präsidentin", "kanzler", "kanzlerin", "meister",
    "meisterin", "chef", "chefin", "trainer", "trainerin", "leiter", "leiterin", "anwalt", "anwältin", "direktor",
    "direktorin", "manager", "managerin", "richter", "richterin", "forscher", "forscherin", "führer", "führerin",
    "sekretär", "sekretärin", "vorsitzende", "vorsitzender", "spieler", "spielerin", "beauftragte", "beauftragter",
    "experte", "expertin", "gründer", "gründerin", "kandidat", "kandidatin", "politiker", "politikerin", "rat", "rätin",
)  # fmt: skip
# Words that only the names of organisations have.
ORGANISATIONS = frozenset(
    "universität hochschule bank partei institut stiftung kommission ministerium amt bundesamt bundesbank "
    "bundeswehr bundestag bundesrat gmbh ag fc sv vfb vfl tsv tsg ig werder borussia eintracht université banque "
    "parti ministère commission organisation association fédération compagnie cour agence olympique racing "
    "syndicat conseil assemblée universidad instituto banco partido ministerio comisión organización asociación "
    "federación compañía tribunal agencia sindicato consejo comisiones real club atlético deportivo università "
    "istituto banca partito ministero commissione organizzazione associazione tribunale agenzia juventus "
    "universidade ministério comissão organização associação universiteit partij ministerie gobierno estado "
    "presidencia congreso senado parlamento junta guardia policía unión gouvernement état sénat parlement union "
    "bourse police gendarmerie regierung bundesregierung governo".split()
)
# Words that only the names of places have.
FACILITIES = frozenset(
    "platz straße flughafen bahnhof palast stadion museum brücke hafen palais place rue avenue boulevard aéroport "
    "gare stade musée pont port château hôpital palacio plaza calle avenida aeropuerto estación estadio museo "
    "puente puerto castillo palazzo piazza via aeroporto stazione stadio ponte castello praça rua estádio".split()
)
# What is named after these is their field, no thing of its own: "ministre de l'Économie".
OFFICES = frozenset(
    "ministre ministère secrétaire ministro ministra ministerio secretario secretaria consejero consejera "
    "ministero ministério consejería".split()
)
# Nouns of German between a number and a noun, and others after which a capital says nothing.
MEASURES = frozenset(
    "prozent euro cent millionen milliarden million milliarde uhr meter kilometer grad jahre jahren stunden "
    "minuten anfang mitte ende januar februar märz april mai juni juli august september oktober november dezember "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
)
