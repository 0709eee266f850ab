"""Whom a credit names: people and agencies under one name each, without the words round them.

Where two credits differ, what matters is whether they contradict each other. `agree` holds the rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import groupby

# Credits are a line; what is longer are terms of use, of which the beginning names the owner.
MAX_CREDIT_CHARACTERS = 1_000

# Agencies with photographers of their own, who also pass on what others made. The first name is the one kept.
_WIRES = """
ap|Associated Press|AP Newsroom|apimages.com|APTN
afp|Agence France-Presse|Agence France Presse|AFP Forum|AFPTV|afp.com
reuters|Thomson Reuters|Reuters Connect|Reuters Pictures|reuters.com|Рейтер|ロイター|路透|路透社|로이터
epa|European Pressphoto Agency
efe|Agencia EFE|EFE Agencia
dpa|Deutsche Presse-Agentur|dpa-infocom|dpa-Zentralbild
pa|Press Association|PA Media|PA Wire
aap|Australian Associated Press
cp|Canadian Press|La Presse Canadienne
upi|United Press International
ansa|Agenzia ANSA
apa|Austria Presse Agentur|APA-PictureDesk|apa picturedesk
anp|Algemeen Nederlands Persbureau
belga|Belga News Agency
keystone|Keystone-SDA|keystone sda
lapresse
tt|TT Nyhetsbyrån|TT News Agency
ntb|NTB Scanpix|Norsk Telegrambyrå
ritzau|Ritzau Scanpix
lehtikuva|STT-Lehtikuva|stt lehtikuva
pap|Polska Agencja Prasowa
ctk|ČTK
mti|MTI Fotó
agerpres
lusa|Agência Lusa
europa press
unian|УНИАН
ukrinform|Укринформ|Укрінформ
tass|ITAR-TASS|ТАСС
ria novosti|РИА Новости|RIA
sputnik|Sputnik News
interfax|Интерфакс
anadolu|Anadolu Agency|Anadolu Ajansı|AA
xinhua|Xinhua News Agency|新华社|新華社|新华|新華
china news service|中新社
kyodo|Kyodo News|Kyodo News Service|共同|共同通信|共同通信社|교도통신
jiji|Jiji Press|時事|時事通信|時事通信社
yonhap|Yonhap News|Yonhap News Agency|연합뉴스|연합|聯合ニュース|聯合
newsis|뉴시스
news1|뉴스1
cna|Central News Agency|中央社
vna|Vietnam News Agency|TTXVN
pti|Press Trust of India
ani|Asian News International
ians
antara|Antara Foto
bernama
irna|Islamic Republic News Agency
sana|Syrian Arab News Agency
wafa
agencia brasil
bloomberg|Bloomberg News
nurphoto
sipa|SIPA Press|SIPA USA
magnum|Magnum Photos
vii|VII Photo
abaca|Abacapress
maxppp
invision
splash|Splash News
backgrid
usa today sports|USA TODAY Sports Images|Imagn|Imagn Images
"""

# Who makes pictures for others to print: where a wire stands beside them, the wire only passed them on.
_SOURCES = """
kcna|Korean Central News Agency|朝鮮中央通信|朝鲜中央通讯社|朝中社|조선중앙통신|ЦТАК
rodong sinmun|로동신문|노동신문
nasa|National Aeronautics and Space Administration
esa|European Space Agency
noaa|National Oceanic and Atmospheric Administration
spacex
roscosmos|Роскосмос
cdc|Centers for Disease Control and Prevention
white house
us navy
us army
us air force
us marine corps
"""

# Shops, libraries and platforms: they sell or show what others made.
_SELLERS = """
getty images|Getty|GettyImages|gettyimages.com|Getty Images Europe|Getty Images North America|Getty Images AsiaPac
wireimage
filmmagic
istock|iStockphoto|iStock by Getty Images
shutterstock|shutterstock.com
rex|Rex Features
alamy|Alamy Stock Photo|Alamy Live News
adobe stock|AdobeStock|stock.adobe.com|Fotolia|Fotolia.com
corbis
zuma|ZUMA Press|ZUMA Wire|ZUMAPRESS.com|zumapress
imago|Imago Images|imago stock
picture alliance|picture-alliance
kns|Korea News Service|朝鮮通信
scanpix
depositphotos
dreamstime
123rf
unsplash|unsplash.com
pexels|pexels.com
pixabay|pixabay.com
flickr|flickr.com
wikimedia|Wikimedia Commons|Wikipedia|Wikipedia Commons
facebook
instagram
twitter|X.com|Twitter.com
youtube
telegram
tiktok
polaris|Polaris Images
redux|Redux Pictures
barcroft|Barcroft Media|Barcroft Images
bridgeman|Bridgeman Images|Bridgeman Art Library
"""

# In a caption a credit stands in the last line, and begins at one of its last marks.
MAX_TAIL_CHARACTERS = 160
MAX_TAIL_MARKS = 8

# What a credit says of how a picture came, and whose job it was, but not who they are.
_NOISE = frozenset(
    """
    the photo photos photograph photographs photography photographer photographers picture pictures pic pics
    image images illustration illustrations graphic composite collage montage fotomontage screenshot screengrab video
    still credit credits line source sources courtesy copyright copyrights mandatory handout file pool archive archives
    stringer str stf staff contributor contributed freelance wire provided supplied submitted special to by of from via
    rights reserved all and others other unknown author creator owner caption inc ltd llc gmbh sgt
    foto fotos fotograf fotografin fotografen bild bilder bildquelle bildnachweis fotocredit fotoquelle archivbild
    archivfoto archiv symbolbild symbolfoto titelbild beitragsbild quelle rechte privat zvg nachweis
    credito creditos fotografo fotografa fotografia imagen imagenes imagem archivo arquivo cortesia cedida divulgacao
    reproducao fonte fuente immagine immagini
    photographie photographe par archivio droits reserves dr
    beeld kuva valokuva zdjecie zdjecia fot fotografi fotograaf fotografie fotograf sursa
    фото фотография фотографія архив источник джерело снимка φωτο φωτογραφια صورة تصوير عکس
    写真 写真提供 提供 撮影 画像 사진 사진제공 제공 图片 图片来源 图源 圖片 摄影 ảnh
    """.split()
)
# After "Foto" they lead to a name; elsewhere they belong to one, as in "von Trier".
_LEADING = frozenset("de da di del von van por per av af od do".split())

_NOT_NAMES = re.compile(
    r"(?i)[©ⓒ®™℗]|\(c\)|&copy;|\b(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?\b|\ball rights reserved\b"
    r"|\balle rechte vorbehalten\b|\btous droits r[ée]serv[ée]s\b|\btodos los derechos reservados\b"
    r"|\bpublic domain\b|\bcreative commons\b|\bcc(?:0|[ -](?:by|zero)(?:[ -](?:sa|nc|nd))*(?:[ -]?\d\.\d)?)\b"
)
_TERMS = re.compile(
    r"(?i)\bthis (?:material|photo|image|picture|content)\b|\bmay not\b|\beditorial use\b|\bnot for\b"
    r"|\bno (?:sales|resale|archives?|use|reproduction)\b|\bwithout (?:prior |written )*permission\b"
)
_ADDRESS = re.compile(r"(?i)\b(?:https?://)(?:www\.)?([^\s/|]+)\S*|\bwww\.")
_PASSED_ON = re.compile(r"(?i)(?<!\w)(?:via|vía|through|über)(?!\w)")
_JOINTS = re.compile(r"[/|;•·=:()\[\]{}<>\n\"“”„«»—]|\s[-–]+\s")
_LOOSE_JOINTS = re.compile(r"(?i)[,、&+]|\s(?:and|und|et|y|og|och|for|für|pour|para|by|par|from)\s")
_MARKS = re.compile(r"[\u0300-\u036f]")
_INITIAL = re.compile(r"(?<!\w)([^\W\d_])\.")
# `Jane Doe/Shutterstock (123456a)`
_NUMBER = re.compile(r"\d{4,}[a-z]?")
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "æ": "ae", "Æ": "ae", "œ": "oe"}
    | dict.fromkeys("'’‘`´ʼ")
    | dict.fromkeys("-_", " ")
)

_LABEL = (
    r"(?:photos?|photographs?|pictures?|images?|fotos?|bild|cr[ée]dit[os]?|source|quelle|фото|fotó|zdjęcie)"
)
_LABEL += r"(?: credits?)?(?:\s*[:=]|\s+(?:by|courtesy(?: of)?)\b)|©"
_LABELLED = re.compile(_LABEL, re.IGNORECASE)
_MARK = re.compile(rf"[(\[（【]\s*|[.!?…。][\"”»’')]*\s*|\s[|•·–—-]+\s+|\|\s*|\s(?={_LABEL})", re.IGNORECASE)
_ENCLOSED = re.compile(r"[^()\[\]（）【】]*[)\]）】][\s.]*")


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a credit names. `channels` are those of `parties` who only passed the picture on."""

    parties: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


