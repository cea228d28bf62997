"""What names of voices look like in text, and what does not: patterns of eight languages.

Invariant: nothing here decides; `whose_words` does.
"""

from __future__ import annotations

import re

QUOTED = re.compile(r"“[^”]*(?:”|$)|«[^»]*(?:»|$)|„[^“”]*(?:[“”]|$)|\"[^\"]*(?:\"|$)")
MOST_WORDS = 16
EDGE = " \t,;:.—–-«»“”„\"'‘()[]،؛"
BREAK = re.compile(r"[,;:—–،؛(]|\s-\s")
PERSON = re.compile(r"(?:^|\s)[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w’'-]+\s[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w’'-]+$")
AND_HELD = re.compile(
    r"\s(?:and|und|et|y|i|и|та)\s(?:shared|seen|reviewed|obtained|published|passed|shown|geteilt|partag|comparti)"
)
WHENCE = re.compile(
    r"\s+(?:leaked|stolen|taken|copied|received|smuggled)\s+(?:from|out of)\s+[^,.;]+?"
    r"(?=\s+(?:that|which|who|says?|shows?|said|showed|suggests?|indicates?|and|were|was|had|have|puts?)\b|[,.;]|$)"
)
OURSELVES = frozenset({"we", "i", "wir", "ich", "nous", "je", "on", "мы", "я", "ми", "nosotros", "my", "ما", "man"})
REPORTS = re.compile(
    r"(?:(?:unconfirmed|media|press|several|some)\s+)?reports?\b|(?:Medien)?[Bb]erichte\w*|сообщени\w+(?: СМИ)?|повідомлен\w+(?: ЗМІ)?|"  # noqa: E501
    r"گزارش‌?ها(?:ی\s\w+)?|informes|informaciones|doniesieni\w+|médias|informations|rumou?rs|слух\w+|чутк\w+",
    re.IGNORECASE,
)
REPORT_OF = re.compile(
    r"^(?:an?|the|a new|one|ein\w*|der|die|das|un|une|le|la|l['’]|el|los|las|unos?)?\s*(?:[\w-]+\s){0,2}?"
    r"(?:report|investigation|study|analysis|assessment|survey|review|paper|briefing|note|bulletin|examination|findings|"
    r"auswertung|studie|bericht|untersuchung|analyse|erhebung|rapport|enquête|étude|informe|estudio|investigación|análisis|"
    r"отчёт\w*|отчет\w*|доклад\w*|расследовани\w+|исследовани\w+|звіт\w*|розслідуванн\w+|дослідженн\w+|raport\w*|analiz\w+|badani\w+|dochodzeni\w+)(?!\w)"
    r"(?:\s[\w-]+é\w?|\s(?:confidentiel|interne|published|released|issued)(?:\son\s\w+)?)?"
    r"(?:\s+(?:by|of|from|von|vom|der|des|du|de la|de l['’]|de los|de las|del|de|d['’])\s*)?\s*(?:the\s+|l['’]|la\s+)?",
    re.IGNORECASE,
)
NO_NAME = re.compile(
    r"^(?:to|by|on|in|at|from|with|that|how|what|when|why|if|as|как|до|в том|when|wie|dass|que|comme|jak|że|که|vom|im|am|nach|seit|bei|zum|zur|für|über|aus|mit|von|selon|according|por|para|en|dans|depuis|od|po|z|при|за|с|со|из|по|після|про|об|о)\b",  # noqa: E501
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"^(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
IN = re.compile(r"^(?:в|во|у|на|в\s+самом|із|з|из|bei|beim|im|in\s+der|w|we)\s+", re.IGNORECASE)
AUXILIARY = {
    "en": "was were has have had is are will would can could may might did does do made make built produced delivered",
    "de": "wurde wurden hat haben hatte hatten ist sind war waren wird werden soll sollen sollte kann können könnte "
    "könnten will wollen produziert produzierte baut baute liefert lieferte stellt stellte liegt verfügt erhielt "
    "erhielten seien sei habe könne plant planen",
    "fr": "a ont avait est sont était étaient sera seront peut pourrait produit produirait aurait auraient serait "
    "seraient",
    "es": "ha han había es son fue fueron era será serán puede podría produce produjo entregó recibió fabrica planea",
    "pl": "jest są był była były zostało zostały może mogą ma mają produkuje wyprodukowano dostarczono powstało",
    "ru": "был была было были может могут произвёл произвела произвели было производит выпускает поставил поставила",
    "uk": "був була було були може можуть виробляє виробила виробили випускає передала передав",
    "fa": "",
}  # fmt: skip
OFFICE = re.compile(
    r"offici|spokes|minist|source|person|people|expert|analyst|investigat|research|intelligence|engineer|director|"
    r"diplomat|worker|employee|agency|government|president|general|colonel|commander|report|document|institute|group|"
    r"чиновник|представител|источник|министр|эксперт|аналитик|разведк|инженер|директор|дипломат|сотрудник|ведомств|"
    r"чиновник|представник|джерел|міністр|експерт|аналітик|розвідк|інженер|дипломат|працівник|відомств|"
    r"beamt|sprecher|minister|quelle|person|expert|analyst|ermittl|geheimdienst|ingenieur|direktor|diplomat|mitarbeiter|"
    r"respons|porte-parole|ministre|source|personne|expert|analyste|enquêt|renseign|ingénieur|directeur|diplomate|"
    r"funcionari|portavoz|ministr|fuente|persona|expert|analist|investigador|inteligencia|ingenier|director|diplomátic|"
    r"посольств|командован|министерств|міністерств|штаб|прокуратур|ведомств|відомств|агентств|служб|институт|інститут|компани|завод|полици|поліці|"
    r"urzędni|rzeczni|minist|źród|osob|ekspert|analityk|śledcz|wywiad|inżynier|dyrektor|dyplomat|pracowni"
)
BY_PAPERS = (
    "according to", "according to the", "laut", "selon des", "selon les", "selon", "según", "według", "согласно",
    "згідно з", "citing", "citing the", "d’après des", "d'après des", "based on", "nach", "bei", "из", "з",
    "طبق",
    "بر اساس",
)  # fmt: skip
