# ruff: noqa: E501  (typed tables: one row a line, however long)
"""The invented finds beside the aircraft, and whose hands the goods went through: typed by hand, columns parted by `|`.

Invariant: parties are organisations of invented countries; of persons there are roles and sealed handles only.
"""

from __future__ import annotations

from .kestrel_sources import Row, rows

INCIDENTS = rows("""
incident_id|occurred|place|country|source_id|note
inc-cache-north|2024-04-03|farm north of the river town|XC|find-north|Who showed it is in a closed row
inc-cache-south|2024-04-28|quarry south of the river town|XC|find-north|
inc-launcher|2024-08-30|lake village|XC|find-launcher|
inc-heap|../2023-08-21||XC|gazette-plan|Not one event: where the parts fell is not said
inc-workshop|2024-11-12|workshop at the river town|XC|insp-2024|Seized by the police of the story
""")

ITEMS = rows("""
item_id|kind|designation|serial_as_marked|part_of|incident_id|recovered|known|seen_as|stands_for|examined_first|source_id|locator|note
cart-1|cartridge_lot|7 mm cartridge, paper packets|||inc-cache-north|2024-04-03|2024-05-30|documented||2024-04-05|find-north|page=2|Packets of one lot
cart-2|cartridge_lot|7 mm cartridge, paper packets|||inc-cache-north|2024-04-03|2024-05-30|documented||2024-04-05|find-north|page=2|Packets of another lot in the same crate
cart-3|cartridge_lot|7 mm cartridge, loose|||inc-cache-north|2024-04-03|2024-05-30|documented||2024-04-05|find-north|page=3|Loose: a headstamp and no lot
cart-4|cartridge_lot|7 mm cartridge, tin|||inc-cache-south|2024-04-28|2024-05-30|documented||2024-05-02|find-north|page=4|
cart-5|cartridge_lot|7 mm cartridge, crate|||inc-cache-south|2024-04-28|2024-05-30|documented||2024-05-02|find-north|page=5|The stencil of the crate and the packets in it name different lots: repacked
cart-6|cartridge_lot|7 mm cartridge, loose|||inc-cache-south|2024-04-28|2024-05-30|documented||2024-05-02|find-north|page=6|Another maker's headstamp
launch-1|launcher|Brindle shoulder launcher|BR 20417||inc-launcher|2024-08-30|2024-09-19|documented|one|2024-09-02|find-launcher|page=1|Empty tube; cleared before it was documented
launch-1-grip|launcher|Brindle shoulder launcher, grip|BR 19958|launch-1|inc-launcher|2024-08-30|2024-09-19|documented|one|2024-09-02|find-launcher|page=3|Does not agree with the tube: exchanged
launch-2|launcher|Brindle shoulder launcher|||inc-launcher|2024-08-30|2024-09-19|reported|one||find-launcher|page=6|Known from a picture only; marks not to be read
unit-1|electronic_unit|satellite receiver unit|46-0112||inc-workshop|2024-11-12|2024-12-31|documented|one|2024-11-20|insp-2024|page=66|Not yet built in
unit-2|electronic_unit|control unit|||inc-workshop|2024-11-12|2024-12-31|documented|one|2024-11-20|insp-2024|page=67|Label erased
heap-1|uav|Kestrel|||inc-heap||2023-08-21|reported|several||gazette-plan|page=2|Parts laid out on a table in a picture: of several wrecks, nobody says which
""")

EXAMINATIONS = rows("""
examination_id|item_id|module|by|on|depth|complete|source_id|locator|note
ex-cart-1|cart-1||Kestrel Field Group|2024-04-05|opened|yes|find-north|page=2|
ex-cart-2|cart-2||Kestrel Field Group|2024-04-05|opened|yes|find-north|page=2|
ex-cart-3|cart-3|cartridge|Kestrel Field Group|2024-04-05|seen|yes|find-north|page=3|
ex-cart-4|cart-4|inner_packaging|Kestrel Field Group|2024-05-02|opened|no|find-north|page=4|The tin was not emptied
ex-cart-5|cart-5|outer_packaging|Kestrel Field Group|2024-05-02|opened|yes|find-north|page=5|
ex-cart-6|cart-6|cartridge|Kestrel Field Group|2024-05-02|seen|no|find-north|page=6|
ex-launch-1-tube|launch-1|tube|Kestrel Field Group|2024-09-02|seen|yes|find-launcher|page=1|
ex-launch-1-round|launch-1|round|Kestrel Field Group|2024-09-02|seen|no|find-launcher|page=1|Nothing was in the tube
ex-launch-1-battery|launch-1-grip|grip|Institute of Marks|2024-09-12|laboratory|no|find-launcher|page=4|The battery alone
ex-launch-1-grip|launch-1-grip|grip|Kestrel Field Group|2024-09-02|opened|yes|find-launcher|page=3|
ex-unit-1|unit-1||Kestrel Field Group|2024-11-20|dismantled|yes|insp-2024|page=66|
ex-unit-2|unit-2|board|Kestrel Field Group|2024-11-20|dismantled|no|insp-2024|page=67|
""")

