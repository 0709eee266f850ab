"""What the press writes in front of a credit, and behind one, by language. Everything is looked up in sets."""

from __future__ import annotations

from itertools import product

from assets.credits.folding import fold_width, split_table

# A longer text before a colon is no label.
MAX_LABEL_CHARACTERS = 44

# Names of pictures; what is combined with them stands below.
_ENGLISH_PICTURES = "photo|photos|picture|pictures|pic|pics|image|images|photograph|photographs|photography"
_ENGLISH_BEFORE = (
    "|file|handout|stock|main|cover|header|lead|top|all|featured|feature|archive|front page|title"
)
_ENGLISH_BEHIND = (
    "|credit|credits|source|sources|courtesy|courtesy of|copyright|by|from|provided by|provided|supplied"
)
_ENGLISH_BEHIND += "|supplied by|illustration|credit line|via|taken by|courtesy by"
_MADE = "illustration|illustrations|graphic|graphics|collage|composite|montage|photomontage|photo illustration|artwork"
_MADE += "|photo composite|screenshot|screengrab|screen grab|rendering|photo/illustration|photo / illustration|diagram"

_GERMAN_BEFORE = "|symbol|archiv|titel|beitrags|vorschau|teaser|agentur|aufmacher|serien|artikel|themen|luft"
_GERMAN_PICTURES = "foto|bild|fotos|bilder|bildes"
_GERMAN_BEHIND = (
    "|quelle|quellen|nachweis|nachweise|rechte|credit|credits|copyright|er|s|urheber|hinweis|autor"
)

