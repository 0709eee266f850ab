"""Credits found in captions, by the forms agencies and sites use. Conservative: a wrong credit costs more than none."""

from __future__ import annotations

import re

# A credit is a name or two; what is longer is a sentence.
MAX_CREDIT_CHARACTERS = 120

_LABEL = (
    r"(?:photo(?:graph|graphy|s)?(?:\s+(?:credit|by|courtesy(?:\s+of)?))?|picture(?:\s+credit|s)?|images?(?:\s+credit)?"
    r"|pic|credits?|cr[ée]dit(?:s|os?)?(?:\s+photo)?|foto(?:s|graf(?:ie|ia|ía|o)?)?|fotografía|fotoğraf|bild(?:er)?|quelle"
    r"|source|fuente|fonte|kuva|zdj\.?|фото|写真|提供|사진|图片来源|courtesy(?:\s+of)?)"
)
_LABELLED = re.compile(
    rf"(?i)(?:^|[\s(\[|·•–—-]){_LABEL}\s*(?:[:：=]|\bby\b|/)\s*([^()\[\]|]+?)\s*[)\].]?\s*$"
)
_SIGN = re.compile(
    r"(?:©|\(c\)|&copy;)\s*(?:(?:19|20)\d\d\s+)?([^()\[\]|.]{2,})\s*[)\].]?\s*$", re.IGNORECASE
)
_AGENCY = (
    r"(?:AP(?:\s+Photo)?|AFP|Reuters|REUTERS|EPA(?:-EFE)?|EFE|KCNA|Xinhua|TASS|dpa|DPA|ANSA|PA(?:\s+(?:Wire|Media|Images))?"
    r"|Getty(?:\s+Images)?|GETTY|Shutterstock|Alamy|Imago|imago(?:\s+images)?|picture[\s-]alliance|Bloomberg|Anadolu"
    r"|Kyodo|Yonhap|Magnum|NurPhoto|ZUMA(?:\s+Press)?|Keystone|LaPresse|Europa\s+Press|Sipa|SIPA|MAXPPP|Belga|APA|Ritzau"
    r"|TT|NTB|Scanpix|Lehtikuva|PAP|CTK|MTI|UNIAN|Ukrinform|RIA\s+Novosti|Sputnik|NASA|ESA|iStock|Unsplash|Pixabay)"
)
_NAME = r"[\w.'’&-]+(?:\s+[\w.'’&-]+){0,4}"
_SLASHED = rf"(?:{_NAME}\s*[/|]\s*)?{_AGENCY}(?:\s*[/,|]\s*(?:{_NAME}))*"
_BRACKETED = re.compile(
    rf"[(\[]\s*((?:{_LABEL}\s*[:：]?\s*)?(?:{_NAME}\s+(?:via|/)\s+)?{_SLASHED}(?:\s+via\s+{_NAME})?)\s*[)\]]\s*\.?\s*$"
)
_TRAILING = re.compile(
    rf"(?:^|[.!?”\"’]\s+|\s[|–—-]\s)((?:{_NAME}\s+via\s+)?{_SLASHED}(?:\s+via\s+{_NAME})?)\s*$"
)
_LEADING_LABEL = re.compile(rf"(?i)^{_LABEL}\s*[:：=]?\s*")


def split_credit(caption: str) -> tuple[str, str]:
    """The caption as it is and the credit it ends with, `""` where none is recognised.

    >>> split_credit("Kim inspects a unit. (KCNA via REUTERS)")[1]
    'KCNA via REUTERS'
    >>> split_credit("A storm on the coast. Photo: Jane Doe/AP")[1]
    'Jane Doe/AP'
    >>> split_credit("She said the photo was real.")[1]
    ''
    """
    for form in (_BRACKETED, _LABELLED, _SIGN, _TRAILING):
        found = form.search(caption)
        if found is not None:
            credit = _LEADING_LABEL.sub("", found.group(1)).strip(" .,:;|–—-")
            if 1 < len(credit) <= MAX_CREDIT_CHARACTERS:
                return caption, credit
    return caption, ""
