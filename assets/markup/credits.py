"""The credit that stands in a caption, in the forms that agencies and newsrooms write.

Only known forms count, and what follows them must look like names: a wrong credit costs a desk more than none.
The caption is evidence and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What stands before a credit and a colon, by language.
LABELS = "|".join(
    (
        # English
        r"(?:file |handout |stock |main |cover |header |lead )?(?:photo|picture|pic|image|photograph|photography)s?"
        r"(?: ?/ ?illustration)?(?: (?:credits?|source|courtesy(?: of)?|copyright|by|from))?",
        r"photographers?|(?:image |photo )?credits?(?: line)?|courtesy(?: of)?",
        # German, Dutch, Nordic
        r"(?:symbol|archiv|titel|beitrags|vorschau|teaser)?-?(?:foto|bild)"
        r"(?:s|er|quelle|nachweis|rechte|credits?)?(?: ?/ ?(?:foto|grafik))?",
        r"fotograf(?:in|ie|i|er)?|beeld|billede|kuva|valokuva|mynd|lj[oó]smynd|arkiv(?:foto|bilde)",
        # Romance
        r"cr[ée]dits?(?: (?:photo|image|photographique)s?)?|photo d['’]archives?",
        r"cr[ée]ditos?(?: (?:da|de|la|foto|fotos|imagen|imagem))*",
        r"(?:foto(?:graf[ií]a)?s?|imagen|imagem|immagine|im[áa]genes|imatge)"
        r"(?: (?:de archivo|de arquivo|archivo|arquivo|de|di|por|cortes[ií]a))?",
        r"cortes[ií]a|divulga[çc][ãa]o|reprodu[çc][ãa]o|sursa foto|sursă foto",
        # Slavic, Hungarian
        r"zdj(?:ęcie|ęcia|\.)|fot\.|fotó|фото|фотография|фотографія|фотографија|снимка|снимки"
        r"|источник фото|джерело фото",
        # Turkish, Greek, Arabic, Persian, Hebrew, Hindi
        r"foto[ğg]raf(?:lar)?|φωτ[οό](?:γραφία)?|صورة|الصورة|تصوير|عکس|צילום|फोटो|तस्वीर",
        # Japanese, Korean, Chinese, Vietnamese, Indonesian
        r"写真(?:提供)?|撮影|画像(?:提供)?|提供|사진(?: ?제공)?|제공|图片来源|图源|图片|摄影?|圖片來源|圖片|攝影?",
        r"ảnh|hình ảnh|dok\.|dokumentasi",
    )
)

# Agencies and stock houses as they sign.
AGENCY = re.compile(
    r"(?<!\w)(?:AP(?: Photo| Images)?|AFP|AFPTV|Reuters|REUTERS|EPA(?:[-/]EFE)?|EFE|KCNA|KNS|Xinhua|XINHUA|TASS"
    r"|DPA|dpa|ANSA|AGI|LaPresse|AAP|PA (?:Wire|Media|Images)|CP|The Canadian Press|THE CANADIAN PRESS"
    r"|USA TODAY Sports|Getty(?: [Ii]mages?)?|GETTY(?: IMAGES)?|Shutterstock|SHUTTERSTOCK|Alamy(?: Stock Photo)?"
    r"|IMAGO|[Ii]mago(?: images)?|[Pp]icture[ -][Aa]lliance|PICTURE ALLIANCE|Bloomberg|Anadolu(?: Agency)?|AA"
    r"|Kyodo(?: News)?|Jiji(?: Press)?|Yonhap|YONHAP|NurPhoto|NURPHOTO|Z[Uu][Mm][Aa](?: Press)?|KEYSTONE|Keystone"
    r"|Europa Press|EUROPA PRESS|S[Ii][Pp][Aa](?: USA| Press)?|MAXPPP|Maxppp|Belga|BELGA|ANP|APA"
    r"|Ritzau(?: Scanpix)?|TT|NTB|Scanpix|Lehtikuva|LEHTIKUVA|PAP|ČTK|CTK|MTI|UNIAN|УНИАН|Ukrinform|РИА Новости"
    r"|ТАСС|Sputnik|SPUTNIK|WireImage|FilmMagic|Corbis|Rex(?: Features)?|REX|Magnum(?: Photos)?|iStock(?:photo)?"
    r"|Adobe ?Stock|Unsplash|Pixabay|Pexels|Depositphotos|Dreamstime|Fotolia|Flickr|Splash News|Backgrid|BACKGRID"
    r"|AKM-GSI|Polaris|Redux|Barcroft Media|Press Association|Associated Press|Agence France-Presse|CNS|CNA|VNA"
    r"|TTXVN|PTI|ANI|IANS|A[Nn][Tt][Aa][Rr][Aa](?: F[Oo][Tt][Oo])?|Bernama|Agência Brasil|Folhapress"
    r"|Estadão Conteúdo|NASA|ESA)(?!\w)"
)

# Alone these are as often places, parties, things and abbreviations explained.
AMBIGUOUS_AGENCY = re.compile(
    r"AA|CP|TT|NASA|ESA|CNA|ANI|PTI|APA|ANP|CNS|KNS|AGI|R[Ee][Xx]|Polaris|Belga|Sputnik|Bloomberg"
    r"|K[Ee][Yy][Ss][Tt][Oo][Nn][Ee]|Redux|Corbis|Flickr|[Ii]mago"
)

# Words of credits that begin with a small letter.
SMALL_WORD = re.compile(
    r"(?i)a|af|al|and|av|bin|bint|by|d|da|das|de|del|della|den|der|des|di|do|dos|du|e|el|en|et|for|from|i|il|in|la"
    r"|le|les|of|og|och|on|op|or|os|per|pour|s|sa|sur|t|te|ten|ter|the|til|to|tot|und|uit|van|vd|via|vom|von|vor"
    r"|w|x|y|ya|z|ze|zu|zum|zur|и|та|из|для|с|во|iz|ve|ile|dpa|imago|images|picture|alliance|afp|ap|epa|efe|reuters"
    r"|getty|privat|private|privé|zvg|nh|dapd|ddp|pa|apa|keystone|archiv|archivo|archives?|arquivos?|handout|file|pool"
    r"|i?stock|shutterstock|unsplash|pixabay|pexels|flickr|wikimedia|commons|wikipedia|cc|nd|nc|fotolia|press|photo"
    r"|foto|courtesy|screenshot|youtube|instagram|twitter|facebook|collection|illustration|symbol(?:bild|foto)"
    r"|cortesía|cedida|divulgação|divulgacao|reprodução|provided|supplied|submitted|contributed|family|author|staff"
    r"|montage|composite|dok"
)

# Credits are names: what is longer is a sentence that begins like one.
MAX_CREDIT_CHARACTERS = 120
MAX_CREDIT_WORDS = 16

# Behind a bar alone stands a person, rarely with a firm.
MAX_BARRED_WORDS = 6

# Scripts without capitals give no other sign that a sentence follows.
MAX_CASELESS_CHARACTERS = 40

# A credit stands at the beginning or the end; captions that are whole stories are not searched in the middle.
MAX_END_CHARACTERS = 400

_LABELLED = re.compile(rf"(?i)(?:^|[\s(\[（【「|•·/–—.,;!?。\"”»)])(?:{LABELS})\s*[:：=＝]\s*(?=\S)")
_BY = re.compile(
    r"(?:^|[\s(\[|•·–—.])(?i:photos?|photographs?|pictures?|images?|pics?|photographed)"
    r"\s+(?i:by|courtesy of|courtesy|credit)\s+(?=[^\W\d_a-z]|@)"
)
_COURTESY = re.compile(r"(?:^|[\s(\[|•·–—.])(?i:courtesy)(?: of)?\s+(?=[A-Z])")
_SIGN = re.compile(
    r"(?i)(?:©|ⓒ|&copy;|(?:^|(?<=[.!?)|]\s))\(c\)|(?<!\w)copyright(?=\s*(?:[:©(]|(?:19|20)\d\d)))\s*:?\s*"
    r"(?:copyright\s*|\(c\)\s*)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)?\d\d)?[\s,]+)?(?:by\s+)?"
)
_BBC = re.compile(r"(?i)^image (?:source|copyright),\s*")
_CREDIT_NAME = re.compile(r"^(?:Photo )?Credits?\s+(?=[A-Z])")
_FORMS = (_LABELLED, _BY, _SIGN, _COURTESY, _BBC, _CREDIT_NAME)

_LABEL_AT_START = re.compile(rf"(?i)[\s|/]*(?:{LABELS})(?:\s*[:：=＝,|]\s*|\s+)(?:by\s+|of\s+)?(?=\S)")
_LABEL_ALONE = re.compile(rf"(?i)(?:{LABELS})")
_PHOTO_AND_NAME = re.compile(r"(?i)(?:fotos?|photos?|bild|image|imagen)\s+")
_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,140})[)\]）】]")

# Where an unlabelled credit may begin: after a sentence, even glued to it, after a dash or a bar.
_BEGINNING = re.compile(r"(?:[.!?…]|[.!?…]?[\"”»’)])\s*|\s[|•·–—-]+\s+|\|\s*")
_BARRED = re.compile(r"[.!?…][\"”»]?\s*\|\s*([^|]+)$")
_JOINT = re.compile(r"\s*/\s*|\s+via\s+|\s+VIA\s+|\s*\|\s*|\s+[-–]\s+")
# A word of three letters ends a sentence, one of fewer may be somebody's initial.
_SENTENCE_END = re.compile(r"(?<=\w{3})[.!?]\s|。")
_CREDIT_END = re.compile(rf"{_SENTENCE_END.pattern}|\s[–—•|]\s|[;\n]")
_QUOTES = re.compile(r"[\"“”„«»]")

# What may stand around a credit and is none of it, and what only points to it: a quoted mail's mark, arrows, bullets,
# cameras. Signs that a name may begin with stay: a handle's, quotation marks, brackets.
_AROUND = " \t\n\r\u00a0.,;:|•·–—-/"
_POINTERS = ">→➔➜➤►▶▸▷‣■▪●◆▲▼★*~=+…📷📸🎥\ufe0f"


def split_credit(caption: str) -> tuple[str, str]:
    """The caption as it is, and the credit that it holds; `""` where no known form is met.

    >>> split_credit("Kim inspects a unit. (KCNA via REUTERS)")[1]
    'KCNA via REUTERS'
    >>> split_credit("A storm on the coast. Photo: Jane Doe/AP")[1]
    'Jane Doe/AP'
    >>> split_credit("Look at this photo: it was real.")[1]
    ''
    """
    pieces = [caption[-MAX_END_CHARACTERS:]]
    if len(caption) > MAX_END_CHARACTERS:
        pieces.append(caption[:MAX_END_CHARACTERS])
    found = (credit for piece in pieces for credit in _find_credits(piece) if credit)
    return caption, next(found, "")


def credit_text(text: str) -> str:
    """The credit of an element that is one by its class, without the label before it.

    >>> credit_text("Photo: Jane Doe/AP"), credit_text("(© Jane Doe)"), credit_text("Image source, Getty Images")
    ('Jane Doe/AP', 'Jane Doe', 'Getty Images')
    """
    credit = _strip_surroundings(text)
    # `Credit: Photo: Jane Doe`
    for _ in range(2):
        found = _BY.match(credit) or _SIGN.match(credit) or _LABEL_AT_START.match(credit)
        credit = _strip_surroundings(credit[found.end() :]) if found else credit
    if len(credit) > MAX_CREDIT_CHARACTERS or _LABEL_ALONE.fullmatch(credit):
        return ""
    return credit if re.search(r"\w", credit) else ""


def _find_credits(piece: str) -> Iterator[str]:
    """What each of the known forms makes of a piece of a caption, the surest form first."""
    for found in _BRACKETS.finditer(piece):
        yield _read_bracketed(found.group(1), is_last=not piece[found.end() :].strip(" ."))
    for form in _FORMS:
        for found in form.finditer(piece):
            yield _names(piece[found.end() :])
    yield _find_unlabelled(piece)
    if barred := _BARRED.search(piece):
        credit = _strip_surroundings(barred.group(1))
        yield credit if len(credit.split()) <= MAX_BARRED_WORDS and _is_named(credit) else ""


def _read_bracketed(inner: str, *, is_last: bool) -> str:
    """The credit in brackets: behind a label, or, at the end of a caption, signed by an agency."""
    for form in _FORMS:
        if found := form.match(inner):
            return _names(inner[found.end() :])
    if not is_last:
        return ""
    if found := _PHOTO_AND_NAME.match(inner):
        return _names(inner[found.end() :])
    if _is_signed(inner):
        return _strip_surroundings(inner)
    # A person and who they work for: `(Jane Doe / Toronto Star)`.
    person, _, employer = inner.partition("/")
    is_pair = len(person.split()) in (2, 3, 4) and employer.strip()[:1].isupper() and _is_named(inner)
    return _strip_surroundings(inner) if is_pair else ""


def _find_unlabelled(piece: str) -> str:
    """A credit without a label at the end of a caption, signed by an agency."""
    for start in (0, *(found.end() for found in _BEGINNING.finditer(piece))):
        rest = piece[start:].rstrip(" .)]")
        if len(rest) > MAX_CREDIT_CHARACTERS:
            continue
        if found := _PHOTO_AND_NAME.match(rest):
            rest = rest[found.end() :]
            if AGENCY.fullmatch(rest):
                return rest
        elif _is_signed(rest) and not _SENTENCE_END.search(rest) and not _QUOTES.search(rest):
            return _strip_surroundings(rest)
    return ""


def _is_signed(text: str) -> bool:
    """Whether a text is an agency's signature: its name alone, or joined to other names."""
    text = text.strip()
    if not _is_named(text):
        return False
    if AGENCY.fullmatch(text):
        return AMBIGUOUS_AGENCY.fullmatch(text) is None
    parts = _JOINT.split(text)
    return len(parts) > 1 and any(AGENCY.fullmatch(part.strip()) for part in parts)


