"""Walls that ask for consent in a site's own words, told from articles on the matter and from notices beside some."""

from __future__ import annotations

import pytest

from archive.extraction import Page, extract
from archive.model import Outcome


def page(lang: str, title: str, *body: str, head: str = "") -> str:
    opening = f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
    return f"{opening}<body>{''.join(body)}</body></html>"


WALLS = {
    "English": page(
        "en",
        "The Harbour Times",
        '<header><img src=/logo.svg alt="The Harbour Times"></header><main class="gate"><h1>Before you '
        "continue</h1> <p>We and our 847 partners store and access personal data, like browsing data or unique "
        "identifiers, on your device. Selecting “I agree” enables tracking technologies to support the purposes "
        "shown below.</p> <p>You can change your choices or withdraw your consent at any time by clicking the "
        "privacy link at the foot of any page.</p> <ul><li>Store and/or access information on a "
        "device</li><li>Personalised advertising and content, advertising measurement, audience research and "
        "services development</li></ul> <div><button>I agree</button> <button>Manage options</button> <a "
        'href="/subscribe">Subscribe without tracking</a></div></main><footer><a href=/imprint>Imprint</a> <a '
        "href=/privacy>Privacy</a></footer>",
    ),
    "German": page(
        "de",
        "Nordbote",
        "<div id=app><h2>Mit Werbung weiterlesen</h2><p>Wir verarbeiten Ihre Daten, um Ihnen Nordbote mit Werbung "
        "und Tracking kostenlos anzubieten. Dafür brauchen wir und bis zu 214 Partner Ihre Einwilligung, "
        "Informationen auf Ihrem Endgerät zu speichern und abzurufen.</p> <p>Ihre Einwilligung können Sie "
        "jederzeit im Datenschutz-Center widerrufen. Einzelheiten finden Sie in unserer "
        'Datenschutzerklärung.</p><a class=btn href="#">Alle akzeptieren</a><a class=btn '
        'href="#">Ablehnen</a> <p>Oder lesen Sie Nordbote im Pur-Abo ohne Werbetracking für 3,99 Euro im '
        "Monat.</p></div>",
    ),
    "French": page(
        "fr",
        "La Gazette du Port",
        "<section><h1>Votre vie privée nous est précieuse</h1><p>Avec votre accord, nos 312 partenaires et nous "
        "utilisons des cookies ou technologies similaires pour stocker et accéder à des informations personnelles "
        "comme votre visite sur ce site.</p><p>Vous pouvez retirer votre consentement ou vous opposer aux "
        "traitements fondés sur l'intérêt légitime à tout moment en cliquant sur « En savoir plus » ou dans notre "
        "politique de confidentialité.</p> <button>Tout accepter</button><button>Continuer sans "
        "accepter</button></section>",
    ),
    "Italian": page(
        "it",
        "Il Molo",
        "<div><p><b>Informativa</b></p><p>Noi e i nostri 633 fornitori archiviamo informazioni su un dispositivo "
        "e trattiamo dati personali, come identificatori unici, per annunci e contenuti personalizzati. Puoi dare "
        "il tuo consenso o rifiutare i trattamenti basati sul legittimo interesse.</p><p>Se rifiuti, puoi leggere "
        "il sito abbonandoti a 1,99 euro al mese. Le tue preferenze si applicheranno solo a questo "
        'sito.</p><input type=submit value="Accetta e continua"><input type=button value="Rifiuta e '
        'abbonati"></div>',
    ),
    "Spanish": page(
        "es",
        "Diario del Muelle",
        "<div role=dialog><h2>Bienvenido</h2><p>Nosotros y nuestros socios almacenamos o accedemos a información "
        "en un dispositivo, tales como cookies, y procesamos datos personales con fines de publicidad "
        "personalizada.</p><p>Puede aceptar el uso de cookies o rechazarlo y suscribirse. Puede retirar su "
        "consentimiento cuando quiera en nuestra política de privacidad.</p><button>Aceptar y "
        "continuar</button><button>Rechazar y pagar</button></div>",
    ),
    "Dutch": page(
        "nl",
        "De Havenbode",
        "<main><h1>Wij respecteren jouw privacy</h1><p>Wij en onze 96 partners gebruiken cookies en vergelijkbare "
        "technieken om informatie op je apparaat op te slaan en je persoonsgegevens te verwerken voor "
        "gepersonaliseerde advertenties.</p><p>Je kunt je toestemming altijd weer intrekken via de "
        "privacy-instellingen onderaan de pagina.</p><button>Akkoord</button><button>Instellingen</button></main>",
    ),
    "Polish": page(
        "pl",
        "Kurier Portowy",
        "<div><h2>Szanujemy Twoją prywatność</h2><p>My i nasi partnerzy (214) przechowujemy informacje na "
        "urządzeniu, takie jak pliki cookie, i przetwarzamy dane osobowe w celu wyświetlania spersonalizowanych "
        "reklam. Możesz wyrazić zgodę lub odmówić.</p><p>Zgodę możesz wycofać w dowolnym momencie w ustawieniach "
        "prywatności.</p><button>Przejdź do serwisu</button><button>Zgadzam się</button></div>",
    ),
    "Portuguese": page(
        "pt",
        "Jornal do Cais",
        "<div><h1>Nós valorizamos a sua privacidade</h1><p>Nós e os nossos parceiros armazenamos e acedemos a "
        "informações num dispositivo, tais como cookies, e processamos dados pessoais para anúncios "
        "personalizados.</p><p>Pode aceitar, recusar ou alterar as suas preferências antes de dar o seu "
        "consentimento.</p><a href=#>Aceitar tudo</a> <a href=#>Mais opções</a></div>",
    ),
    "Swedish": page(
        "sv",
        "Hamnbladet",
        "<div><h2>Vi värnar om din integritet</h2><p>Vi och våra 120 partner lagrar och får åtkomst till "
        "uppgifter på din enhet, till exempel kakor, och behandlar personuppgifter för anpassade annonser. Du kan "
        "när som helst återkalla ditt samtycke.</p><button>Godkänn alla</button><button>Avvisa</button></div>",
    ),
    "Danish": page(
        "da",
        "Havnebladet",
        "<div><h2>Dit privatliv er vigtigt for os</h2><p>Vi og vores 88 partnere gemmer og tilgår oplysninger på "
        "din enhed via cookies og behandler personoplysninger til målrettet annoncering. Du kan altid trække dit "
        "samtykke tilbage.</p><button>Accepter alle</button><button>Kun nødvendige</button></div>",
    ),
    "Finnish": page(
        "fi",
        "Satamalehti",
        "<div><h2>Arvostamme yksityisyyttäsi</h2><p>Me ja 101 kumppaniamme käytämme evästeitä ja tallennamme "
        "tietoja laitteellesi sekä käsittelemme henkilötietojasi mainonnan kohdentamiseksi. Voit peruuttaa "
        "suostumuksesi milloin tahansa.</p><button>Hyväksy kaikki</button><button>Asetukset</button></div>",
    ),
    "Czech": page(
        "cs",
        "Přístavní noviny",
        "<div><h2>Vážíme si vašeho soukromí</h2><p>My a naši partneři ukládáme soubory cookie a zpracováváme "
        "osobní údaje pro personalizovanou reklamu. Svůj souhlas můžete kdykoli odvolat v "
        "nastavení.</p><button>Souhlasím</button><button>Odmítnout</button></div>",
    ),
    "Japanese": page(
        "ja",
        "港新聞",
        "<div><h2>プライバシーの設定</h2><p>当社とパートナー企業は、お客様の端末に情報を保存し、"
        "クッキーなどの個人情報を広告の表示のために利用します。続けるには同意が必要です。"
        "</p><p>同意はいつでもプライバシー設定から撤回できます。"
        "</p><button>すべて同意する</button><button>設定</button></div>",
    ),
    "Greek": page(
        "el",
        "Λιμάνι",
        "<div><h2>Σεβόμαστε την ιδιωτικότητά σας</h2><p>Εμείς και οι συνεργάτες μας αποθηκεύουμε πληροφορίες σε "
        "μια συσκευή, όπως cookies, και επεξεργαζόμαστε προσωπικά δεδομένα για εξατομικευμένες διαφημίσεις. "
        "Μπορείτε να ανακαλέσετε τη συγκατάθεσή σας "
        "οποτεδήποτε.</p><button>ΣΥΜΦΩΝΩ</button><button>ΔΙΑΦΩΝΩ</button></div>",
    ),
    "Russian": page(
        "ru",
        "Портовый вестник",
        "<div><p>Мы и наши партнёры храним файлы cookie и обрабатываем персональные данные, чтобы показывать вам "
        "рекламу. Чтобы продолжить, дайте своё согласие на обработку данных. Вы можете отозвать согласие в любое "
        "время.</p><button>Принять все</button><button>Настройки</button></div>",
    ),
    "with purposes": page(
        "en",
        "Portside Daily",
        "<div class=overlay><h2>Your privacy choices</h2><p>To keep Portside Daily free we rely on advertising. "
        "We, and the third parties we work with, use cookies and process personal data such as your IP address "
        "when you visit.</p><h3>Store and/or access information on a device</h3><p>Cookies, device or similar "
        "online identifiers can be stored or read on your device to recognise it each time it connects to our "
        "site.</p><h3>Use limited data to select advertising</h3><p>Advertising presented to you on this service "
        "can be based on limited data, such as the website you are using or your non-precise "
        "location.</p><h3>Create profiles for personalised advertising</h3><p>Information about your activity on "
        "this service can be stored and combined with other information about you to build a profile for "
        "advertising.</p><h3>Measure advertising performance</h3><p>Information regarding which advertising is "
        "presented to you and how you interact with it can be used to determine how well an advert worked for "
        "you.</p><h3>Develop and improve services</h3><p>Information about your activity on this service, such as "
        "your interaction with ads or content, can be used to improve our products and services.</p><h3>Store "
        "and/or access information on a device</h3><p>Cookies, device or similar online identifiers can be stored "
        "or read on your device to recognise it each time it connects to our site.</p><h3>Use limited data to "
        "select advertising</h3><p>Advertising presented to you on this service can be based on limited data, "
        "such as the website you are using or your non-precise location.</p><h3>Create profiles for personalised "
        "advertising</h3><p>Information about your activity on this service can be stored and combined with other "
        "information about you to build a profile for advertising.</p><h3>Measure advertising "
        "performance</h3><p>Information regarding which advertising is presented to you and how you interact with "
        "it can be used to determine how well an advert worked for you.</p><h3>Develop and improve "
        "services</h3><p>Information about your activity on this service, such as your interaction with ads or "
        "content, can be used to improve our products and services.</p><p>Some vendors process your data on the "
        "basis of legitimate interest, to which you may object.</p><button>Accept all</button><button>Save "
        "choices</button></div>",
    ),
    "with the title of a story": page(
        "en",
        "Why the pier closed | Portside",
        "<div id=consent-layer><p>To read this page, choose how you want to use Portside.</p><p>With advertising: "
        "we and our partners use cookies to process your personal data, for personalised advertising and "
        "measurement. You can withdraw your consent in your privacy settings.</p><p>Without advertising: "
        "subscribe for £2 a month.</p><button>Agree and continue</button><button>Subscribe</button></div>",
        head='<meta property="og:title" content="Why the pier closed"><meta property="og:type" content="article">',
    ),
    "Hungarian": page(
        "hu",
        "Kikötői Hírek",
        "<div><h2>Az Ön adatainak védelme fontos számunkra</h2><p>Mi és partnereink információkat – például "
        "sütiket – tárolunk egy eszközön vagy hozzáférünk azokhoz, és személyes adatokat dolgozunk fel személyre "
        "szabott hirdetések céljából.</p><p>Hozzájárulását bármikor visszavonhatja az adatvédelmi "
        "beállításokban.</p><button>ELFOGADOM</button><button>TOVÁBBI OPCIÓK</button></div>",
    ),
    "Romanian": page(
        "ro",
        "Portul",
        "<div><p>Noi și partenerii noștri stocăm și/sau accesăm informații pe un dispozitiv, cum ar fi "
        "cookie-urile, și prelucrăm date cu caracter personal pentru reclame personalizate. Vă puteți retrage "
        "consimțământul oricând.</p><button>SUNT DE ACORD</button><button>MAI MULTE OPȚIUNI</button></div>",
    ),
    "Turkish": page(
        "tr",
        "Liman",
        "<div><p>Biz ve iş ortaklarımız, cihazınızda çerez gibi bilgileri saklıyor ve kişiselleştirilmiş "
        "reklamlar için kişisel verilerinizi işliyoruz. Rızanızı dilediğiniz zaman gizlilik ayarlarından geri "
        "alabilirsiniz.</p><button>Kabul Et</button><button>Reddet</button></div>",
    ),
    "Ukrainian": page(
        "uk",
        "Порт",
        "<div><p>Ми та наші партнери зберігаємо файли cookie на вашому пристрої та обробляємо персональні дані "
        "для персоналізованої реклами. Ви можете відкликати згоду будь-коли в налаштуваннях "
        "конфіденційності.</p><a role=button>Погоджуюсь</a></div>",
    ),
    "Korean": page(
        "ko",
        "항구일보",
        "<div><p>당사와 파트너는 기기에 쿠키와 같은 정보를 저장하고 맞춤형 광고를 위해 개인정보를 처리합니다. "
        "계속하려면 동의가 필요합니다.</p><p>동의는 개인정보 설정에서 언제든지 철회할 수 "
        "있습니다.</p><button>모두 동의</button></div>",
    ),
    "Chinese": page(
        "zh",
        "港口日报",
        "<div><p>我们和我们的合作伙伴会在您的设备上存储Cookie等信息，并处理个人信息，用于个性化广告。"
        "您可以随时在隐私设置中撤回您的同意。请您同意后继续阅读本站内容。感谢您的支持与理解，"
        "本站依靠广告收入维持运营。</p><button>全部接受</button><button>设置</button></div>",
    ),
    "Norwegian": page(
        "no",
        "Havna",
        "<dialog open><h2>Ditt personvern betyr mye for oss</h2><p>Vi og våre partnere bruker informasjonskapsler "
        "til å lagre informasjon på enheten din og behandler personopplysninger for å vise tilpassede "
        "annonser.</p><p>Du kan når som helst trekke samtykket tilbake.</p><form action=/c><input type=submit "
        "value='Godta alle'></form></dialog>",
    ),
    "with the author and day of a story": page(
        "en",
        "Why the pier closed",
        "<div class=gate><h1>Before you read on</h1><p>We and our partners use cookies and process personal data "
        "for personalised advertising. You can withdraw your consent in your privacy settings at any "
        "time.</p><button>Accept</button></div>",
        head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"Why the pier '
        'closed","datePublished":"2025-05-06T08:00:00Z","author":{"@type":"Person","name":"Ann '
        'Reed"},"description":"The pier is shut."}</script>',
    ),
    "with a menu and a footer": page(
        "en",
        "The Harbour Times",
        "<nav><ul><li><a href=/n>News</a><li><a href=/s>Sport</a><li><a href=/o>Opinion</a></ul></nav><div "
        "id=gate><p class=h>Your choice</p><p>We, our partners and the companies they work with want to use "
        "cookies on your device to show you personalised ads. Agree to this, or take out a subscription that is "
        "free of tracking.</p><p>If you agree, your personal data may be passed on to 120 vendors. You can change "
        "your mind in our privacy centre.</p><div class=row><span role=button>Agree</span><span "
        "role=button>Subscribe</span></div></div><footer>© 2025 Harbour Times Ltd. Registered in Kessin. All "
        "rights reserved by the company and its licensors.</footer>",
    ),
    "with the name of a button in quotes": page(
        "de",
        "Yahoo ist Teil",
        "<form method=post><h1>Yahoo ist Teil der Yahoo Markenfamilie</h1><p>Die Websites und Apps, die wir "
        "betreiben und verwalten, sind Teil der Markenfamilie. Bei der Nutzung unserer Websites und Apps "
        "verwenden wir Cookies, um unsere Websites und Apps für Sie bereitzustellen, Benutzer zu authentifizieren "
        "und Ihre Nutzung zu messen.</p><p>Wenn Sie auf „Alle akzeptieren“ klicken, verwenden wir und unsere "
        "Partner (darunter 239, die dem Transparency & Consent Framework angehören) auch personenbezogene Daten "
        "wie Ihre IP-Adresse für personalisierte Werbung und Inhalte.</p><button>Alle "
        "akzeptieren</button><button>Alle ablehnen</button></form>",
    ),
    "a list of uses": page(
        "en",
        "Before you continue",
        "<div><h1>Before you continue to Portside</h1><div>We use cookies and data to</div><ul><li>Deliver and "
        "maintain our services</li><li>Track outages and protect against spam, fraud, and abuse</li></ul><div>If "
        "you choose to “Accept all,” we will also use cookies and data to</div><ul><li>Develop and improve new "
        "services</li><li>Deliver and measure the effectiveness of ads</li><li>Show personalized content, "
        "depending on your settings</li></ul><div>If you choose to “Reject all,” we will not use cookies for "
        "these additional purposes.</div><form><button>Reject all</button></form><form><button>Accept "
        "all</button></form></div>",
    ),
    "with a subscription": page(
        "de",
        "Nachrichten",
        "<div class=page><h1>Willkommen beim Nordboten</h1><p>Nutzen Sie unser Angebot mit Werbung und Cookies: "
        "Besuchen Sie nordbote.example wie gewohnt mit Werbung und Tracking. Ihre Zustimmung ist jederzeit "
        "widerrufbar.</p><button>Akzeptieren und weiter</button><p>Pur-Abo: Nutzen Sie uns ohne Werbetracking für "
        "4,99 € im Monat. Bereits Pur-Abonnent? Hier anmelden.</p><p>Zum Geschäftsmodell gehört, dass wir und "
        "unsere Partner Cookies verwenden und Ihre Daten verarbeiten.</p></div>",
    ),
}

