"""Addresses written with the Latin alphabet (and Cyrillic): house number and street word, in the order of each language."""

from __future__ import annotations

import re

from ._latin_names import fold

_WORD = r"[^\W_][\w.'’-]*"
_NUMBER = r"\d{1,6}(?:[-/]\d{1,5})? ?[a-z]?"

_ENGLISH = (
    "street|st|avenue|ave|av|road|rd|lane|ln|boulevard|blvd|drive|dr|way|court|ct|place|pl|square|sq|terrace|ter|crescent|cres|close|highway|hwy|parkway|pkwy|circle|cir|"
    "trail|trl|loop|row|walk|gardens|grove|mews|quay|alley|plaza|turnpike|tpke|pike|ridge|run|path|hill|hills|heights|park|common|commons|crossing|bend|view|vista|"
    "manor|meadow|meadows|mountain|ranch|shore|shores|station|stravenue|stream|summit|throughway|trace|track|trafficway|tunnel|union|unions|valley|valleys|via|viaduct|village|"
    "villages|ville|well|wells|rest|roads|route|shoal|skyway|spring|springs|spur|spurs|squares|courts|cove|creek|curve|dale|dam|divide|estate|estates|expressway|extension|falls|"
    "ferry|field|fields|flat|flats|ford|forest|forge|fork|forks|fort|freeway|gateway|glen|green|harbor|haven|island|islands|isle|junction|key|keys|knoll|lake|lakes|landing|light|"
    "lodge|mall|mill|mills|mission|motorway|neck|orchard|oval|overpass|parkways|parks|pass|passage|pine|pines|plain|plains|point|points|port|ports|prairie|radial|ramp|rapid|rapids|"
    "river|brook|brooks|burg|burgs|bypass|camp|canyon|cape|causeway|center|centre|centers|circles|cliff|cliffs|club|corner|corners|course|coves|bluff|bottom|branch|bridge|beach|bayou|"
    "annex|arcade|garden|gateways|groves|harbors|highways|inlet|drives|streets|lanes|avenues|mount|mountains|district|nagar|marg|chowk|sector"
)
_SAFE = "street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|drive|way|terrace|crescent|highway|hwy|parkway|pkwy|court|ct|place|sq|square|close|mews|gardens|alley|dr"

_ROMANCE = (
    "rue|avenue|av|ave|boulevard|bd|place|pl|chemin|allee|allees|impasse|quai|route|cours|passage|faubourg|square|"
    "calle|c|avda|avenida|paseo|camino|carrera|cra|plaza|ronda|callejon|cuesta|glorieta|pasaje|pasadizo|rambla|urbanizacion|via|acceso|alameda|canada|ctra|carretera|circuito|"
    "calzada|cerrada|prolongacion|peatonal|diagonal|boulevard|viaducto|privada|retorno|andador|continuacion|corredor|periferico|eje|"
    "viale|piazza|corso|vicolo|largo|borgo|strada|contrada|canale|rotonda|stretto|incrocio|"
    "rua|travessa|praca|estrada|rodovia|alameda|r|"
    "ulica|ul|aleja|al|pl|plac|os|osiedle|ulitsa|prospekt|trg|strada|str|calea|bulevardul|aleea|intrarea|bul|bulevar|jalan|jl|gang|jln|"
    "ул|улица|пр|просп|проспект|пер|переулок|наб|бул|бульвар|алл|аллея|ш|шоссе|площадь|вулиця|вул|бул|οδος|calea|straat|carrer|kaya"
)
_GERMANIC = (
    "strasse|straße|str|weg|platz|allee|gasse|damm|ring|ufer|steig|graben|markt|hof|berg|stieg|pfad|chaussee|"
    "straat|laan|plein|gracht|kade|dijk|steeg|singel|hof|pad|baan|boulevard|"
    "gatan|vagen|gata|gate|gaten|veien|vegen|vei|vej|gade|alle|stien|strade|stigen|grand|torget|"
    "katu|tie|kuja|polku|utca|ut|utja|ter|tn|mnt|pst|gatve|gatves|iela|prospekts|bulvaris|soot|"
    "sokak|sok|cadde|caddesi|cad|mah|mahallesi|bulvari|kucesi|kuca|ulice|namesti|ulica|ulitsa"
)