COMPONENTS = rows("""
component_id|item_id|module|function|marking|brand|brand_country|part_number_stated|made_stated|read_quality|quantity|source_id|locator|note
unit-1-c1|unit-1|board|satellite receiver|NEO-M8N 24/22|u-blox|CH|NEO-M8N||sure|1|insp-2024|page=66|
unit-1-c2|unit-1|board|memory|24FC512 2431K7B|Microchip Technology|US|24FC512||sure|1|insp-2024|page=66|
unit-2-c1|unit-2|board|control processor|TMS320F28335PGFA G4A-46CKTXW|Texas Instruments|US|TMS320F28335PGFA||likely|1|insp-2024|page=67|
unit-2-c2|unit-2|board|memory|24FC512 2461R3D|Microchip Technology|US|24FC512||likely|1|insp-2024|page=67|Week 61 does not exist: misread or copied part; must stay undated
heap-1-c1|heap-1||memory|24FC512 2222L4C|Microchip Technology|US|24FC512||likely|1|gazette-plan|page=2|
heap-1-c2|heap-1||power transistor|AUIRF4905S 314P|International Rectifier|US|AUIRF4905S||doubtful|1|gazette-plan|page=2|
heap-1-c3|heap-1||memory|24FC512 2307T8B|Microchip Technology|US|24FC512||likely|1|gazette-plan|page=2|
launch-1-c1|launch-1-grip|grip|battery|Sallowmere SB-3 MFG 2016-08|Sallowmere|XE|SB-3|2016-08|sure|1|find-launcher|page=4|
""")

MARKINGS = rows("""
marking_id|item_id|kind|text|script|method|read_by|read_quality|source_id|locator|note
mk-cart-1-head|cart-1|logo|FCW 7 21|Latn|stamped|examiner ex-1|sure|find-north|page=2|Headstamp by the clock: maker at 12, calibre at 4, year at 8
mk-cart-1-lot|cart-1|lot|FCW-21C007-003|Latn|printed|examiner ex-1|sure|find-north|page=2|
mk-cart-2-head|cart-2|logo|FCW 7 21|Latn|stamped|examiner ex-1|sure|find-north|page=2|
mk-cart-2-lot|cart-2|lot|FCW-21D009-003|Latn|printed|examiner ex-1|sure|find-north|page=2|
mk-cart-3-head|cart-3|date|FCW 7 21|Latn|stamped|examiner ex-2|likely|find-north|page=3|
mk-cart-4-head|cart-4|logo|FCW 7 21|Latn|stamped|examiner ex-1|sure|find-north|page=4|
mk-cart-4-lot|cart-4|lot|FCW-21F012-003|Latn|printed|examiner ex-1|doubtful|find-north|page=4|F perhaps E
mk-cart-5-crate|cart-5|stencil|FCW-19B003-001 1000 XD DEPOT 4|Latn|printed|examiner ex-1|sure|find-north|page=5|
mk-cart-5-lot|cart-5|lot|FCW-21D009-003|Latn|printed|examiner ex-1|sure|find-north|page=5|Packets inside; another lot than the crate's
mk-cart-6-head|cart-6|logo|OKW 7 18|Latn|stamped|examiner ex-2|likely|find-north|page=6|A maker the story does not name
mk-launch-1-serial|launch-1|serial|BR 20417|Latn|stamped|examiner ex-1|sure|find-launcher|page=1|
mk-launch-1-lot|launch-1|lot|LOT 16-04 BRINDLE XA|Latn|printed|examiner ex-1|sure|find-launcher|page=1|
mk-launch-1-import|launch-1|import|IMP XD 2017|Latn|engraved|examiner ex-1|sure|find-launcher|page=2|By another hand and method than the maker's marks
mk-launch-1-grip|launch-1-grip|serial|BR 19958|Latn|stamped|examiner ex-1|sure|find-launcher|page=3|
mk-launch-1-ground|launch-1|label||||examiner ex-1||find-launcher|page=2|A second mark was ground off: removal is a finding of its own
mk-launch-1-battery|launch-1-grip|date|MFG 2016-08|Latn|label|examiner ex-1|sure|find-launcher|page=4|
mk-unit-1-serial|unit-1|serial|46-0112|Latn|label|examiner ex-3|sure|insp-2024|page=66|
mk-unit-1-code|unit-1|barcode|460112|Latn|label|reader software|sure|insp-2024|page=66|The bar code leaves the hyphen out
""")

