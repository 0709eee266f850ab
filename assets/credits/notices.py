"""What stands beside a credit and credits nobody: notices of rights, orders to editors, how a picture came, times."""

from __future__ import annotations

import re
from functools import lru_cache

from assets.credits.folding import split_table

# With all behind them they are no part of a credit. Each is of several words, or a word of its own kind, so that none
# is met in a caption's sentence.
_NOTICES = split_table(
    """
all rights reserved|all right reserved|rights reserved|alle rechte vorbehalten|alle rechten voorbehouden
alle rettigheder forbeholdes|alle rettigheter|alla rättigheter|kaikki oikeudet pidätetään
tous droits réservés|tous droits de reproduction|todos los derechos reservados|derechos reservados
todos os direitos reservados|direitos reservados|tots els drets reservats|tutti i diritti riservati
riproduzione riservata|toate drepturile rezervate|wszelkie prawa zastrzeżone|wszystkie prawa zastrzeżone
všechna práva vyhrazena|všetky práva vyhradené|sva prava pridržana|sva prava zadržana
minden jog fenntartva|kõik õigused kaitstud|visos teisės saugomos|visas tiesības aizsargātas
tüm hakları saklıdır|her hakkı saklıdır|все права защищены|всі права захищені|всички права запазени
сва права задржана|με την επιφύλαξη παντός δικαιώματος|جميع الحقوق محفوظة|תמונה להמחשה בלבד
כל הזכויות שמורות|सर्वाधिकार सुरक्षित|無断転載|禁無断|転載禁止|무단 전재|무단전재|재배포 금지
재판매 및 db|版权所有|版權所有|未经授权|未經授權|禁止转载|cấm sao chép|attention editors
editorial use only|for editorial use|mandatory credit|no resales|no resale|no archives|no archive
no sales|no commercial use|no third party sales|not for sale|not for resale|no use after
honorarpflichtig|nur für redaktionelle|nur zur redaktionellen|verwendung weltweit|weltweite verwendung
image supplied by another party|this image was provided by a third party
this picture was provided by a third party|for personal use only|reproduction interdite
prohibida su reproducción|prohibida la reproducción|this material may not be
may not be published, broadcast
"""
)
# `DENMARK OUT`. A country is written in capitals; whole words, so that each is tried once.
_COUNTRY_OUT = re.compile(r"(?<![A-Za-z])[A-Z]{4,20}(?: [A-Z]{4,20})? OUT(?![A-Za-z])")
# `Mandatory Credit: Photo by Jane Doe` is an order that begins a credit.
_LEADING_ORDER = re.compile(r"(?i)\W{0,3}mandatory credits?\s*[:;-]?\s*")
_MARKS = " \t\n\r\xa0.,;:|•·–—-/([{*+"

# How a picture came: it credits nobody, and stands beside a credit or in its place.
NOTES = split_table(
    """
file photo|file photos|file|file pic|file picture|file image|pool|pool photo|pool foto|handout
handout photo|handout image|composite|composite image|composite photo|photo illustration|illustration
illustration photo|montage|collage|screengrab|screenshot|screen grab|stringer|stf|str|staff|staff photo
staff photographer|staff photographers|contributor|contributed|contributed photo|supplied|supplied photo
supplied image|submitted|submitted photo|provided|provided photo|provided by|courtesy photo|courtesy
freelance|special to|video still|still image|undated handout|archive|archives|archive photo|archival
library image|stock|stock photo|stock image|social media|via social media|representational image
representative image|for illustration only|pool via|undated|archiv|archivbild
archivfoto|symbolbild|symbolfoto|symbolgrafik|beispielbild|beispielfoto|themenbild|sujetbild|privat|zvg
z.v.g.|zvg.|nh|pd|p.d.|ho|bildmontage|fotomontage|montage:|repro|pressebild|pressefoto|handout/dpa
handyfoto|leserfoto|leserbild|standbild|videostill|agenturfoto|archief|ter illustratie|eigen foto
privéfoto|arkiv|arkivfoto|arkivbild|arkivbilde|arkivfotos|genrefoto|pr|pr-foto|pressfoto|privatfoto
modelfoto|illustrasjonsfoto|illustrasjonsbilde|skjermdump|skärmdump|kuvituskuva|arkistokuva|arkisto
lukijan kuva|d'archives|photo d'archives|photo d'illustration|image d'illustration|capture d'écran|dr
d.r.|archivo|de archivo|foto de archivo|imagen de archivo|foto archivo|cortesía|cedida
captura de pantalla|captura|ilustrativa|arquivo|foto de arquivo|divulgação|reprodução|arquivo pessoal
acervo pessoal|acervo|archivio|d'archivio|foto d'archivio|archiwum|archiwum prywatne|archiwalne
ilustrační foto|ilustrační|archiv autora|ilustračné foto|arhiva|arhiv|ilustracija|fotografie ilustrativă
arhivă|illusztráció|arhiiv|erakogu|asociatyvi|asmeninio archyvo|архив|архивное фото|архів
иллюстративное фото|личный архив|архив редакции|ілюстративне фото|скриншот|скріншот|коллаж|arşiv|temsili
temsili fotoğraf|αρχείο|αρχείου|أرشيف|ارشیف|آرشیو|ארכיון|אילוסטרציה|資料写真|資料|자료사진|자료|资料照片
資料照片|资料图|資料圖|资料图片|minh họa|ảnh minh họa|dok|dok.|dokumentasi|istimewa|ist|ist.
"""
)