def credit_parties(text: str) -> frozenset[str]:
    """The people and agencies that a credit names, each under one name; empty where it names nobody.

    >>> sorted(credit_parties("Photo: JANE  DOE/The Associated Press"))
    ['ap', 'jane doe']
    >>> credit_parties("KCNA via REUTERS") == credit_parties("Korean Central News Agency/Reuters")
    True
    >>> credit_parties("File photo")
    frozenset()
    """
    return parse_credit(text).parties


def agree(one: Named, other: Named) -> bool:
    """Whether credits that name these do not contradict each other.

    They agree where one only leaves out whom the other names: its photographer, its agency or whoever passed the
    picture on. A credit that names nobody contradicts none.
    Where each names somebody whom the other does not, they agree only if both name the same maker, and what one of
    them adds are mere channels: one picture, sold in two shops. A channel is whoever stands behind "via", a picture
    library, or a wire beside a source such as KCNA. Sharing no more than a channel is not agreement.

    >>> kcna = parse_credit("KCNA")
    >>> agree(kcna, parse_credit("KCNA via REUTERS")), agree(kcna, parse_credit("REUTERS"))
    (True, False)
    """
    shared = one.parties & other.parties
    rest, other_rest = one.parties - shared, other.parties - shared
    if not rest or not other_rest:
        return True
    makers = shared - one.channels - other.channels
    return bool(makers) and (rest <= one.channels or other_rest <= other.channels)