def _names(rest: str) -> str:
    """The names that a text begins with, `""` where it begins with anything else."""
    credit = _strip_surroundings(rest)
    for form in _FORMS:
        if found := form.match(credit):
            credit = _strip_surroundings(credit[found.end() :])
    if _is_named(credit):
        return credit
    for found in _CREDIT_END.finditer(credit):
        before = _strip_surroundings(credit[: found.start()])
        return before if _is_named(before) else ""
    return ""


def _strip_surroundings(text: str) -> str:
    """The text without the white space, bars and single brackets around it, and what points to it."""
    # A quotation mark that closes nothing points too; in German it may open.
    closing = "".join(mark for mark, other in (("»", "«"), ("›", "‹")) if other not in text)
    text = text.rstrip(_AROUND).lstrip(_AROUND + _POINTERS + closing)
    inside = text[1:-1]
    if (
        len(text) > 2
        and text[0] in "([（【"
        and text[-1] in ")]）】"
        and not re.search(r"[()\[\]（）【】]", inside)
    ):
        return inside.strip()
    if text[-1:] in tuple(")]）】") and not re.search(r"[(\[（【]", text):
        return text[:-1].rstrip(" .")
    if text[:1] in tuple("([（【") and not re.search(r"[)\]）】]", text):
        return text[1:].lstrip()
    return text


def _is_named(text: str) -> bool:
    """Whether a text consists of names: each word begins with a capital, or is known to stand in credits."""
    words = [word for word in re.split(r"[\s/|,;&+·•–—()\[\]-]+", text) if word]
    if not words or len(text) > MAX_CREDIT_CHARACTERS or len(words) > MAX_CREDIT_WORDS:
        return False
    if not any(letter.isalnum() for letter in text):
        return False
    if not any(letter.isupper() or letter.islower() for letter in text):
        return len(text) <= MAX_CASELESS_CHARACTERS and "。" not in text
    is_only_small = all(len(word) < 3 and word.islower() for word in words)
    return not is_only_small and all(_is_name(word.strip("\"“”„«»'’‘.:!*")) for word in words)


def _is_name(word: str) -> bool:
    if not word or not word[0].islower():
        return True
    # `imageBROKER`, `d’Arc`, `carreteraspeligrosas.com`
    if any(letter.isupper() for letter in word) or re.search(r"\w\.\w\w", word):
        return True
    return SMALL_WORD.fullmatch(word) is not None