PARTIES = rows("""
party_id|name|aliases|kind|country|roles|identifiers|source_id|tlp|note
harrow|Harrow Works|Harrow Works JSC; \u0425\u0430\u0440\u0440\u043e\u0443 \u0412\u043e\u0440\u043a\u0441|company|XA|manufacturer; consignor|reg-XA:INV-0001|insp-2023||
tallow|Tallow Plant|Tallow Plant LLC; \u0422\u044d\u043b\u043b\u043e\u0443 \u041f\u043b\u0430\u043d\u0442|company|XB|manufacturer; consignee|reg-XB:INV-0001|insp-2023||
quill|Quill Works|Quill Works LLC|company|XB|manufacturer; consignee|reg-XB:INV-0002|insp-2024||
fennel|Fennel Cartridge Works|FCW|company|XA|manufacturer; consignor|reg-XA:INV-0003|find-north||
brindle|Brindle Armaments|Brindle Arms; BR|company|XA|manufacturer; consignor|reg-XA:INV-0004|find-launcher||
xd-defence|Ministry of Defence of XD|Defence Ministry of XD|authority|XD|consignee; end user||end-user-paper||
xd-depot|Depot 4 of the Ministry of Defence of XD|Depot 4; XD DEPOT 4|authority|XD|end user||find-north||
lantern|Lantern Trading|Lantern Trading Ltd.; LANTERN TRADE|company|XF|consignee; notify; distributor|reg-XF:INV-0010|customs-xd||
lantern-xd|Lantern Trade XD|LANTERN TRADING XD LLC|company|XD|consignee|reg-XD:INV-0011|customs-xd||Another firm than Lantern Trading by its number: do not merge by name
ridgeway|Ridgeway Freight|Ridgeway Freight Co.|company|XD|carrier; notify|reg-XD:INV-0002|customs-xd||
swale|Swale Shipping|Swale Lines|company|XF|carrier|imo:9999999; reg-XF:INV-0003|waybills||The IMO number fails its check digit on purpose: it is nobody's
cairn|Cairn Electronics|Cairn Electronics Trading|company|XD|distributor; consignor|reg-XD:INV-0005|customs-xd||
marsh|Marsh Components|Marsh Components GmbH|company|XF|distributor; consignor|reg-XF:INV-0006|customs-xd||
tarnhollow|Tarnhollow|Tarnhollow Devices|company|XE|manufacturer|reg-XE:INV-0001|insp-2024||A brand found in a wreck is no accusation
sallowmere|Sallowmere|Sallowmere Optics|company|XE|manufacturer|reg-XE:INV-0002|insp-2024||A brand found in a wreck is no accusation
quillbrook|Quillbrook|Quillbrook Drives|company|XB|manufacturer|reg-XB:INV-0007|insp-2024||Not Quill Works: another firm with a name like it
osier|Osier Brokers|Osier|company|XF|notify|reg-XF:INV-0008|waybills|AMBER|
""")

