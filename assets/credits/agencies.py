"""Agencies, sources, picture libraries and platforms, as they sign.

A row is one of them: what it is compared by, where that is not the name itself, then the name that is kept, then what
else it is called. Names of two writings with one key are one party under two names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assets.credits.folding import fold_name

# Agencies with photographers of their own, who also pass on what others made.
_WIRES = """
AP|Associated Press|The Associated Press|AP Photo|AP Photos|AP Images|AP Newsroom|apimages.com|APTN|The AP|A.P.
AFP|Agence France-Presse|Agence France Presse|AFP Forum|AFP Photo|AFPTV|afp.com|法新社|法新|एएफपी|أ ف ب|フランス通信|АФП
AFP|أ.ف.ب|فرانس برس|AFP時事
AP|एपी|אי-פי
Reuters|Thomson Reuters|Reuters Connect|Reuters Pictures|reuters.com|Рейтер|Reuters/Files
Reuters|ロイター|路透|路透社|로이터|رويترز|रॉयटर्स|רויטרס|Рейтерс
epa=EPA|EPA-EFE|EPA/EFE|epa-efe|European Pressphoto Agency|EPA Images
EFE|Agencia EFE|EFE Agencia
dpa|DPA|Deutsche Presse-Agentur|dpa-infocom|dpa-infografik|dpa-Zentralbild|DPA Images|dpa images|德新社
dpa=dpa-Bildfunk|dpa/Bildfunk
ddp|ddp images|dapd
epd|epd-bild|epd bild
KNA|KNA-Bild
PA|PA Media|PA Wire|PA Images|Press Association|PA Archive|PA Graphics
AAP|AAP Image|Australian Associated Press
cp=The Canadian Press|Canadian Press|CP|La Presse Canadienne|CP Images
UPI|United Press International
ANSA|Agenzia ANSA|ANSA Foto|Ansa
AGI
LaPresse|La Presse Italia
APA|Austria Presse Agentur|APA-PictureDesk|apa picturedesk|APA-Images
ANP|Algemeen Nederlands Persbureau|ANP Foto
Belga|BELGA|Belga News Agency|Belgaimage|Belga Image
Keystone|KEYSTONE|Keystone-SDA|keystone sda|KEYSTONE-SDA|Keystone/SDA
TT|TT Nyhetsbyrån|TT News Agency|TT-bild
NTB|NTB Scanpix|Norsk Telegrambyrå|NTBscanpix
Ritzau|Ritzau Foto
ritzau=Ritzau Scanpix
Lehtikuva|STT-Lehtikuva|stt lehtikuva|STT|LEHTIKUVA
PAP|Polska Agencja Prasowa
ctk=ČTK|CTK|ČTK Photo
TASR
SITA
MTI|MTI Fotó|MTVA
Agerpres|AGERPRES|Mediafax|Inquam Photos
BTA|БТА
БГНЕС|BGNES
Tanjug|Танјуг|Tanjug/AP
Hina|HINA
Pixsell|PIXSELL
Cropix|CROPIX
STA|Bobo|BOBO
ELTA
BNS
LETA
Lusa|Agência Lusa
Europa Press
ACN
UNIAN|УНИАН|УНІАН
Ukrinform|Укринформ|Укрінформ
TASS|ITAR-TASS|ТАСС
ria novosti=РИА Новости|RIA Novosti|RIA|РИА «Новости»
Sputnik|Sputnik News|Спутник
interfax=Интерфакс|Interfax
Anadolu|Anadolu Agency|Anadolu Ajansı|Anadolu Images|AA|الأناضول|وكالة الأناضول
DHA|Demirören Haber Ajansı
İHA|IHA|İhlas Haber Ajansı
Xinhua|Xinhua News Agency|新华社|新華社|新华|新華|新华网|新華網
中新社|China News Service|CNS|中国新闻社|中新网|中新社记者
视觉中国|視覚中国|VCG|Visual China Group
东方IC|東方IC|IC photo
中央社|CNA|Central News Agency
Kyodo|Kyodo News|Kyodo News Service|共同|共同通信|共同通信社|교도통신|共同社
Jiji|Jiji Press|時事|時事通信|時事通信社|时事社
Yonhap|Yonhap News|Yonhap News Agency|연합뉴스|연합|聯合ニュース|聯合|韩联社|韓聯社
Newsis|뉴시스
News1|뉴스1
vna=TTXVN|VNA|Vietnam News Agency
PTI|Press Trust of India|PTI Photo|पीटीआई
ANI|Asian News International|एएनआई
IANS|आईएएनएस
UNI
Antara|Antara Foto|ANTARA FOTO
Bernama|BERNAMA
IRNA|Islamic Republic News Agency|ایرنا
ISNA|ایسنا
SANA|Syrian Arab News Agency|سانا
WAFA|وفا
MAP
TAP
APS
SPA|Saudi Press Agency
Agência Brasil|Agencia Brasil
Folhapress|FolhaPress
Agencia Uno|Agencia UNO|AGENCIA UNO
Colprensa|COLPRENSA
Global Imagens|GLOBAL IMAGENS
Estadão Conteúdo
Agência O Globo
Télam|Telam
Cuartoscuro
NA|Noticias Argentinas
GCIS
ANA|African News Agency (ANA)|African News Agency
Gallo Images
Bloomberg|Bloomberg News
NurPhoto
sipa=Sipa|SIPA Press|SIPA USA|Sipa US
Magnum|Magnum Photos
VII|VII Photo
Abaca|Abacapress|ABACAPRESS|Abaca Press
MAXPPP|Maxppp
Hans Lucas
Divergence
Agence VU
Cosmos
laif|LAIF
Ostkreuz|OSTKREUZ
dts|dts Nachrichtenagentur
action press|ActionPress
Invision
Splash|Splash News
Backgrid|BACKGRID
USA TODAY Sports|USA TODAY Sports Images|USA TODAY NETWORK
usa today sports=Imagn|Imagn Images|IMAGN IMAGES
Icon Sportswire|Icon Sport
Bestimage|BestImage|BESTIMAGE
Imagoeconomica|IMAGOECONOMICA
Agencja Wyborcza|Agencja Wyborcza.pl|Agencja Gazeta
All Over Press|AOP
Scanpix Baltics
SWNS
Camera Press
WENN
TNS|Tribune News Service
Intime News|INTIME NEWS|INTIME
Panoramic
Postmedia
Eyepress|EYEPRESS
Eurokinissi|EUROKINISSI
ΑΠΕ-ΜΠΕ|ΑΠΕ ΜΠΕ
Profimedia
Matrix Images
"""

# Who makes pictures for others to print: where a wire stands beside them, the wire only passed them on.
_SOURCES = """
KCNA|Korean Central News Agency|朝鮮中央通信|朝鲜中央通讯社|朝中社|조선중앙통신|ЦТАК
Rodong Sinmun|로동신문|노동신문
NASA|National Aeronautics and Space Administration
ESA|European Space Agency
NOAA|National Oceanic and Atmospheric Administration
SpaceX
Roscosmos|Роскосмос
CDC|Centers for Disease Control and Prevention
White House
US Navy
US Army
US Air Force
US Marine Corps
"""

# Shops, libraries and platforms: they sell or show what others made.
_SELLERS = """
Getty Images|Getty|GettyImages|gettyimages.com|Getty Images Europe|Getty Images North America|Getty Image
Getty Images|Getty Images AsiaPac|게티이미지|게티이미지뱅크|게티이미지코리아|ゲッティ
WireImage
FilmMagic
iStock|iStock by Getty Images
istock=iStockphoto|iStockPhoto
Shutterstock|shutterstock.com|Shutterstock.com|셔터스톡
Rex|Rex Features|REX
Alamy|Alamy Stock Photo|Alamy Stock|Alamy Live News
Adobe Stock|AdobeStock|stock.adobe.com|Fotolia|Fotolia.com
Corbis
ZUMA|ZUMA Press|ZUMA Wire|ZUMAPRESS.com|zumapress|Zuma Press|Zuma
imago|IMAGO|Imago Images|imago stock|imago images|IMAGO Images|Imago|imago sportfotodienst
picture alliance|picture-alliance|Picture Alliance|Picture-Alliance
KNS|Korea News Service|朝鮮通信
Scanpix
Mauritius Images|mauritius images
PIXTA|ピクスタ
Aflo|アフロ
アマナイメージズ|amanaimages
East News|EAST NEWS|Eastnews
Depositphotos|depositphotos.com
Dreamstime
123RF
Unsplash|unsplash.com
Pexels|pexels.com
Pixabay|pixabay.com
Freepik
Midjourney
Flickr|flickr.com
Wikimedia|Wikimedia Commons|Wikipedia|Wikipedia Commons
Facebook
Instagram
Twitter|X.com|Twitter.com
YouTube
Telegram
TikTok
Google Maps|Google Earth|Google Street View
Polaris|Polaris Images
Redux|Redux Pictures
Barcroft|Barcroft Media|Barcroft Images
Bridgeman|Bridgeman Images|Bridgeman Art Library
"""

# What these are called alone is as often a place, a party, a thing or an abbreviation explained. With a name beside
# them, or behind a label, they sign.
_AMBIGUOUS = frozenset(
    """
    aa cp tt nasa esa cna ani pti apa anp cns kns agi rex polaris belga sputnik bloomberg keystone redux corbis flickr
    imago uni map tap aps spa na ana sta sita acn gcis stt hina bobo cdc noaa spacex roscosmos iha dha bta
    aop tns wenn intime
    cosmos divergence splash abaca magnum vii ria facebook instagram twitter youtube telegram tiktok wikimedia
    wikipedia scanpix postmedia invision leta sana wafa irna isna panoramic x.com whitehouse hans matrix epd kna ddp
    """.split()
)
# Nobody signs with these alone; they are what a picture shows.
_NEVER_ALONE = frozenset(
    "White House|US Navy|US Army|US Air Force|US Marine Corps|Rodong Sinmun|Google Maps|Google Earth|Midjourney".split(
        "|"
    )
)
# Of these it is known that no person bears them, so that they are read beside a name without a joint between.
SIGNATURES = (
    "associated press|getty|reuters|afp|ap|epa|efe|dpa|kcna|xinhua|tass|yonhap|upi|nurphoto|shutterstock"
)


@dataclass(frozen=True, slots=True)
class Agency:
    """One that signs pictures: the key it is compared by, and the name it is called by."""

    key: str
    name: str


def _rows(table: str) -> Iterator[tuple[Agency, list[str]]]:
    for line in table.strip().splitlines():
        key, has_key, names = line.partition("=")
        called = (names if has_key else line).split("|")
        yield Agency(key if has_key else called[0].casefold(), called[0]), called


def _index(table: str) -> dict[str, Agency]:
    """Each folded name of a table's agencies, and whose it is."""
    return {fold_name(name): agency for agency, names in _rows(table) for name in names if fold_name(name)}


