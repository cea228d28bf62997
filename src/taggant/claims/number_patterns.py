"""What stands around numbers and clauses: units that are no arms, money, references, joints; in eight languages.

Invariant: nothing here decides; `what_is_said` does.
"""

from __future__ import annotations

import re

NAMED = re.compile(
    r"(?<![\w-])(?:[A-ZА-ЯІЇЄҐ][\w’'ʼ]*(?:\s[A-ZА-ЯІЇЄҐ][\w’'ʼ]+)?)-(?:\d{1,4}[A-Za-zА-Я]{0,2}|[A-Z]{1,2}\d{0,3}|[МMТTКKДD]\d?)(?!\w)"
)
OTHER_UNITS = re.compile(
    r"^[\s-]*(?:km|kilomet|kilogram|kg|tonn?e?s?\b|tons?\b|gram|m\b|met(?:re|er)|mile|hour|minute|second|people|person|soldier|worker|"
    r"employee|staff|women|men\b|children|civilian|casualt|victim|dead|killed|wounded|injured|students?|day\b|days\b|weeks?\b|months?\b|years?\b|year-old|"
    r"countr|compan|firms?\b|brands?\b|states?\b|cit(?:y|ies)|regions?\b|plants?\b|factor|sites?\b|buildings?|pages?|cents?\b|euros?|dollars?|"
    r"час|минут|километр|км|кг|тонн|метр|челов|сотрудник|рабочи|солдат|людей|дней|недел|месяц|лет\b|год|стран|компан|фирм|страниц|завод|долл|евро|руб|"
    r"годин|хвилин|кілометр|осіб|людей|працівник|робітник|днів|тижн|місяц|рок|країн|компан|сторін|підприємств|євро|грн|"
    r"kilometer|stunden?|minuten|menschen|personen|mitarbeiter|soldaten|tage|wochen|monate|jahre|länder|firmen|seiten|euro|dollar|tonnen|"
    r"heures?|minutes?|personnes|employés|salariés|soldats|jours|semaines|mois|ans\b|années|pays|entreprises|pages|kilom|euros|"
    r"horas?|minutos?|personas|empleados|trabajadores|soldados|días|semanas|meses|años|países|empresas|páginas|kilóm|euros|dólares|"
    r"godzin|minut|osób|ludzi|pracownik|żołnierz|dni\b|tygodni|miesięcy|lat\b|krajów|firm|stron|kilometr|ton\b|"
    r"ساعت|دقیقه|کیلومتر|نفر|کارگر|سرباز|روز|هفته|ماه\b|سال|کشور|شرکت|صفحه|تن\b)"
)
MONEY = re.compile(r"(?:[$€£₽]|usd|eur)\s?$")
MONEY_AFTER = re.compile(
    r"^\s?(?:(?:million|billion|bn|m)\s)?(?:us\s)?(?:dollars?|euros?|roubles?|rubles?|pounds|долл|евро|руб|грн|\$|€|₽|dólares|dolarów|دلار)"
)
NUMBERED = re.compile(
    r"(?<!\w)(?:resolution|no\.?|number|nos\.?|article|annex|paragraph|section|page|figure|table|chapter|unit|series|serial|block|flight|brigade|regiment|room|hall|building|"
    r"резолюци\w+|№|стать\w+|пункт\w*|параграф\w*|стр\.|цех\w*|бригад\w*|серии|резолюці\w+|статт\w+|пункт\w*|цех\w*|"
    r"nr\.?|resolution|artikel|absatz|seite|halle|artículo|resolución|párrafo|página|résolution|article|paragraphe|page|"
    r"rezolucj\w+|artykuł\w*|punkt\w*|strona|قطعنامه|ماده|شماره|بند|صفحه)\s?$"
)
OF_THEM = re.compile(
    r"\s*(?:of (?:them|these|those|which|whom)|из них|з них|із них|z nich|davon|von ihnen|d['’]entre (?:eux|elles)|de (?:ellos|ellas)|از آنها|از آن‌ها)(?!\w)"  # noqa: E501
)
NONE_OF = re.compile(
    r"^\W*(?:none of|no\b|not (?:a single|one)|neither|never|никак\w+|ни одн\w+|жодн\w+|ніяк\w+|aucun\w*|pas un\w*|kein\w*|ningun\w*|ningún|jamás|"  # noqa: E501
    r"żad\w+|nigdy|ani jed\w+|هیچ)"
)
HEARSAY = re.compile(r"(?<!\w)soll(?:en)? [^;]*(?:haben|worden sein|gewesen sein)(?!\w)")
NOT_MORE = re.compile(
    r"(?:never|cannot|can't|could not|can not|не может|не могут|не мог\w*|никогда|"
    r"не може|не можуть|ніколи|nie może|nigdy|nicht|nie|kaum|ne peut|jamais|no puede|nunca|هرگز|نمی‌\w+)"
)
FIGURED = re.compile(
    r"(?:\bbeen|\bwas|\bwere|\bis|\bwaren|\bwar|\bétait|\bera|\bfue|было|был|составил\w*|становил\w*|wynosił\w*|بود|—|–|:)\s*$"
)
JOINT = re.compile(
    r";|[,—–]\s(?:and|but|while|whereas|although|though|хотя|хоча|obwohl|bien que|aunque|choć|а|но|однако|и|але|та|і|"
    r"und|aber|während|doch|mais|et|tandis|pero|y|mientras|ale|a|zaś|natomiast|i|ولی|اما|و)\s"
)