def parse_credit(text: str) -> Named:
    """Whom a credit names, and who of them only passed the picture on.

    >>> sorted(parse_credit("STR/KCNA via KNS/AFP via Getty Images").channels)
    ['afp', 'getty images', 'kns']
    """
    line = _line(text)
    first, *later = _PASSED_ON.split(line)
    makers = frozenset(_parties(first))
    passed_on = frozenset(party for part in later for party in _parties(part))
    return _with_channels(makers | passed_on, passed_on - makers)


def combine_named(several: Iterable[Named]) -> Named:
    """Whom several fields of one file name together, such as the byline a photographer and the credit an agency."""
    fields = tuple(several)
    parties = frozenset[str]().union(*(one.parties for one in fields))
    makers = frozenset[str]().union(*(one.parties - one.channels for one in fields))
    return _with_channels(parties, parties - makers)


def is_agency(party: str) -> bool:
    """Whether a party is an agency, a source or a library that is known by name."""
    return party in AGENCIES


def is_maker(party: str) -> bool:
    """Whether a party may have made the picture itself: a source, or a name that no agency is known by."""
    return party in SOURCES or party not in AGENCIES


def without_credit(caption: str, credit: str, known: Set[str]) -> str:
    """A caption without the credit it holds: `credit` in brackets or behind a label, and any at the end.

    What ends a caption is a credit if all it names are agencies or among `known`, or if it is labelled and in brackets.

    >>> without_credit("Kim inspects a unit. (Photo: Jane Doe/AP)", "", frozenset())
    'Kim inspects a unit.'
    >>> without_credit("He works for NASA", "NASA", {"nasa"})
    'He works for NASA'
    """
    if credit and credit.casefold() in caption.casefold():
        name = re.escape(credit)
        caption = re.sub(
            rf"(?i)[(\[（【]\s*(?:(?:{_LABEL})\s*)?{name}\s*[)\]）】]|(?<!\w)(?:{_LABEL})\s*{name}(?!\w)",
            " ",
            caption,
        ).strip()
    before, tail = caption[:-MAX_TAIL_CHARACTERS], caption[-MAX_TAIL_CHARACTERS:]
    ends = [found.end() for found in _MARK.finditer(tail)][-MAX_TAIL_MARKS:]
    for end in ends if before else [0, *ends]:
        parties = credit_parties(tail[end:])
        # Words such as "this photo" would end a credit; in a caption they belong to a sentence.
        if not parties or _TERMS.search(tail, end):
            continue
        is_bracket = tail[:end].rstrip().endswith(("(", "[", "（", "【")) and _ENCLOSED.fullmatch(tail, end)
        is_known = all(party in known or is_agency(party) for party in parties)
        if is_known or (is_bracket and _LABELLED.match(tail, end)):
            return (before + tail[:end]).rstrip(" ([（【|•·–—-")
    return caption