def _writings(table: str) -> Iterator[str]:
    """How the agencies of a table are written where nothing but its writing tells a name from other words."""
    for _, names in _rows(table):
        for name in names:
            yield name
            yield name.upper()
            yield from (f"{name.upper()} {added}" for added in ("PHOTO", "PHOTOS", "IMAGES"))
            yield from (f"{name} {added}" for added in ("Photo", "Photos", "Images", "images"))


_WIRES_BY_NAME, _SOURCES_BY_NAME, _SELLERS_BY_NAME = map(_index, (_WIRES, _SOURCES, _SELLERS))
_BY_NAME = _WIRES_BY_NAME | _SOURCES_BY_NAME | _SELLERS_BY_NAME
_WRITTEN = frozenset(
    writing for table in (_WIRES, _SOURCES, _SELLERS) for writing in _writings(table)
) - frozenset(_NEVER_ALONE)

WIRES = frozenset(agency.key for agency in _WIRES_BY_NAME.values())
SOURCES = frozenset(agency.key for agency in _SOURCES_BY_NAME.values())
SELLERS = frozenset(agency.key for agency in _SELLERS_BY_NAME.values())
AGENCIES = WIRES | SOURCES | SELLERS


def find_agency(text: str) -> Agency | None:
    """The agency of this name, however it is written; None where none is called so.

    >>> find_agency("THE ASSOCIATED PRESS").name, find_agency("Jane Doe")
    ('AP', None)
    """
    if text in _EXACT:
        return _EXACT[text]
    return _BY_NAME.get(fold_name(text))


def is_signature(text: str) -> bool:
    """Whether a text is an agency's name written as agencies sign, which tells it from other words.

    >>> is_signature("REUTERS"), is_signature("dpa"), is_signature("reuters"), is_signature("dpa-Bildfunk")
    (True, True, False, True)
    """
    return text in _WRITTEN


def is_ambiguous(text: str) -> bool:
    """Whether an agency's name alone is as often something else."""
    return "".join(text.casefold().split()) in _AMBIGUOUS


# Two names with one folding keep apart what they are called: `dpa-Bildfunk`.
_EXACT = {
    name: agency for table in (_WIRES, _SOURCES, _SELLERS) for agency, names in _rows(table) for name in names
}