# Before a credit and a colon, where the credit may be a name of any kind.
_LABELS = """
photographer|photographers|credit|credits|credit line|image credit line|courtesy|courtesy of
photo and text|photo courtesy|photo & copyright|copyright|copyrights|(c)|isithombe|izithombe|foto deur
beeld deur|alle fotos|alle bilder|sämtliche fotos|fotos und text|text und foto|text und fotos
text & foto|foto & text|foto/text|text/foto|foto/grafik|bild/grafik|bild: foto|fotocredit|fotocredits
fotonachweis|foto-credit|foto-quelle|bild-quelle|fotograf|fotografin|fotografie|fotografi|fotografer
fotograaf|foto's|grafik|montage|fotomontage|bildmontage|fotocollage|collage|infografik|illustration
illustrationen|karikatur|zeichnung|bild mit ki erstellt|screenshot|repro|visualisierung|rendering
symbolgrafik|copyright foto|copyright bild|bild ©|foto ©|foto(s)|photo(s)|bild(er)|picture(s)|image(s)
beeld|beeldbron|fotobron|illustratie|afbeelding|beeldcredit|billede|billeder|arkivfoto|arkivfotos
arkivbilde|arkivbild|kuva|kuvat|valokuva|kuvituskuva|arkistokuva|kuvaaja|mynd|myndir|ljósmynd|ljosmynd
ljósmyndari|skjermdump|skjermbilde|skärmdump|skærmbillede|illustrasjon|illustrasjonsfoto
illustrasjonsbilde|privatfoto|pressefoto|pressfoto|pressbild|genrefoto|genrebild|bilde|foto/montage
fotomontasje|grafikk|faksimile|pressekuva|kuvakaappaus|grafiikka|kuvitus|modelfoto|photo d'archives
photo d’archives|photo d'illustration|photo d’illustration|image d'illustration|image d’illustration
photo de une|capture d'écran|capture d’écran|photographe|photographie|photographies|dessin|infographie
photomontage|visuel|photos et texte|texte et photos|photo archives|archives|photo d'archive
photo d’archive|légende et photo|cortesía|cortesia|cedida|cedida por|foto cedida por|ilustración
ilustracion|gráfico|infografía|fotomontaje|captura|captura de pantalla|fotógrafo|fotógrafa|fotos de
foto de|imagen de|imagen|imágenes|imagenes|fotografía|fotografías|fotografia|fotografias|foto de archivo
imagen de archivo|foto archivo|foto cortesía|foto ilustrativa|imagen ilustrativa|divulgação|divulgacao
reprodução|reproducao|imagem|imagens|foto de arquivo|arquivo|montagem|ilustração|infográfico|foto por
foto di|foto da|immagine|immagini|foto d'archivio|foto d’archivio|illustrazione|infografica|credito
crediti|crediti foto|credit foto|credits foto|fotogramma|fermo immagine|imatge|imatges|fotògraf|autoria
sursa foto|sursă foto|foto sursa|foto sursă|fotografii|captură|captura foto|ilustrație|zdjęcie|zdjęcia
zdj.|fot|fot.|foto/|ilustracja|grafika|rys.|ryc.|foto ilustracyjne|zdjęcie ilustracyjne
zdjęcie ilustracyjne fot|snímek|ilustrační foto|ilustrační foto autor|ilustrační snímek|koláž|koláž foto
ilustračné foto|ilustračná fotografia|ilustracija|ilustrativna fotografija|fotografija|fotografije
snimka|snimak|fotodokumentacija|naslovna fotografija|arhivska fotografija|fotó|fotók|illusztráció
illusztrációnk|kép|képek|nyitókép|borítókép|címlapkép|pilt|fotod|illustratsioon|attēls|ilustrācija
nuotrauka|nuotr|nuotr.|asociatyvi nuotr|asociatyvi nuotr.|iliustracija|ekrankuva|фото|фотография
фотографии|фотографія|фотографии:|фотографија|фотографије|снимка|снимки|снимок|коллаж|колаж|иллюстрация
ілюстрація|илюстрация|илустрација|инфографика|інфографіка|скриншот|скріншот|скрийншот|фотограф
фотографка|автор фото|автор фотографии|автор фотографий|фото автора|фото из архива|архивное фото
фото архив|фото ілюстративне|фото иллюстративное|иллюстративное фото|ілюстративне фото|обложка
изображение|зображення|рисунок|фотоколлаж|фотоколаж|здымак|здымкі|сүрөт|сурет|расм|fotoğraf|fotoğraflar
fotoğraf kaynağı|fotoğrafı çeken|görsel|görsel kaynağı|arşiv|illüstrasyon|φωτό|φωτο|φωτογραφία
φωτογραφίες|φωτογράφος|εικόνα|φωτ.|foto dhe|صورة|الصورة|صور|تصوير|تصویر|عکس|عکاس|تصاویر|عدسة|بعدسة
اینفوگرافیک|فوٹو|צילום|צילומים|קרדיט|קרדיט צילום|תמונה|איור|צילום מסך|צילום ארכיון|फोटो|तस्वीर|चित्र
फोटो साभार|तस्वीर साभार|फोटो क्रेडिट|फोटो सौजन्य|साभार|सौजन्य
छायाचित्र|ছবি|புகைப்படம்|ఫోటో|ഫോട്ടോ|ફોટો|ਫੋਟੋ|தமிழ் படம்|写真|撮影|提供|画像|写真提供|画像提供|提供写真
撮影者|カメラ|イラスト|コラージュ|資料写真|写真・動画|写真撮影|사진|사진제공|사진 제공|제공|자료사진
자료 사진|사진=|그래픽|일러스트|삽화|영상|사진기자|합성|이미지|사진 촬영|촬영|图|圖|图片|圖片|摄|攝|摄影
攝影|图/|摄影/|资料照片|資料照片|照片|照片提供|图片提供|圖片提供|制图|製圖|配图|供图|供圖|漫画|ảnh
ảnh minh họa|ảnh minh hoạ|hình|hình ảnh|đồ họa|ภาพ|ภาพจาก|ภาพถ่าย|เครดิตภาพ|dok.|dok|dokumentasi|gambar
foto dok|foto/dok|foto ilustrasi|ilustrasi|larawan|picha
"""