def _with_channels(parties: frozenset[str], passed_on: frozenset[str]) -> Named:
    channels = passed_on | (parties & SELLERS)
    return Named(parties, channels | (parties & WIRES) if parties & SOURCES else channels)


def _line(text: str) -> str:
    """The credit without signs, years, licences and terms."""
    line = _ADDRESS.sub(r" \1 ", text[:MAX_CREDIT_CHARACTERS].replace("&amp;", "&"))
    line = unicodedata.normalize("NFKC", _NOT_NAMES.sub(" / ", line))
    terms = _TERMS.search(line)
    return line[: terms.start()] if terms else line


def _parties(text: str) -> Iterator[str]:
    for piece in _JOINTS.split(text):
        # As a whole first: some names have an "and", a comma or a hyphen of their own.
        if (name := _name(piece)) in _KNOWN:
            yield _KNOWN[name]
            continue
        for part in _LOOSE_JOINTS.split(piece):
            yield from _party(part)


def _party(text: str) -> Iterator[str]:
    """The party of a text without joints, or the two of `EPA-EFE`, `AFP PHOTO JANE DOE`, `Jane Doe AP`."""
    name = _name(text)
    parts = [_name(part) for part in text.split("-")]
    if name in _KNOWN:
        yield _KNOWN[name]
    elif all(part in _KNOWN or not part for part in parts):
        yield from (_KNOWN[part] for part in parts if part)
    elif found := _SIGNED.fullmatch(name):
        yield _KNOWN[found["head"] or found["tail"]]
        # Of "AP photo de" no name is left.
        yield from filter(None, [_name(found["rest"] or found["start"])])
    else:
        yield name


def _name(text: str) -> str:
    """A name folded: letters only, small, without accents, dots of initials, and words that name nobody."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    plain = _INITIAL.sub(r"\1 ", unicodedata.normalize("NFC", _MARKS.sub("", plain)))
    words = (word.strip(".,;:!?@#*…–。") for word in plain.split())
    # `J. R. Doe`, `J.R. Doe` and `JR Doe` are one.
    runs = groupby((word for word in words if word), key=_is_initial)
    joined = (["".join(run)] if initials else run for initials, run in runs)
    return " ".join(_strip_noise([word for run in joined for word in run]))


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isascii() and word.isalpha()


def _strip_noise(words: list[str]) -> list[str]:
    start, end = 0, len(words)
    while end and (words[end - 1] in _NOISE or _NUMBER.fullmatch(words[end - 1])):
        end -= 1
    while start < end and (words[start] in _NOISE or (start and words[start] in _LEADING)):
        start += 1
    rest = words[start:end]
    # `n/a`, `***`
    is_name = any(letter.isalnum() for word in rest for letter in word) and not all(map(_is_initial, rest))
    return rest if is_name else []


def _table(lines: str) -> dict[str, str]:
    """Each folded name of each line, and the first name of its line."""
    rows = [line.split("|") for line in lines.strip().splitlines()]
    return {_name(name): row[0] for row in rows for name in row}


_KNOWN = _table(_WIRES) | _table(_SOURCES) | _table(_SELLERS)
WIRES = frozenset(_table(_WIRES).values())
SOURCES = frozenset(_table(_SOURCES).values())
SELLERS = frozenset(_table(_SELLERS).values())
AGENCIES = WIRES | SOURCES | SELLERS

# Names that no person bears, so that they are known beside a person's without any joint.
_SIGNATURES = (
    "associated press|getty|reuters|afp|ap|epa|efe|dpa|kcna|xinhua|tass|yonhap|upi|nurphoto|shutterstock"
)
_SIGNED = re.compile(
    rf"(?P<head>{_SIGNATURES}) (?:images )?(?P<rest>\S+ \S.*)|(?P<start>\S+ \S.*) (?P<tail>{_SIGNATURES})"
)
