"""The words by which credits are known: what stands before them, who signs them, what is no name in them."""

from __future__ import annotations

import re

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
