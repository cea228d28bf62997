"""A small invented case in a folder, with a word planted in every row that may not be shown at CLEAR."""

from __future__ import annotations

from pathlib import Path

from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger

CANARY = "ZZCANARY"
"""Stands in every cell of a row above CLEAR, or resting on one, and nowhere else."""

_FILES = {
    "case.toml": """\
uuid = "5b6f0c1e-0000-4f0a-9c77-0e1a4be57e12"
title = "Sparrow, an invented case"
subject = "Two frames that never existed"
as_of = "2025-06-30"
tlp = "CLEAR"
""",
    "sources.csv": f"""\
source_id,title,kind,url,published,relays,tlp
listing,Invented listing,official,https://example.org/listing,2024-01-10,,
relay,Invented relay,press,https://example.org/relay,2024-02-01,listing,
closed-{CANARY},{CANARY} closed source,leak,https://example.org/{CANARY},2024-01-11,,RED
hearsay-{CANARY},{CANARY} hearsay,press,,2024-01-12,closed-{CANARY},
""",
    "incidents.csv": """\
incident_id,occurred,place,country,source_id
find-1,2023-05-02,a field,XA,listing
find-2,2023-06-02,a wood,XA,listing
""",
    "items.csv": f"""\
item_id,kind,designation,serial_as_marked,incident_id,recovered,known,source_id,tlp
sp-1,uav,Sparrow,А-17,find-1,2023-05-02,2023-06-01,listing,
sp-2,uav,Sparrow,A-42,find-2,2023-06-02,2023-07-01,listing,
sp-3-{CANARY},uav,{CANARY} Sparrow,A-{CANARY},find-2,2023-06-02,2023-07-01,listing,RED
""",
    "components.csv": f"""\
component_id,item_id,function,marking,brand,maker,read_quality,source_id,locator,tlp
c-1,sp-1,signal processor,TMS320F28335PGFA G4A-22AXTXW,TI,TI,sure,listing,row=1,
c-2,sp-1,gate,PJ 2386,,,likely,listing,row=2,
../../x,sp-1,regulator,<script>alert(1)</script> PS767D301 22AT2KF G4,TI,TI,sure,listing,row=3,
Часть-1,sp-2,regulator,PS767D301 21AT2KF G4,TI,TI,sure,listing,row=4,
c-red-{CANARY},sp-1,clock,{CANARY} 2 TMS320F28335PGFA G4A-23AXTXW,{CANARY} brand,TI,sure,listing,row=5,AMBER
c-on-{CANARY},sp-3-{CANARY},{CANARY} gate,{CANARY} PS767D301 22AT2KF G4,TI,TI,sure,listing,row=6,
c-from-{CANARY},sp-2,{CANARY} gate,{CANARY} 3,,,sure,hearsay-{CANARY},row=7,
""",
    "claims.csv": f"""\
claim_id,source_id,speaker,via,topic,scope,stance,quantity_low,quantity_high,unit,measure,period,said,statement,tlp
made-1,relay,a spokesman,listing,production.made,Sparrow,assert,100,120,drones,total,2023,2024-02-01,Some were made,
made-2,listing,a spokesman,,production.made,Sparrow,assert,90,90,drones,total,2023,2024-02-02,Ninety were made,
made-3-{CANARY},relay,{CANARY},closed-{CANARY},production.made,Sparrow,assert,777,777,drones,total,2023,2024-02-03,\
{CANARY} were made,
plan-1,listing,a planner,,production.plan,Sparrow,plan,500,500,drones,total,2024,2024-02-01,Five hundred are planned,
""",
    "parties.csv": f"""\
party_id,name,country,source_id,tlp
works,Invented Works,XA,listing,
broker-{CANARY},{CANARY} Broker,XA,listing,RED
""",
    "transfers.csv": f"""\
transfer_id,what,item_id,from_party,to_party,on,shown_as,source_id
t-1,frames,sp-1,works,,2023-01-05,inferred,listing
t-2-{CANARY},{CANARY} frames,sp-1,works,{CANARY} Broker,2023-01-06,inferred,listing
""",
}  # fmt: skip


def make_case(folder: Path) -> Path:
    """Write the case and import it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Ledger.create(folder) as ledger:
        report = import_case(ledger, folder, author="tester")
    assert report.commit is not None, report.issues
    return folder