FIXED_SHIPMENTS = rows("""
shipment_id|shipped|consignor|consignee|carrier|notify|origin_country|departure_country|destination_country|hs_code|hs_revision|description|quantity|unit|value_usd|source_id|locator|note
sh-cart-1|2021-05-11|Fennel Cartridge Works|Ministry of Defence of XD|Ridgeway Freight|Depot 4|XA|XA|XD|930630|HS 2017|CARTRIDGES 7 MM LOTS 21C007 21D009|200000|pieces|64000|fennel-book|page=3|
sh-cart-2|2021-09-02|Fennel Cartridge Works|Ministry of Defence of XD|Ridgeway Freight|Depot 4|XA|XA|XD|930630|HS 2017|CARTRIDGES 7 MM LOT 21F012|100000|pieces|32500|fennel-book|page=3|
sh-launch-1|2017-03-20|Brindle Armaments|Ministry of Defence of XD|Ridgeway Freight||XA|XA|XD|930120|HS 2017|LAUNCHERS 40 PCS SERIALS BR 20401 TO BR 20440|40|pieces|88000|end-user-paper|page=2|
sh-el-1|2023-06-14|Marsh Components|Cairn Electronics|Ridgeway Freight|Lantern Trading||XF|XD|854231|HS 2022|PROCESSORS FOR METERS|4000|pieces|52000|customs-xd|row=2001|
sh-el-2|2023-11-22|Cairn Electronics|TO THE ORDER OF LANTERN TRADING|Ridgeway Freight|Lantern Trading||XD|XB|854231|HS 2022|SPARE PARTS FOR METERS|3900|pieces|61000|customs-xd|row=2044|After the letter of October 2023
sh-el-3|2024-02-09|Cairn Electronics|Tallow Plant LLC|Ridgeway Freight|||XD|XB|852691|HS 2022|NAVIGATION SETS FOR TRACTORS|500|pieces|74000|customs-xd|row=2101|
sh-el-4|2024-05-17|Marsh Components|Lantern Trade XD|Swale Shipping|||XF|XD|854231|HS 2022|PROCESSORS|2500|pieces|31000|customs-xd|row=2163|
sh-el-5|2023-06|Marsh Components|Cairn Electronics||||XF|XD|854231|HS 2022|PROCESSORS|3000|pieces|39000|export-xa|row=88|The same load as sh-el-1 with another number, as another country writes it
""")

FIXED_TRANSFERS = rows("""
transfer_id|what|item_id|component_id|shipment_id|from_party|to_party|on|shown_as|quantity|source_id|locator|note
tr-cart-1|cartridge lots 21C007 and 21D009|cart-1||sh-cart-1|Fennel Cartridge Works|Ministry of Defence of XD|2021-05-11|observed|200000|fennel-book|page=3|
tr-cart-2|cartridge lot 21F012|cart-4||sh-cart-2|Fennel Cartridge Works|Ministry of Defence of XD|2021-09-02|observed|100000|fennel-book|page=3|
tr-cart-3|cartridge lots 21C007 and 21D009|cart-2|||Ministry of Defence of XD|Depot 4 of the Ministry of Defence of XD|2021-06|observed|200000|reply-2|page=1|
tr-cart-4|cartridges of lot 21C007|cart-1|||Depot 4 of the Ministry of Defence of XD||2021-07/2024-04|inferred||find-north|page=7|Between depot and cache nothing is known
tr-launch-1|launcher BR 20417|launch-1||sh-launch-1|Brindle Armaments|Ministry of Defence of XD|2017-03-20|observed|40|end-user-paper|page=2|One of forty
tr-launch-2|launcher BR 20417|launch-1|||Ministry of Defence of XD||2017-04/2024-08|inferred|1|find-launcher|page=5|Last lawful holder by the import mark; how it left is not known
tr-el-1|processors|||sh-el-1|Marsh Components|Cairn Electronics|2023-06-14|observed|4000|customs-xd|row=2001|
tr-el-2|processors|||sh-el-2|Cairn Electronics|Lantern Trading|2023-11-22|observed|3900|customs-xd|row=2044|
tr-el-3|processors|||sh-el-2|Lantern Trading|Tallow Plant|2023-11/2024-02|inferred||customs-xd|row=2044|Destination country and goods agree; the consignee is a trader
tr-el-4|navigation sets|||sh-el-3|Cairn Electronics|Tallow Plant|2024-02-09|observed|500|customs-xd|row=2101|
tr-el-5|satellite receiver||unit-1-c1||Cairn Electronics|Tallow Plant|2024-06/2024-11|inferred|1|insp-2024|page=66|Inferred from the sort of part alone: weak
""")

