"""The typed tables: everything a person types or judges (DESIGN, Appendix A).

Columns may be added; none changes its meaning. Every table that is a file may also have `tlp` and `note`.
"""

from __future__ import annotations

from collections.abc import Mapping

from taggant.model.exhibit_tables import EXHIBIT_PART
from taggant.model.judgement_tables import JUDGEMENT
from taggant.model.link_tables import CASE_LINK
from taggant.model.tables import Column, Kind, TableSchema
from taggant.model.tracing_tables import LIST_VERSION, LISTING
from taggant.model.ways_out_tables import PURGE, RELEASE, WITHHOLDING

TLP = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
_QUALITY = ("sure", "likely", "doubtful")
_SOURCE_KINDS = ("inspection", "document", "press", "official", "leak", "dataset", "trade", "photo")
_TOPICS = (
    "production.made", "production.plan", "transfer.delivered", "transfer.ordered", "transfer.stopped",
    "localisation.share", "components.count", "capability.fitted", "use.launched", "producer.identified", "commitment",
)  # fmt: skip
_ROLES = ("consignor", "consignee", "carrier", "notify", "end user", "manufacturer", "distributor")


def _id(name: str, meaning: str) -> Column:
    return Column(name, Kind.ID, meaning, is_required=True)


def _ref(name: str, table: str, meaning: str, *, is_required: bool = False) -> Column:
    return Column(name, Kind.ID, meaning, refers=table, is_required=is_required)


def _text(name: str, meaning: str, *, is_required: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, is_required=is_required)


def _date(name: str, meaning: str) -> Column:
    return Column(name, Kind.DATE, meaning)


def _level(name: str, levels: tuple[str, ...], meaning: str, *, is_required: bool = False) -> Column:
    return Column(name, Kind.LEVEL, meaning, levels=levels, is_required=is_required)


def _country(name: str, meaning: str) -> Column:
    return Column(name, Kind.COUNTRY, meaning)


def _source(*, is_required: bool = True) -> Column:
    return _ref("source_id", "source", "The source that states this row.", is_required=is_required)


_LOCATOR = Column("locator", Kind.LOCATOR, "Where in the source.")
_EXHIBIT = Column(
    "exhibit", Kind.TEXT, "The exhibit that shows it: sha256:…, or the file's path inside the case folder."
)


def _typed(name: str, file: str | None, key: tuple[str, ...], meaning: str, *columns: Column) -> TableSchema:
    always = (
        _level("tlp", TLP, "Traffic Light Protocol 2.0 level; empty: the case's."),
        _text("note", "Anything else, in words."),
    )
    return TableSchema(name=name, file=file, key=key, meaning=meaning, columns=(*columns, *always))