NO_WALLS = {
    "brief on cookies": page(
        "en",
        "Court rules on cookie banners",
        "<h1>Court rules on cookie banners</h1><p>Websites may not store advertising cookies before visitors have "
        "given their consent, the court in Harburg ruled. A banner with only one button does not amount to "
        "consent, the judges said.</p><p>The case was brought by a consumer group against a publisher whose "
        "partners had read identifiers from phones. The publisher said it would change how it asks for consent to "
        'personalised advertising.</p><div class="cc-window" role="dialog"><p>We and our partners use cookies '
        "to store information on your device and process personal data for personalised ads. You can withdraw "
        "your consent at any time.</p><button>Accept all</button><button>Reject all</button></div>",
    ),
    "opinion": page(
        "en",
        "I am tired of cookie banners",
        "<h1>I am tired of cookie banners</h1><p>Every morning I click away a dozen cookie banners. We all do. "
        "They say our privacy matters to them, and then they list eight hundred partners who want our personal "
        "data. We give our consent because we want to read, not because we agree to tracking.</p><p>A law that "
        "makes us accept cookies a hundred times a day does not protect our privacy. It protects the advertising "
        'trade. Your consent is worth nothing if you give it without reading.</p><div class="cc-window" '
        'role="dialog"><p>We and our partners use cookies to store information on your device and process '
        "personal data for personalised ads. You can withdraw your consent at any time.</p><button>Accept "
        "all</button><button>Reject all</button></div>",
    ),
    "howto": page(
        "en",
        "How to delete cookies",
        "<h1>How to delete cookies on your phone</h1><p>You can delete cookies in the settings of your browser. "
        "Open Privacy, choose your cookies, and select Clear. Your consent to advertising is reset on all sites "
        "that you visit.</p><p>We tried it with three browsers: all partners lost their identifiers, and "
        'personalised ads were gone for a day.</p><div class="cc-window" role="dialog"><p>We and our partners '
        "use cookies to store information on your device and process personal data for personalised ads. You can "
        "withdraw your consent at any time.</p><button>Accept all</button><button>Reject all</button></div>",
    ),
    "short beside": page(
        "en",
        "Pier reopens",
        "<article><h1>Pier reopens</h1><p>The pier at Kessin reopens on Saturday after two years of repairs, the "
        'harbour office said on Tuesday.</p></article><div class="cc-window" role="dialog"><p>We and our '
        "partners use cookies to store information on your device and process personal data for personalised ads. "
        "You can withdraw your consent at any time.</p><button>Accept all</button><button>Reject "
        "all</button></div>",
    ),
    "short beside div": page(
        "en",
        "Pier reopens",
        "<div><h1>Pier reopens</h1><div>The pier at Kessin reopens on Saturday after two years of repairs, the "
        "harbour office said on Tuesday. Boats to the islands will leave from it again.</div></div><div "
        'class="cc-window" role="dialog"><p>We and our partners use cookies to store information on your '
        "device and process personal data for personalised ads. You can withdraw your consent at any "
        "time.</p><button>Accept all</button><button>Reject all</button></div>",
    ),
    "policy": page(
        "en",
        "Cookie policy | Portside",
        "<h1>Cookie policy</h1><p>We use cookies to store information on your device. Our partners process "
        "personal data for personalised advertising. You may withdraw your consent at any time by changing your "
        "browser's settings.</p><p>Cookies are small files. We set cookies of our own and our advertising "
        'partners set theirs.</p><div class="cc-window" role="dialog"><p>We and our partners use cookies to '
        "store information on your device and process personal data for personalised ads. You can withdraw your "
        "consent at any time.</p><button>Accept all</button><button>Reject all</button></div>",
    ),
    "policy de": page(
        "de",
        "Datenschutzerklärung",
        "<h1>Datenschutzerklärung</h1><p>Wir verarbeiten Ihre Daten nach der Datenschutz-Grundverordnung. Ihre "
        "Einwilligung können Sie jederzeit widerrufen. Unsere Partner verarbeiten personenbezogene Daten in "
        "unserem Auftrag.</p><a>Alle akzeptieren</a>",
    ),
    "statement": page(
        "en",
        "Publisher on data leak",
        "<h1>Publisher apologises</h1><p>“We are sorry that our partners saw your personal data without your "
        "consent,” the publisher wrote to its readers on Monday. “We have told the privacy "
        "authority.”</p><p>The leak concerned identifiers and advertising profiles of 40,000 readers. Personal "
        "data such as names was among it, the publisher said, and privacy groups asked for a fine.</p><div "
        'class="cc-window" role="dialog"><p>We and our partners use cookies to store information on your '
        "device and process personal data for personalised ads. You can withdraw your consent at any "
        "time.</p><button>Accept all</button><button>Reject all</button></div>",
    ),
    "fr": page(
        "fr",
        "La CNIL sanctionne",
        "<h1>La CNIL sanctionne un éditeur pour ses cookies</h1><p>La CNIL a infligé une amende de 3 millions "
        "d'euros à un éditeur dont le site déposait des cookies publicitaires sans le consentement des "
        "internautes. Refuser les traceurs était plus difficile que de les accepter.</p><p>L'éditeur, dont les "
        "partenaires avaient accès aux données, a annoncé un recours.</p><div><p>Nous et nos partenaires "
        "utilisons des cookies.</p><button>Tout accepter</button></div>",
    ),
    "letter": page(
        "en",
        "A note to readers about privacy",
        "<h1>A note to our readers about advertising</h1><p>Dear readers, from May we will show fewer ads. We "
        "have ended our contracts with two advertising partners, and we no longer pass on your personal data to "
        "them. Your consent from before ends with them.</p><p>The newsroom will be paid for by subscriptions and "
        'by the lottery. The shop on Market Street stays open.</p><div class="cc-window" role="dialog"><p>We '
        "and our partners use cookies to store information on your device and process personal data for "
        "personalised ads. You can withdraw your consent at any time.</p><button>Accept "
        "all</button><button>Reject all</button></div>",
    ),
}