# They sign in the place of an agency.
SIGNING_NOTES = split_table(
    "supplied|supplied photo|submitted|submitted photo|contributed|contributed photo|handout|handout photo"
) | split_table("courtesy photo|zvg|z.v.g.|zvg.|provided photo")

# A credit that is nothing but one of these is none.
NO_CREDITS = split_table(
    """
n/a|na|none|null|undefined|unknown|unbekannt|inconnu|desconocido|desconocida|sconosciuto|anonymous
anonym|no credit|-|file photo|file photos|file|file image|file picture|archive|archives|archive photo
archiv|archivbild|archivfoto|symbolbild|symbolfoto|stock|stock photo|stock image|zoom|show more
read more|more|mehr|mehr anzeigen|share|close|image|photo|picture|foto|bild|untitled|video|gallery
caption|credit|credits|copyright|source|quelle|left|right|links|rechts|above|below|top|bottom|center
centre|undated|illustration|enlarge|open|expand|fullscreen|visa mer|ver más|voir plus|mostra di più|ещё
больше|더보기|이미지 확대보기|もっと見る|拡大|查看更多|test|default|admin|view image|toggle caption
hide caption|image caption|enlarge image|view image in fullscreen|bild vergrößern|bildrechte|bildquelle
photos|fotos|advertisement|archivo|de archivo|foto de archivo|arquivo|de arquivo|foto de arquivo
archivio|d'archivio|foto d'archivio|archief|arkiv|arkivfoto|arkivbild|arkisto|arkistokuva|archiwum|arhiva|arhiv|arhivă
archív|archivní foto|архив|архів|архивное фото|arşiv|temsili|αρχείο|αρχείου|أرشيف|أرشيفية|آرشیو|ארכיון
資料|資料写真|자료|자료사진|资料照片|資料照片|资料图|資料圖|资料图片|dokumentasi|minh họa
"""
)

# What is searched for a credit is also searched for what stands beside one.
KEPT_TEXTS = 1024

# Dates and durations consist of these and of digits.
_TIME_WORDS = split_table(
    """
min|mins|minute|minutes|minuten|std|stunden|sek|sec|seconds|sekunden|uhr|h|m|s|am|pm|hrs|hours|ago|vor|il|y|a|hace|ч|мин
сек|jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september
october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|okt|dez|th|st|nd|rd|分|秒|年|月|日|時
"""
)
# A licence alone says how a picture may be used, and not who made it.
_LICENCE = re.compile(
    r"(?:creative commons|public domain|gemeinfrei|cc)[ 0-9.-]*(?:(?:by|sa|nc|nd|zero)[ 0-9.-]*)*"
)
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=KEPT_TEXTS)
def cut_notice(text: str) -> str:
    """A text without the first notice of rights or order to editors in it, and without what follows.

    One that stands first is left out alone: the name may follow it.

    >>> cut_notice("Jane Doe/AP. All rights reserved."), cut_notice("All rights reserved. Jane Doe")
    ('Jane Doe/AP', 'Jane Doe')
    >>> cut_notice("Mandatory Credit: Photo by Jane Doe"), cut_notice("Jane Doe/EPA DENMARK OUT")
    ('Photo by Jane Doe', 'Jane Doe/EPA')
    """
    if found := _LEADING_ORDER.match(text):
        text = text[found.end() :]
    small = text.lower()
    if len(small) != len(text):
        return text
    places = [(place, notice) for notice in _NOTICES if (place := small.find(notice)) >= 0]
    if found := _COUNTRY_OUT.search(text):
        places.append((found.start(), found.group()))
    if not places:
        return text
    # The longest of those that begin at the first place.
    place, notice = min(places, key=lambda one: (one[0], -len(one[1])))
    before = text[:place].rstrip(_MARKS)
    return before or text[place + len(notice) :].lstrip(_MARKS + ")]}")


def is_note(text: str) -> bool:
    """Whether a text says how a picture came, and not who made it.

    >>> is_note("FILE PHOTO"), is_note("Archiv"), is_note("Jane Doe")
    (True, True, False)
    """
    return " ".join(text.casefold().split()) in NOTES


def is_no_credit(text: str) -> bool:
    """Whether a text in a credit's place is none: a label of a button, a date, a duration.

    >>> is_no_credit("n/a"), is_no_credit("26.10.2025 | 2:43 min"), is_no_credit("Jane Doe")
    (True, True, False)
    """
    plain = " ".join(text.casefold().split()).strip(" .,:;()[]")
    if plain in NO_CREDITS or _LICENCE.fullmatch(plain):
        return True
    words = _WORD.findall(plain)
    return all(word in _TIME_WORDS for word in words) and (not words or _DIGIT.search(plain) is not None)