_TABLES = (
    _typed(
        "source", "sources", ("source_id",), "Where something comes from.",
        _id("source_id", "Name of the source in this case."),
        _text("title", "Its title.", is_required=True),
        _text("publisher", "Who published it."),
        _level("kind", _SOURCE_KINDS, "What sort of source it is."),
        Column("url", Kind.URL, "Where it can be read."),
        _date("published", "When it was published."),
        _date("retrieved", "When we read it."),
        Column("language", Kind.LANGUAGE, "Its language."),
        _level("reliability", ("A", "B", "C", "D", "E", "F"), "Admiralty letter; empty until somebody grades it."),
        _text("reliability_reason", "Why that letter, and who says so."),
        _text("graded_by", "Who graded it: a handle of this case."),
        Column("relays", Kind.LIST, "The sources it repeats by default, nearest first."),
        _text("licence", "Under which terms it may be used."),
    ),
    _typed(
        "incident", "incidents", ("incident_id",), "The event an item was recovered from: the unit of independence.",
        _id("incident_id", "Name of the incident."),
        _date("occurred", "When; one day within."),
        _text("place", "Where, in words."),
        _country("country", "In which country."),
        Column("lat", Kind.DECIMAL, "Latitude, WGS 84.", unit="degree"),
        Column("lon", Kind.DECIMAL, "Longitude, WGS 84.", unit="degree"),
        Column("radius_km", Kind.DECIMAL, "How far off the point may be.", unit="km"),
        _source(),
    ),
    _typed(
        "item", "items", ("item_id",), "One physical thing documented.",
        _id("item_id", "Name of the item."),
        _text("kind", "Which kind of thing (reference/kinds).", is_required=True),
        _text("designation", "What it is called."),
        _text("serial_as_marked", "Its serial, letter for letter."),
        _ref("part_of", "item", "The item it is a part of."),
        _ref("incident_id", "incident", "The event it was recovered from."),
        _date("recovered", "When it was recovered; one day within."),
        _date("known", "When it became known: documented or published."),
        _level("stands_for", ("one", "several"), "One thing, or a list that may mix several; empty: one."),
        _level("seen_as", ("documented", "reported"), "Seen by investigators, or known from an image or statement only."),
        _date("examined_first", "When it was first examined."),
        _source(),
        _LOCATOR,
    ),
    _typed(
        "examination", "examinations", ("examination_id",), "Who opened which module how deeply.",
        _id("examination_id", "Name of the examination."),
        _ref("item_id", "item", "The item examined.", is_required=True),
        _text("module", "The module opened; empty: the whole item."),
        _text("by", "Who examined."),
        _date("on", "When."),
        _level("depth", ("seen", "opened", "dismantled", "laboratory"), "How deeply."),
        Column("complete", Kind.YESNO, "Whether all that is there was listed: only then is the unlisted absent."),
        _source(),
        _LOCATOR,
    ),
    _typed(
        "observation", "observations", ("item_id", "module", "feature", "source_id", "locator"),
        "One value of one feature of one item or module, from one source at one locator.",
        _ref("item_id", "item", "The item.", is_required=True),
        _text("module", "The module.", is_required=True),
        _text("feature", "The feature.", is_required=True),
        _source(),
        _LOCATOR,
        _text("value", "What was seen."),
        _level("read_quality", _QUALITY, "How surely it was read."),
    ),
    _typed(
        "feature", "features", ("module", "feature"), "Features of this case beside those of the reference.",
        _text("module", "The module.", is_required=True),
        _text("feature", "The feature.", is_required=True),
        _text("block", "Its dependence block."),
        Column("levels", Kind.LIST, "The values it can have."),
        _source(is_required=False),
    ),
    _typed(
        "reference_item", "references", ("item_id", "module"), "Items whose variant is known otherwise.",
        _ref("item_id", "item", "The item.", is_required=True),
        _text("module", "The module.", is_required=True),
        _text("variant", "Which variant it is."),
        _text("producer", "Who built it."),
        _text("basis", "How that is known."),
        _source(),
    ),
    _typed(
        "component", "components", ("component_id",), "A part with its own identity, as a source lists it.",
        _id("component_id", "Name of the component in this case."),
        _ref("item_id", "item", "The item it was found in.", is_required=True),
        _text("module", "The module it sat in."),
        _text("function", "What it does."),
        _text("marking", "What is marked on it, short form, letter for letter."),
        _text("brand", "The name printed on it or given by the source."),
        _text("maker", "Who made it."),
        _text("maker_basis", "How the maker is known."),
        _text("distributor", "Who sold it."),
        _country("brand_country", "Where the brand has its seat."),
        _country("country_marked", "The country printed on it."),
        _text("part_number_stated", "The part number the source gives."),
        _date("made_stated", "When it was made, as the source says."),
        _level("read_quality", _QUALITY, "How surely the marking was read."),
        Column("quantity", Kind.INTEGER, "How many of it were found.", unit="pieces"),
        _source(),
        _LOCATOR,
        _EXHIBIT,
    ),
    _typed(
        "marking", "markings", ("marking_id",), "What is printed, engraved or stamped, letter for letter.",
        _id("marking_id", "Name of the marking."),
        _ref("item_id", "item", "The item it is on."),
        _ref("component_id", "component", "The component it is on."),
        _level("kind", ("serial", "part", "date", "lot", "logo", "stencil", "label", "barcode", "import"), "What it is."),
        _text("text", "The letters."),
        _text("script", "In which script."),
        _level("method", ("laser", "engraved", "stamped", "printed", "label"), "How it was made."),
        _text("read_by", "Who or what read it."),
        _level("read_quality", _QUALITY, "How surely."),
        _EXHIBIT,
        Column("region", Kind.LOCATOR, "Where in the exhibit."),
        _source(),
        _LOCATOR,
    ),
    _typed(
        "claim", "claims", ("claim_id",), "What a source says.",
        _id("claim_id", "Name of the claim."),
        _source(),
        _text("speaker", "Who said it."),
        Column("via", Kind.LIST, "Through whom, nearest first; 'own': first-hand; empty: the source's own relays."),
        _level("topic", _TOPICS, "What about."),
        _text("scope", "About what exactly: a designation, all-shahed-types, decoys, engines and so on."),
        _level("stance", ("assert", "deny", "plan", "request", "promise"), "How it is said."),
        Column("quantity_low", Kind.DECIMAL, "The least it says."),
        Column("quantity_high", Kind.DECIMAL, "The most it says."),
        _text("unit", "Of what."),
        _level("measure", ("total", "rate", "capacity"), "What sort of number."),
        _level("per", ("day", "week", "month", "year"), "For a rate or capacity: per what."),
        _date("period", "For which time; throughout."),
        _date("said", "When it was said; one day within."),
        _level("credibility", ("1", "2", "3", "4", "5", "6"), "Admiralty digit; empty until somebody grades it."),
        _text("credibility_reason", "Why that digit."),
        _text("graded_by", "Who graded it: a handle of this case."),
        _text("statement", "The claim in our words."),
        _text("quote", "Its words, letter for letter, where a text we hold has them."),
        _EXHIBIT,
        _LOCATOR,
    ),
    _typed(
        "use", "use", ("period", "designation", "source_id"), "How many were used.",
        Column("period", Kind.DATE, "When; throughout.", is_required=True),
        _text("designation", "What was used.", is_required=True),
        _source(),
        Column("launched", Kind.INTEGER, "How many were launched."),
        Column("stopped", Kind.INTEGER, "How many were stopped."),
        Column("includes_decoys", Kind.YESNO, "Whether decoys are in the count."),
    ),
    _typed(
        "commitment", "commitments", ("commitment_id",), "What a party undertook or was asked.",
        _id("commitment_id", "Name of the commitment."),
        _text("title", "In a few words.", is_required=True),
        _text("obliged", "Who is bound."),
        Column("forbids", Kind.LIST, "Which modules, or any."),
        _level("stop", ("manufacture", "transfer", "use"), "What is to stop."),
        _date("since", "From when."),
        _date("until", "Until when; empty: no end is known."),
        _level("on_whose_word", ("asked", "promised", "agreed"), "How firm it is."),
        _source(),
        _LOCATOR,
    ),
    _typed(
        "hypothesis", "hypotheses", ("hypothesis_id",), "One of several rival readings of the record.",
        _id("hypothesis_id", "Name of the reading."),
        _text("issue", "What the readings compete on; those of one issue are weighed against each other.", is_required=True),
        _text("statement", "The reading in a sentence.", is_required=True),
        Column("prior", Kind.DECIMAL, "How likely it was held beforehand, 0 to 1; empty for all of an issue: alike."),
        _text("would_change", "What would change the mind."),
        _source(),
        _LOCATOR,
    ),
    _typed(
        "likelihood", "likelihoods", ("evidence_id", "hypothesis_id"), "How likely a piece of evidence is under a reading.",
        _id("evidence_id", "Name of the piece of evidence; one row for each reading of the issue."),
        _ref("hypothesis_id", "hypothesis", "The reading.", is_required=True),
        _text("evidence", "The evidence in words; on one of its rows is enough."),
        Column("likelihood", Kind.DECIMAL, "How likely it is if the reading holds, above 0 and at most 1.", is_required=True),
        _text("why", "Why that number, and whose judgement it is.", is_required=True),
        _source(),
        _LOCATOR,
    ),
    _typed(
        "party", "parties", ("party_id",), "A person or organisation with a role in a documented transfer.",
        _id("party_id", "Name of the party in this case."),
        _text("name", "Its name.", is_required=True),
        Column("aliases", Kind.LIST, "Other names."),
        _text("kind", "What it is."),
        _country("country", "Where."),
        Column("roles", Kind.LIST, f"Its roles: {', '.join(_ROLES)}."),
        Column("identifiers", Kind.LIST, "scheme:value (imo, inn, ogrn, lei, duns, reg-XX)."),
        _source(),
    ),
    _typed(
        "shipment", "shipments", ("shipment_id",), "A trade record.",
        _id("shipment_id", "Name of the shipment."),
        _date("shipped", "When; one day within."),
        *(_text(role, f"The {role}.") for role in ("consignor", "consignee", "carrier", "notify")),
        _country("origin_country", "Country of origin, as customs has it."),
        _country("departure_country", "Sent from."),
        _country("destination_country", "Sent to."),
        _text("hs_code", "Harmonised System code."),
        _text("hs_revision", "Revision of the code."),
        _text("description", "The goods, in the words of the row."),
        Column("quantity", Kind.DECIMAL, "How much."),
        _text("unit", "Of what."),
        Column("value_usd", Kind.DECIMAL, "Stated value.", unit="US dollar"),
        _source(),
        _LOCATOR,
    ),
    _typed(
        "transfer", "transfers", ("transfer_id",), "A change of hands.",
        _id("transfer_id", "Name of the transfer."),
        _text("what", "What changed hands."),
        _ref("item_id", "item", "Which item."),
        _ref("component_id", "component", "Which component."),
        _ref("shipment_id", "shipment", "Which shipment."),
        _text("from_party", "From whom."),
        _text("to_party", "To whom."),
        _date("on", "When; one day within."),
        _level("shown_as", ("observed", "inferred"), "Whether it was seen or is inferred."),
        Column("quantity", Kind.DECIMAL, "How many."),
        _source(),
        _LOCATOR,
    ),
    _typed(
        "custody", "custody", ("event_id",), "What happened to evidence in our hands.",
        _id("event_id", "Name of the event."),
        _ref("item_id", "item", "Which item."),
        _EXHIBIT,
        _level("event", ("obtained", "handed over", "returned", "sampled"), "What happened."),
        _date("on", "When."),
        _text("from", "From whom."),
        _text("to", "To whom."),
        _text("place", "Where."),
        _source(is_required=False),
    ),
    _typed(
        "request", "requests", ("request_id",), "A trace request and its answer.",
        _id("request_id", "Name of the request."),
        _text("to_party", "To whom."),
        _text("about", "What it asks about."),
        _date("sent", "When it was sent."),
        _date("reminded", "When reminded."),
        _date("answered", "When answered."),
        _level("outcome", ("acknowledged", "answered", "refused", "silent"), "What came of it."),
        _text("reply_exhibit", "The reply."),
        _date("reply_right_until", "Until when the named party may reply."),
        Column("confidential", Kind.YESNO, "Whether the party stays unnamed."),
    ),
    _typed(
        "photo", "photos", ("file",), "What a photograph shows.",
        _id("file", "Path inside the case folder."),
        _ref("item_id", "item", "Which item."),
        _ref("component_id", "component", "Which component."),
        _date("taken", "When; one day within."),
        _text("by", "Who took it."),
        _source(is_required=False),
    ),
    _typed(
        "plan", None, ("title",), "What a party intends to make by when; typed in case.toml under [[plan]].",
        _text("title", "The plan in a few words.", is_required=True),
        _text("scope", "Of what exactly: a designation, all-shahed-types, decoys, engines and so on.", is_required=True),
        Column("quantity", Kind.DECIMAL, "How many.", is_required=True),
        _level("measure", ("total", "rate", "capacity"), "What sort of number; empty: a total."),
        _level("per", ("day", "week", "month", "year"), "For a rate or capacity: per what."),
        _date("since", "From when what is made counts; empty: from the beginning."),
        _date("by", "By when; the last day of it counts."),
        _source(is_required=False),
        _LOCATOR,
    ),
    _typed(
        "exhibit", None, ("exhibit_id",), "One file we hold, as received, named by its sha256.",
        _id("exhibit_id", "The digest, written sha256:… in hexadecimal."),
        _text("file", "Its name as received (path inside the folder it came from).", is_required=True),
        Column("size", Kind.INTEGER, "Its length.", unit="byte", is_required=True),
        _text("media_type", "What it is, by content."),
        _text("received_at", "When it was taken in (UTC)."),
        Column("part_of", Kind.LIST, "The exhibits it came in: an archive, a message, a web archive. Their level holds for it."),
    ),
    _typed(EXHIBIT_PART.name, None, EXHIBIT_PART.key, EXHIBIT_PART.meaning, *EXHIBIT_PART.columns),
    _typed(
        "import", None, ("file",), "Which exhibit a typed file was when it was last imported.",
        _id("file", "Path inside the case folder."),
        _text("exhibit_id", "sha256:… of the file as imported.", is_required=True),
    ),
    _typed(CASE_LINK.name, None, CASE_LINK.key, CASE_LINK.meaning, *CASE_LINK.columns),
    _typed(JUDGEMENT.name, None, JUDGEMENT.key, JUDGEMENT.meaning, *JUDGEMENT.columns),
    _typed(LIST_VERSION.name, None, LIST_VERSION.key, LIST_VERSION.meaning, *LIST_VERSION.columns),
    *(_typed(way.name, None, way.key, way.meaning, *way.columns) for way in (WITHHOLDING, RELEASE, PURGE)),
    LISTING,
)  # fmt: skip

TYPED: Mapping[str, TableSchema] = {t.name: t for t in _TABLES}
"""Table name → schema, in the order a case is typed."""

BY_FILE: Mapping[str, TableSchema] = {t.file: t for t in _TABLES if t.file is not None}
"""File stem (`items`) → schema."""