# Before the name of a source: a body, a book, a site.
_SOURCE_LABELS = """
source|sources|image source|photo source|data source|graphic source|source of photo|image sources|quelle
quellen|bildquelle|bildquellen|fotoquelle|bronnen|bron|kilde|kilder|källa|källor|lähde|lähteet|heimild
fotokilde|source photo|source image|source de l'image|sources photo|source de la photo|fuente|fuentes
fuente de la imagen|fuente foto|fonte|fontes|fonte foto|fonte da imagem|font|sursa|sursă|źródło|zdroj
zdroje|izvor|izvori|vir|forrás|allikas|avots|šaltinis|burimi|источник|источник фото|фото источник
джерело|джерело фото|источник изображения|източник|извор|kaynak|πηγή|πηγη|πηγή φωτογραφίας|مصدر|المصدر
مصدر الصورة|منبع|מקור|स्रोत|সূত্র|出典|出所|資料|引用元|画像出典|출처|사진출처|사진 출처|이미지 출처
자료|来源|來源|图片来源|圖片來源|图源|圖源|图片來源|图片源自|nguồn|nguồn ảnh|ที่มา|ที่มาภาพ|sumber
sumber foto|foto sumber|courtesy|courtesy of|photo courtesy of|photo courtesy|photos courtesy of
images courtesy of|image courtesy of|image courtesy|picture courtesy of|cortesía de|cortesía|cedida por
cortesia de|cortesia|avec l'aimable autorisation de|divulgação|gentileza|gentileza de
"""

# What leads to a name without a colon, where nothing but names follows to the end. They are also common words, so
# that much more is asked of what follows.
BARE_LABELS = frozenset(
    """
    foto fotos photo photos ph. fotó fotók fot. kuva kuvat zdj. nuotr. фото снимка zdjęcie fotoğraf mynd
    pilt ảnh фотография
    """.split()
)
# Of these the name that follows is asked to have an agency beside it.
WEAK_BARE_LABELS = frozenset("bild bilder image images imagen imagem beeld picture pictures".split())

# With these begins a credit in so many words, whatever follows.
COURTESY = (
    "courtesy of",
    "courtesy ",
    "provided by",
    "supplied by",
    "cedida por",
    "cedidas por",
    "cortesía de",
    "cortesia de",
    "mit freundlicher genehmigung",
    "zur verfügung gestellt",
    "avec l'aimable autorisation",
    "avec l’aimable autorisation",
    "per gentile concessione",
    "gentileza de",
    "cedida pela",
    "cedida pelo",
)

# Before "by".
BY_NOUNS = frozenset(
    """
    photo photos photograph photographs photographed picture pictures image images pic pics illustration
    illustrations graphic graphics collage composite montage photomontage artwork drawing cartoon
    infographic screenshot screengrab
    """.split()
)

# They stand before 撮影 and the like and are no names.
NO_NAME_BEFORE_SIGN = frozenset(
    "昨年 今年 去年 同日 当時 当日 本人 同社 同氏 同 空 年 月 日 時 分 写真 動画 一部 資料 사진 자료 영상 图片 图 취재"
    " 자사 업체 독자".split()
)

# Other jobs beside the photographer's: what a credit ends before.
OTHER_JOBS = frozenset(
    """
    text texte texto testo tekst текст video vídeo vidéo видео відео words von autor author redaktion
    kamera schnitt editing animation music musik graphic grafik legende caption bildunterschrift
    """.split()
)

# Of these one in a name tells that it is a body's and no person's.
BODY_WORDS = frozenset(
    """
    police polizei policía policia politie feuerwehr museum museo musée museu university universität universidad
    université institut institute instituto ministry ministerium ministerio ministère agency agentur archive archives
    archiv archivo archivio department office government council parliament press presse news times post media medien
    pictures images photos film films studio studios production productions records gallery galerie galería library
    bibliothek foundation stiftung fundación gmbh ag inc ltd llc company corp group verein club team collection sammlung
    zeitung deník gazeta diario journal radio rádio televisión television stadt city gemeinde county family familie navy
    army guard force forces church kirche hospital school schule bank airlines airport verlag redaktion desk partei
    party festival theater theatre oper opera orchester orchestra bundeswehr kanton landkreis embassy
    """.split()
)