_RULES: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern))
    for weight, pattern in (
        # 123 Main St; 47 MySakila Drive; No. 1 Zhongguancun Street
        (0.92, rf"(?:^|[, \n]|no\.?|nr\.?|#){_NUMBER},? +(?:{_WORD} +){{1,5}}(?:{_SAFE})\b"),
        # 12 rue de la Paix; 24, place Kleber
        (0.92, rf"(?:^|[, \n])\d{{1,5}}(?: ?(?:bis|ter|quater|[a-d]))?,? +(?:{_ROMANCE})\b\.?[ ']+{_WORD}"),
        # Calle Mayor 3; Av. dos Lusiadas, 23; C/ Araquil, 67; via Monte Bianco 34
        (
            0.9,
            rf"(?:^|[, \n])(?:{_ROMANCE})\b[./]* *(?:{_WORD},? +){{1,7}}(?:n\.?[oº°]?\.? *|д\. *|nr\.? *|№ *|blok *|km\.? *)?\d{{1,6}}(?:[-/]\d{{1,4}})? ?[a-z]?\b",
        ),
        # Hauptstrasse 12; Berguvsvagen 8; Obere Str. 57
        (0.9, rf"\b[^\W\d_][\w-]*(?: ?(?:{_GERMANIC}))\.?(?: +(?:no|nr)[.:]?)? +\d{{1,5}}(?:[-/]\d{{1,4}})? ?[a-z]?\b"),
        (
            0.88,
            r"\b(?:p\.? ?o\.? ?box|post ?fach|boite postale|apartado(?: postal)?|casilla|c\.?p\.? box|gpo box|private bag|psc|unit) ?(?:no\.? ?)?\d{1,6}\b",
        ),
        # 5th floor, ..., city with post code
        (0.8, r",.*\b[a-z]{2}[ ,]+\d{5}(?:-\d{4})?$"),
        (0.8, rf"\d{{1,6}}[a-z]?,? +(?:{_WORD}[ ,]+){{1,8}}(?:[a-z]{{1,2}}\d[a-z\d]? \d[a-z]{{2}}|[a-z]\d[a-z] ?\d[a-z]\d)$"),
        (
            0.7,
            rf"\d.*,.*\b(?:apt|apartment|suite|ste|unit|floor|flat|room|bldg|building|tower)\b|\b(?:flat|suite|unit|room|apt|building|tower|block|plot|house|h\. ?no)\b\.? ?#?\w{{1,5}}[ ,].*(?:{_SAFE}|nagar|sector|marg|colony)\b",
        ),
        # A number, a name and one of the rarer street words at the end
        (0.72, rf"^\d{{1,6}} (?:{_WORD} ){{1,4}}(?:{_ENGLISH})(?:$|,| (?:apt|suite|ste|unit|#)\b)"),
        (0.62, rf"^\d{{3,6}} [a-z][\w'-]+ (?:{_ENGLISH})\b"),
    )
)
_UNLIKELY = re.compile(
    r"https?:|@|[{}<>=;_]|\b(?:gb|mb|ghz|inch|mm|cm|kg|ml|oz|pcs|pack|bottles?|boxes|version|v\d|model|win(?:dows)?|chapter|section|article|order|invoice)\b"
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def score(value: str) -> float:
    """Score a value without Han characters."""
    if _LETTERS.search(value) is None:
        return 0.0
    text = fold(value)
    if not any(c.isdigit() for c in text):
        return 0.3 if _STREET_ALONE.search(text) else 0.02
    if _UNLIKELY.search(text):
        return 0.05
    for weight, rule in _RULES:
        if rule.search(text):
            return weight
    return 0.35 if _NEARLY.match(text) else 0.05


_STREET_ALONE = re.compile(rf"^(?:{_WORD} ){{1,4}}(?:{_SAFE})$|^(?:rue|calle|via|rua|avenida|avda|piazza|jalan) ")
_NEARLY = re.compile(rf"(?:{_WORD} +){{1,3}}\d{{1,5}}$|\d{{1,5}},? (?:{_WORD} ?){{1,3}}$")