def read(text: str) -> tuple[Outcome, str]:
    found = extract(Page("https://www.example.org/2025/05/06/pier", text.encode(), "utf-8", "text/html"))
    return found.outcome, found.article.text if found.article else ""


@pytest.mark.parametrize("name", WALLS)
def test_a_page_that_asks_for_consent_and_shows_nothing_else_is_a_wall(name: str) -> None:
    assert read(WALLS[name]) == (Outcome.CONSENT, "")


@pytest.mark.parametrize("name", NO_WALLS)
def test_an_article_on_the_matter_or_with_a_notice_beside_it_is_no_wall(name: str) -> None:
    outcome, text = read(NO_WALLS[name])
    assert outcome is Outcome.OK
    assert len(text) > 100


@pytest.mark.parametrize("name", WALLS)
def test_a_notice_with_a_story_behind_it_is_no_wall(name: str) -> None:
    story = "The harbour board closed the old pier on Tuesday, after a storm had broken two of its beams. "
    behind = f"<div><h2>Pier closed</h2><p>{story * 3}</p></div></body>"
    assert read(WALLS[name].replace("</body>", behind))[0] is Outcome.OK


@pytest.mark.parametrize(
    ("lang", "said", "button"),
    [
        ("en", "We use cookies. Do you agree?", "Accept"),
        ("de", "Wir verwenden Cookies. Stimmen Sie zu?", "Zustimmen"),
        ("fr", "Nous utilisons des cookies.", "Tout accepter"),
        ("es", "Usamos cookies propias y de terceros.", "Aceptar"),
        ("it", "Questo sito utilizza cookie. Usiamo i tuoi dati.", "Accetta"),
        ("pl", "Używamy plików cookie na naszej stronie.", "Zgadzam się"),
        ("ja", "当サイトはクッキーを使用します。同意しますか。", "同意する"),
    ],
)
def test_a_wall_of_a_line_is_one(lang: str, said: str, button: str) -> None:
    assert read(page(lang, "Bay", f"<div><p>{said}</p><button>{button}</button></div>"))[0] is Outcome.CONSENT


def test_a_line_with_a_button_is_no_wall() -> None:
    body = "<p>The ferry is late today because of fog on the bay.</p><button>OK</button>"
    assert read(page("en", "Bay", body))[0] is Outcome.TOO_SHORT


@pytest.mark.parametrize("paragraphs", [1, 9])
def test_a_notice_in_a_main_element_of_its_own_is_no_part_of_the_story(paragraphs: int) -> None:
    asked = "We and our {} partners store information on your device, such as cookies, to show you advertising."
    notice = "".join(f"<p>{asked.format(number)}</p>" for number in range(20, 20 + paragraphs))
    told = "The harbour board decided on Tuesday to stop the ferry across the bay at the end of month number {}."
    story = "".join(f"<p>{told.format(number)}</p>" for number in range(4))
    body = f"<main>{notice}<button>Accept all</button></main><main><article><h1>Ferry</h1>{story}</article></main>"
    text = page("en", "Ferry", body)
    found = extract(Page("https://www.example.org/a/b", text.encode(), "utf-8", "text/html"))
    assert found.article is not None
    assert found.article.text.split("\n") == [told.format(number) for number in range(4)]
