# ruff: noqa: E501  (typed tables: one row a line, however long)
"""The invented sources, what they claim, and what was promised: typed by hand, one row a line, columns parted by `|`.

Invariant: every title begins with "Invented". The last column of a claim, `truth`, goes to TRUTH.md and nowhere else.
`{…}` in a claim is filled from the world, so that no number stands in two places.
"""

from __future__ import annotations

Row = dict[str, str]


def rows(text: str) -> list[Row]:
    """Read a table typed as text: a header, then one row a line."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


NO_ADDRESS = ("leak-plant", "xd-hearing")
"""Sources nobody opened: known only through those that relay them."""

SOURCES = rows("""
source_id|title|publisher|kind|published|language|reliability|reliability_reason|relays|tlp|note
insp-2022|Invented inspection report 1|Kestrel Field Group|inspection|2022-12-31|en|A|Graded by analyst an-1: method stated, pictures of every mark|||
insp-2023|Invented inspection report 2|Kestrel Field Group|inspection|2023-12-31|en|A|Graded by analyst an-1: as report 1|||
insp-2024|Invented inspection report 3|Kestrel Field Group|inspection|2024-12-31|en|A|Graded by analyst an-1: as report 1|||
insp-2025|Invented inspection report 4|Kestrel Field Group|inspection|2025-06-30|en|A|Graded by analyst an-1: as report 1|||
lab-1|Invented laboratory sheets on engine plates|Institute of Marks, XC|inspection|2024-11-04|en|A|Graded by analyst an-1: accredited in the story||GREEN|
guide-1|Invented guide to the features of the Kestrel|Kestrel Field Group|document|2024-02-01|en||||GREEN|Declares features and levels
channel-larkspur|Invented picture channel Larkspur|Larkspur|photo|2025-06-30||C|Graded by analyst an-2: pictures real in the story, dates loose|||
channel-barberry|Invented picture channel Barberry|Barberry|photo|2025-06-30||D|Graded by analyst an-2: prints numbers it has not seen|||
leak-plant|Invented planning papers of Tallow Plant||leak|2023-06||||||Not opened: known only through a source that relays it
herald-plan|Invented article: a plan for thousands of aircraft|XC Herald|press|2023-08-14|en|B|Graded by analyst an-1: says what it saw and what it did not|leak-plant||
courier-plan|Invented article: thousands of aircraft each year|XD Courier|press|2023-08-16|en|C|Graded by analyst an-2|herald-plan||
gazette-plan|Invented article: a factory of thousands|XF Gazette|press|2023-08-21|en|||courier-plan||End of the chain of four: gazette, courier, herald, planning papers
xc-ministry|Invented briefing on aircraft launched and made|Ministry of Defence of XC|official|2025-01-20|en|B|Graded by analyst an-1: a party to the war|||
bulletin-made|Invented article: three thousand made|XC Bulletin|press|2025-01-21|en|||xc-ministry||
wire-capacity|Invented article: what two plants could make|Wire of XF|press|2024-07-08|en|C|Graded by analyst an-2|||
quill-worker|Invented account of a worker of Quill Works|Kestrel Field Group|document|2024-12-02|en||||RED|The worker is witness W-1: the name is sealed with the custodian; there is no column for sealed names yet
seminar-notes|Invented notes of a closed seminar|Kestrel Field Group|document|2024-10-10|en||||AMBER+STRICT|
xa-ministry|Invented statements of the foreign ministry of XA|Foreign Ministry of XA|official|2023-09-01|en|E|Graded by analyst an-1: took back its own words|||
xb-ministry|Invented statements of the ministry of industry of XB|Ministry of Industry of XB|official|2024-08-20|en|E|Graded by analyst an-1: denied what it had shown|||
xd-hearing|Invented hearing of the customs service of XD||official|2024-03||||||Not opened: known only through a source that relays it
courier-customs|Invented article: customs under question|XD Courier|press|2024-03-15|en|C|Graded by analyst an-2|xd-hearing||
customs-xd|Invented customs rows of XD|Customs Service of XD|trade|2024-06-30|en|B|Graded by analyst an-1: complete by its own count|||
export-xa|Invented export rows of XA|Statistics Office of XA|trade|2024-06-30|en|D|Graded by analyst an-1: months are missing|||
waybills|Invented waybills of Swale Shipping||leak|2024-04-11|en||||AMBER|
delivery-papers|Invented delivery papers of both plants||leak|2024-12-20|en||||AMBER|Names serials with their variant
use-xc|Invented monthly counts of launches|Air Command of XC|official|2025-06-05|en|B|Graded by analyst an-1: a party to the war|||
use-watch|Invented monthly counts by volunteers|Watch of the Skies|dataset|2025-06-10|en|C|Graded by analyst an-2: sees the cities only|||
forged-paper|Invented stock list, forged within the story||document|2025-02-02|en|||||Withdrawn on 2025-03-10 (story.toml): the paper is a forgery
tribune-forged|Invented article: twelve thousand in store|XC Tribune|press|2025-02-03|en|||forged-paper||
tribune-correction|Invented correction of the article on twelve thousand|XC Tribune|press|2025-03-09|en|||||
accord-text|Invented text of the Lake Accord|Secretariat of the Lake Accord|document|2023-06-20|en|A|Graded by analyst an-1: the text itself|||
letter-xd|Invented letter to XD|Foreign Ministry of XC|document|2023-10-01|en||||GREEN|
harrow-statement|Invented statement of Harrow Works|Harrow Works|document|2022-12-15|en|||||
find-north|Invented survey of two cartridge caches|Kestrel Field Group|inspection|2024-05-30|en|A|Graded by analyst an-1: as report 1|||
fennel-book|Invented lot book of Fennel Cartridge Works|Fennel Cartridge Works|document|2024-08-12|en||||AMBER|Came as an answer to a trace request
find-launcher|Invented survey of a launcher|Kestrel Field Group|inspection|2024-09-19|en|A|Graded by analyst an-1: as report 1|||
end-user-paper|Invented end-user certificate of the launcher|Ministry of Defence of XD|document|2017-03-02|en||||AMBER|
witness-notes|Invented notes of talks at the river town|Kestrel Field Group|document|2024-04-02|en||||RED|Witness W-2: the name is sealed with the custodian; there is no column for sealed names yet
""")

CLAIMS = rows("""
claim_id|source_id|speaker|via|topic|scope|stance|quantity_low|quantity_high|unit|measure|per|period|said|credibility|statement|locator|tlp|note|truth
c01|leak-plant|planning office of Tallow Plant|own|production.plan|kestrel|plan|3500|3500|aircraft|total||../2024-12-31|2023-06||Both plants are to have made 3,500 aircraft by the end of 2024||||a plan; {made_xb_2024} were made by then: not met
c02|herald-plan|planning office of Tallow Plant||production.plan|kestrel|plan|3500|3500|aircraft|total||../2024-12-31|2023-08-14|2|The papers foresee 3,500 aircraft by the end of 2024|page=1|||true copy of c01
c03|courier-plan|planning office of Tallow Plant||production.plan|kestrel|plan|3500|3500|aircraft|rate|year|2024|2023-08-16|5|The papers foresee 3,500 aircraft a year|page=1|||copying error: a total became a rate
c04|gazette-plan|planning office of Tallow Plant||production.plan|kestrel|plan|3500||aircraft|rate|year|2024|2023-08-21||More than 3,500 aircraft a year are foreseen|page=1|||copy of c03 with its error, and "more than" added
c05|leak-plant|planning office of Tallow Plant|own|production.plan|kestrel-c|plan|150|150|aircraft|rate|month|2024|2023-06||Variant C is to reach 150 a month||||a plan; {rate_c_2024} a month were made: not met
c06|xb-ministry|minister of industry of XB|own|production.plan|kestrel|promise|5000|5000|aircraft|rate|year|2026|2024-08-20||From 2026 the country will make 5,000 a year|page=3|||lies ahead; cannot be told
c07|insp-2024|Kestrel Field Group|own|production.made|kestrel|assert|1100|1500|aircraft|total||../2023-12-31|2024-12-31|2|Serials speak for 1,100 to 1,500 made in XB by the end of 2023|page=41|||true: {made_xb_2023}
c08|xc-ministry|ministry of XC|"an intercepted report of Tallow Plant"|production.made|kestrel|assert|3000|3200|aircraft|total||../2024-12-31|2025-01-20|2|About 3,100 aircraft were made in XB by the end of 2024|page=2|||true: {made_xb_2024}
c09|bulletin-made|ministry of XC|xc-ministry;"an intercepted report of Tallow Plant"|production.made|kestrel|assert|3000||aircraft|total||../2024-12-31|2025-01-21||More than three thousand were made|page=1|||true copy of c08; same root
c10|wire-capacity|two former managers|own|production.made|kestrel|assert|180|200|aircraft|capacity|month|2024-07/2024-12|2024-07-08|3|The two plants could make 180 to 200 a month|page=1|||true as a capacity; {rate_xb_2024h2} a month were made
c11|seminar-notes|a participant|own|production.made|kestrel|assert|140|160|aircraft|rate|month|2024|2024-10-10||About 150 a month leave the two plants|page=4||Speaker not named by the rules of the seminar|true: {rate_xb_2024} a month in 2024
c12|quill-worker|witness W-1|own|production.made|kestrel-c of Quill Works|assert|38|45|aircraft|rate|month|2024|2024-12-02|2|Quill Works finished some forty a month|char=120,180||W-1: sealed handle|true: {rate_q_2024}
c13|xb-ministry|ministry of industry of XB|own|production.made|kestrel|deny||||||2023|2023-11-30|5|No such aircraft are made in the country|page=1|||false
c14|xb-ministry|minister of industry of XB|own|production.made|kestrel|assert|100|100|aircraft|rate|month|2024-07/2024-08|2024-08-20||A hundred a month are made|page=3||Against the denial of 2023 by the same ministry|too low: {rate_xb_2024h2} a month
c15|forged-paper|stock office of Tallow Plant|own|production.made|kestrel|assert|12000|12000|aircraft|total||../2024-12-31|2025-02-02||Twelve thousand aircraft lie in store|page=1||Withdrawn on 2025-03-10|false: forged
c16|tribune-forged|stock office of Tallow Plant||production.made|kestrel|assert|12000|12000|aircraft|total||../2024-12-31|2025-02-03||A stock list shows twelve thousand aircraft|page=1|||false: copy of a forgery
c17|tribune-correction|XC Tribune|own|production.made|kestrel|deny|12000|12000|aircraft|total||../2024-12-31|2025-03-09||The outlet takes back the twelve thousand: the list is forged|page=1|||true
c18|insp-2023|Kestrel Field Group|own|production.made|kestrel-a|assert|700|950|aircraft|total||../2022-12-31|2023-12-31|2|Serials speak for 700 to 950 of variant A|page=38|||true: {made_a}
c19|waybills|Swale Shipping|own|transfer.delivered|kestrel-a|assert|820|820|aircraft|total||2022-01/2023-02|2024-04-11|2|Six loads with 820 airframes went from XA to XB|page=2|||true
c20|xa-ministry|spokesperson of XA|own|transfer.delivered|kestrel-a|deny||||||2022|2022-10-05|5|XA has delivered no aircraft to XB|page=1|||false
c21|xa-ministry|foreign minister of XA|own|transfer.delivered|kestrel-a|assert|1|50|aircraft|total||../2022-01|2023-04-12|4|A small number was delivered before the fighting|page=2||Against c20, by the same ministry|false in number; true that there were deliveries
c22|herald-plan|an official of XC|"an official of XC who was not named"|transfer.delivered|kestrel-a|assert|200||aircraft|total||2022|2023-08-14|3|Hundreds of airframes came from XA in 2022|page=2|||true
c23|waybills|Swale Shipping|own|transfer.delivered|engines|assert|1260|1260|engines|total||2022-09/2023-12|2024-04-11|2|Sixteen loads with 1,260 engines went from XA to XB|page=9|||true
c24|customs-xd|customs service of XD|own|transfer.delivered|engines|assert|1134|1134|engines|total||2022-09/2023-12|2024-06-30|3|1,134 pump motors passed through in the same months|page=9||Nine tenths of the waybills' number in each month|too low: under-declared
c25|leak-plant|planning office of Tallow Plant|own|transfer.ordered|engines|assert|1300|1300|engines|total||2022-09/2023-12|2023-06||1,300 engines of type H2 are ordered||||true as an order; 1,260 came
c26|xa-ministry|foreign minister of XA|own|transfer.stopped|kestrel-a|assert||||||2023-03/..|2023-04-12|2|No airframe has left for XB since the first of March 2023|page=2|||true: the last left on 2023-02-15
c27|xa-ministry|spokesperson of XA|own|transfer.stopped|engines|assert||||||2023-07/..|2023-09-01|5|No engine has left for XB since the accord|page=1|||false: the last left on 2023-12-10
c28|channel-larkspur|channel Larkspur|own|transfer.delivered|engines|assert|80|100|engines|total||2023-11|2023-11-20|3|A load of some ninety engines is at the port|t=00:12|||true: 90
c29|witness-notes|witness W-2|own|transfer.delivered|engines|assert|||||| 2023-12|2024-04-02|3|Crates of engines came to the river town in December|char=10,80||W-2: sealed handle|true
c30|courier-customs|head of customs of XD||transfer.stopped|electronics|assert||||||2023-10/..|2024-03-15||Nothing that the letter names is sent on|page=1|||cannot be told from what the case holds
c31|seminar-notes|a participant|own|transfer.delivered|electronics|assert|||||| 2024|2024-10-10||Goods of the list still pass through XD under other names|page=5|||cannot be told from what the case holds
c32|insp-2024|Kestrel Field Group|own|localisation.share|kestrel|assert|55|65|percent||| 2023-10/2024-12|2024-12-31|2|Of the places that two sorts of part fit, 55 to 65 percent hold a CN brand since October 2023|page=52|||true: 60
c33|insp-2023|Kestrel Field Group|own|localisation.share|kestrel|assert|15|25|percent||| 2022/2023-09|2023-12-31|2|Before, 15 to 25 percent did|page=44|||true: 20
c34|xb-ministry|ministry of industry of XB|own|localisation.share|kestrel|assert|100|100|percent||| 2024|2024-08-20|5|Everything in it is made at home|page=4|||false
c35|leak-plant|planning office of Tallow Plant|own|localisation.share|kestrel|plan|70|70|percent||| 2024|2023-06||Seven parts in ten are to be home-made in 2024||||a plan; not met
c36|lab-1|Institute of Marks|own|components.count|kestrel-c|assert|11|14|components|total|||2024-11-04|2|Eleven to fourteen marked parts an aircraft|page=2|||true of those examined completely
c37|gazette-plan|XF Gazette|own|components.count|kestrel|assert|100||components|total|||2023-08-21||More than a hundred foreign parts in each|page=1|||false: counts parts of several wrecks together
c38|insp-2024|Kestrel Field Group|own|capability.fitted|mesh radio|assert|||||| 2023-09/2024-12|2024-12-31|2|Most of variant C carry a mesh radio|page=60|||true: {radio_c} in ten
c39|channel-barberry|channel Barberry|own|capability.fitted|camera|assert|||||| 2024-07/..|2024-09-30|3|Cameras are fitted since the summer|t=01:05|||true: half of variant C made since 2024-07
c40|xb-ministry|ministry of industry of XB|own|capability.fitted|camera|deny|||||| 2024|2024-08-20|5|No aircraft carries a camera|page=5|||false
c41|bulletin-made|XC Bulletin|"an analyst"|capability.fitted|self-guided swarm|assert|||||| 2025|2025-01-21||The aircraft find their way as a swarm by themselves|page=2||No part for it is documented|false: a mesh radio is all there is
c42|xc-ministry|ministry of XC|own|use.launched|kestrel|assert|{use_2023_low}|{use_2023_high}|aircraft|total||2023|2025-01-20|2|The aircraft launched in 2023, with a margin of a tenth|page=1|||true: {use_2023}
c43|xc-ministry|ministry of XC|own|use.launched|all types|assert|{use_2024_decoys}|{use_2024_decoys}|aircraft|total||2024|2025-01-20|2|Launched in 2024, decoys among them|page=1||With decoys: not to be set beside use.csv rows without|true with decoys; {use_2024} without
c44|use-watch|volunteers|own|use.launched|kestrel|assert|{use_2024_watch}|{use_2024_watch}|aircraft|total||2024|2025-06-10|3|Launched in 2024, as seen over the cities|row=1|||too low: {use_2024}; they see some 85 in a hundred
c45|xb-ministry|ministry of industry of XB|own|use.launched|kestrel|deny|||||| 2022/2024|2024-08-20|5|No such aircraft is used|page=5|||false
c46|insp-2023|Kestrel Field Group|own|producer.identified|kestrel-b|assert||||||2023|2023-12-31|2|The items marked \u042b were built at Tallow Plant in XB|page=20|||true
c47|xb-ministry|ministry of industry of XB|own|producer.identified|kestrel-b|assert||||||2023|2023-11-30|4|The aircraft are bought abroad|page=1||A rival reading: the marks would be put on later|false
c48|xa-ministry|spokesperson of XA|own|producer.identified|kestrel-b|deny||||||2023|2023-09-01|2|XA did not build the aircraft marked \u042b|page=1|||true, but for the engines
c49|insp-2025|Kestrel Field Group|own|producer.identified|N-7|assert|||||| 2025|2025-06-30|2|The item N-7 fits no known variant|page=3|||true
c50|channel-barberry|channel Barberry|"people who saw pictures"|producer.identified|N-7|assert|||||| 2025|2025-05-28|5|N-7 was made in XA|t=00:40|||false: Tallow Plant
c51|xa-ministry|foreign minister of XA|own|commitment|kestrel-a|promise||||||2023-03/..|2023-02-20||No airframe will leave for XB from the first of March|page=1|||kept
c52|accord-text|XA and XC|own|commitment|engines|promise||||||2023-07/..|2023-06-20||XA sends no engine to XB from the first of July|page=1|||not kept
c53|letter-xd|Foreign Ministry of XC|own|commitment|electronics|request||||||2023-10/..|2023-10-01||XD is asked to send on no electronics of the list|page=1|||asked, never promised; cannot be told
c54|harrow-statement|Harrow Works|own|commitment|kestrel-a|promise||||||2023-01/..|2022-12-15||The works end variant A with the year|page=1|||kept
c55|xb-ministry|spokesperson of XB|own|commitment|north port|promise||||||2024-09/2025-03|2024-08-20||No aircraft will be sent against the north port before April 2025|page=6|||not kept
c56|find-north|Kestrel Field Group|own|transfer.delivered|cartridge lots|assert|3|3|lots|total||2021|2024-05-30|2|Three of the lots in the caches had been sold to the depot of XD|page=7|||true
c57|courier-customs|depot of XD|"a spokesperson of the depot"|transfer.delivered|cartridge lots|deny||||||2021/2024|2024-03-15|5|No lot has left the depot|page=2|||false: two did
c58|fennel-book|Fennel Cartridge Works|own|production.made|cartridge lots|assert|12|12|lots|total||2021|2024-08-12|2|Twelve lots were loaded in 2021|page=1|||true
c59|find-launcher|Kestrel Field Group|own|transfer.delivered|launchers|assert|1|1|launchers|total||2017|2024-09-19|2|The tube was imported by XD in 2017, by its import mark|page=2|||true
""")

COMMITMENTS = rows("""
commitment_id|title|obliged|forbids|stop|since|until|on_whose_word|source_id|locator|note|truth
com-airframes|XA sends no Kestrel airframe to XB|XA|airframe|transfer|2023-03-01||promised|xa-ministry|page=1||kept
com-engines|XA sends no engine to XB (Lake Accord)|XA|engine|transfer|2023-07-01||agreed|accord-text|page=1||not kept
com-electronics|XD sends on no electronics to XB|XD|electronics;navigation|transfer|2023-10-01||asked|letter-xd|page=1|Asked only: nobody promised it|cannot be told
com-manufacture|Harrow Works ends variant A|Harrow Works|any|manufacture|2023-01-01||promised|harrow-statement|page=1||kept
com-port|XB sends no aircraft against the north port|XB|any|use|2024-09-01|2025-03-31|promised|xb-ministry|page=6||not kept
""")

READINGS = rows("""
hypothesis_id|issue|statement|prior|would_change|source_id|locator|truth
h-tallow|Where were the aircraft marked Ы built?|They were built at Tallow Plant in XB|0.4|Delivery papers of Tallow Plant that name none of them|insp-2023|page=9|true
h-bought|Where were the aircraft marked Ы built?|XB bought them ready from XA|0.4|An aircraft marked Ы with every module of variant A|xb-ministry|page=4|false
h-kits|Where were the aircraft marked Ы built?|XB put together kits of XA|0.2|Parts in one aircraft that were made after the last load of airframes|herald-plan|page=1|false
""")
"""Rival readings of one thing, and in the last column which of them is so."""

_WHY = "Judged by analyst an-1 of the story; no measurement"
LIKELIHOODS = [
    {"evidence_id": evidence_id, "hypothesis_id": reading, "evidence": evidence, "likelihood": likelihood,
     "why": f"{_WHY}: {why}", "source_id": source, "locator": locator}
    for evidence_id, evidence, source, locator, why, shares in (
        ("ev-features", "The wrecks marked Ы differ from those marked M in wing joints, servo and wiring", "insp-2023",
         "page=9", "another maker builds otherwise; kits and ready aircraft would not differ", ("0.8", "0.05", "0.2")),
        ("ev-denial", "XA denies that it built the aircraft marked Ы", "xa-ministry", "page=2",
         "a denial is cheap whoever built them", ("0.9", "0.8", "0.8")),
        ("ev-engines", "Engine plates of the wrecks marked Ы are those of XA", "lab-1", "sheet=3",
         "engines came from XA under each reading", ("0.7", "0.9", "0.9")),
    )
    for reading, likelihood in zip(("h-tallow", "h-bought", "h-kits"), shares, strict=True)
]  # fmt: skip