# With these begin names of sources that the press writes small.
SMALL_BODIES = split_table(
    """
    пресс-служба|прес-служба|пресс-центр|личный архив|из личного|архив редакции|соцсети|социальные сети
    семейный архив|особистий архів|соцмережі|прес-центр|личен архив|лична архива
    arquivo pessoal|acervo pessoal|arquivo da|redes sociais|assessoria de|archivo personal|archivo particular
    archivo familiar|redes sociales|archivio personale|archives personnelles|collection personnelle
    collection particulière|réseaux sociaux|archiwum prywatne|archiwum rodzinne|materiały prasowe
    soukromý archiv|osobní archiv|osobný archív|privatna arhiva|privatni arhiv|družbena omrežja
    arhiva personală|asmeninis archyvas|eraarhiiv|kotialbumi|privat arkiv
    ufficio stampa|gabinete de|service de presse|sosyal medya|kişisel arşiv
    özel arşiv|dokumentasi pribadi|dok. pribadi
    """
)

# Before a caption, in an element of its own.
CAPTION_LABELS = split_table(
    """
    legende|legend|légende|caption|photo caption|image caption|bild|bildtext|bildunterschrift
    bildlegende|bildbeschreibung|bilde|billede|foto|photo|image|kuvateksti|billedtekst|bildetekst
    leyenda|pie de foto|legenda|didascalia|подпись|підпис|opis zdjęcia|popisek|képaláírás|resim altı
    사진 설명|사진설명|写真説明|图说|圖說|图注
    """
)


def _combine(*parts: str, joint: str) -> set[str]:
    """Every text made of one of each part; an empty one leaves no blank."""
    chosen = product(*(part.split("|") for part in parts))
    return {joint.join(part for part in each if part) for each in chosen}


def _german() -> set[str]:
    words = _combine(_GERMAN_BEFORE, _GERMAN_PICTURES, _GERMAN_BEHIND, joint="")
    return words | _combine("symbol|archiv|datei", "foto|bild|fotos", joint="-")


def _romance() -> set[str]:
    french = _combine("crédit|credit|crédits|credits", "|photo|photos|image|images|photographique", joint=" ")
    nouns = "foto|fotos|imagen|imagem|fotografía|fotografia|imagens|imágenes|fotográfico|fotográficos"
    spanish = _combine("crédito|credito|créditos|creditos|autor", "|de la|da|de|de las|das", nouns, joint=" ")
    plain = "|archivo|arquivo|de archivo|de arquivo|cortesía|cortesia|cortesía de|cortesia de|por|di|autor"
    given = split_table("crédito|credito|créditos|creditos")
    return french | spanish | given | _combine(nouns, plain, joint=" ")


SOURCE_LABELS = frozenset(map(fold_width, split_table(_SOURCE_LABELS)))
LABELS = SOURCE_LABELS | {
    fold_width(label)
    for label in (
        split_table(_LABELS)
        | _combine(_ENGLISH_BEFORE, _ENGLISH_PICTURES, _ENGLISH_BEHIND, joint=" ")
        | _combine(_MADE, "|by|credit|credits|courtesy of", joint=" ")
        | _german()
        | _romance()
    )
}
# Before a colon in running text they lead to what is shown as often as to who made it.
LABELS -= {"graphic", "graphics", "images by", "diagram"}

# Of what somebody drew or put together the word belongs to the credit where a field of its own holds it.
MADE_LABELS = frozenset(_combine(_MADE, "|by", joint=" "))


def is_label(text: str) -> bool:
    """Whether a text leads to a credit where a colon follows it.

    >>> is_label("Photo credit"), is_label("Symbolbild"), is_label("写真"), is_label("The photo")
    (True, True, True, False)
    """
    return len(text) <= MAX_LABEL_CHARACTERS and " ".join(text.casefold().split()) in LABELS