CUSTODY = rows("""
event_id|item_id|event|on|from|to|place|source_id|tlp|note
cu-cart-1|cart-1|obtained|2024-04-03|witness W-2|examiner ex-1|river town|find-north|RED|W-2: the name is sealed with the custodian; there is no column for sealed names yet
cu-cart-1b|cart-1|handed over|2024-04-09|examiner ex-1|evidence room|north port|find-north||
cu-launch-1|launch-1|obtained|2024-08-30|disposal team|examiner ex-1|lake village|find-launcher||
cu-launch-1b|launch-1|handed over|2024-09-06|examiner ex-1|evidence room|north port|find-launcher||
cu-launch-1c|launch-1|sampled|2024-09-12|evidence room|Institute of Marks|north port|find-launcher||Battery taken
cu-launch-1d|launch-1|returned|2024-10-01|Institute of Marks|evidence room|north port|find-launcher||
cu-unit-1|unit-1|obtained|2024-11-12|police|examiner ex-3|river town|insp-2024||
cu-unit-2|unit-2|obtained|2024-11-14|police|examiner ex-3|river town|insp-2024||Two days between seizure and receipt are not accounted for
""")

REQUESTS = rows("""
request_id|to_party|about|sent|reminded|answered|outcome|reply_exhibit|reply_right_until|confidential|tlp|note
rq-1|Fennel Cartridge Works|lots FCW-21C007-003, FCW-21D009-003, FCW-21F012-003|2024-06-10||2024-08-12|answered|documents/reply-1.txt|2024-09-09|no|AMBER|Sent its lot book
rq-2|Ministry of Defence of XD|the same lots after 2021|2024-06-10|2024-07-15|2024-07-29|answered|documents/reply-2.txt|2024-08-26|no|AMBER|
rq-3|Depot 4 of the Ministry of Defence of XD|how two lots left the depot|2024-08-20|2024-09-20|2024-10-02|refused||2024-10-30|no|AMBER|
rq-4|Brindle Armaments|launcher BR 20417 and grip BR 19958|2024-09-23||2024-10-14|answered|documents/reply-4.txt|2024-11-11|no|AMBER|
rq-5|Ministry of Defence of XD|launcher BR 20417 after 2017|2024-10-21|2024-11-20||silent||2024-12-18|no|AMBER|
rq-6|Tarnhollow|regulators TH4410 of 2023|2024-07-01||2024-07-09|acknowledged|||no|GREEN|An answer was promised
rq-7|Marsh Components|processors of shipment sh-el-1|2024-07-01|2024-08-01|2024-08-06|answered|documents/reply-7.txt|2024-09-03|yes|AMBER+STRICT|Asked to stay unnamed in print
rq-8|Cairn Electronics|shipments sh-el-2 and sh-el-3|2024-08-12|2024-09-12||silent||2024-10-10|no|AMBER|
rq-9|Lantern Trading|shipment sh-el-2|2025-06-02|||silent||2025-07-28|no|AMBER|The right of reply still runs on the day of the case
""")

DOCUMENTS = {
    "reply-1.txt": "INVENTED LETTER. Fennel Cartridge Works to the group, 12 August 2024: the lots 21C007, 21D009 and "
    "21F012 were sold to the Ministry of Defence of XD in May and September 2021. The lot book is enclosed.\n",
    "reply-2.txt": "INVENTED LETTER. Ministry of Defence of XD to the group, 29 July 2024: the lots 21C007 and 21D009 "
    "went to Depot 4 in June 2021. What the depot did with them the ministry does not know.\n",
    "reply-4.txt": "INVENTED LETTER. Brindle Armaments to the group, 14 October 2024: tube BR 20417 was one of forty "
    "sold to the Ministry of Defence of XD in 2017. Grip BR 19958 was sold with another tube, to the same.\n",
    "reply-7.txt": "INVENTED LETTER. A distributor that asks not to be named, 6 August 2024: the processors were sold "
    "to one customer in XD for electricity meters.\n",
}


def with_source(reply: str, published: str, title: str) -> Row:
    """A source row for an answer that we hold."""
    return {"source_id": reply, "title": title, "kind": "document", "published": published, "tlp": "AMBER",
            "language": "en", "note": "We hold the letter: documents/reply-" + reply[-1] + ".txt"}  # fmt: skip
