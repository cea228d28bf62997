"""The one way from a chart's specification to SVG that stands inside a page, without network.

Invariant: what comes out holds no script, loads nothing and links to pages and anchors of its site only. The same
specification gives the same bytes.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from taggant.errors import InputError

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_BEFORE = "https://vega.github.io/vega-datasets/"
_INSIDE = r"(?=.)(?:[a-z0-9_][a-z0-9_-]*/)?(?:[a-z0-9_-]+\.html)?(?:#[A-Za-z0-9_-]+)?"
_VEGALITE = "v5.21"  # pinned: another compiler may order the SVG differently


def to_svg(spec: Mapping[str, Any], *, name: str, title: str, desc: str, form: str | None = None) -> str:
    """How does this chart look, as SVG to stand inside a page?

    Parameters
    ----------
    spec : mapping
        A Vega-Lite specification with its data inside.
    name : str
        Letters for the ids inside, so that two charts of one page never share one.
    form : str, optional
        `wide` or `narrow`, where a chart has both (`chart_forms`) and the style sheet shows one.
    title, desc : str
        The text alternative.

    Returns
    -------
    str
        SVG with a viewBox and no size of its own; links only inside the site, as from its root; nothing loaded, no
        script.

    Raises
    ------
    InputError
        The specification asks for data by address, or links out of the site.

    Notes
    -----
    *Assumes:* letters in the chart are text; the reader's own fonts draw them.
    *Not for:* specifications written by others.

    Examples
    --------
    >>> x = {"field": "a", "type": "quantitative"}
    >>> spec = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": x}}
    >>> to_svg(spec, name="a", title="t", desc="d").startswith("<svg")
    True
    """
    import vl_convert

    if _asks_for_address(spec):
        raise InputError("a chart may not load data from an address", next="Put the values inside the specification")
    text = vl_convert.vegalite_to_svg(dict(spec), vl_version=_VEGALITE, allowed_base_urls=[])
    root = ET.fromstring(text)  # noqa: S314 - what vl-convert has just written, never a file from outside
    width, height = root.attrib.pop("width"), root.attrib.pop("height")
    one = name if form is None else f"{name}-{form}"
    root.attrib.update({"viewBox": f"0 0 {width} {height}", "class": f"chart chart-{form or name}", "role": "group"})
    root.set("aria-labelledby", f"{one}-title {one}-desc")
    _tidy(root, one)
    root.set("xmlns", _SVG)
    for at, (tag, words) in enumerate((("title", title), ("desc", desc))):
        element = ET.Element(tag, {"id": f"{one}-{tag}"})
        element.text = words
        root.insert(at, element)
    return ET.tostring(root, encoding="unicode")


def _tidy(root: ET.Element, name: str) -> None:
    for element in root.iter():
        # Names without their namespace, which is declared once: registering it would change the whole process.
        element.tag = element.tag.rpartition("}")[2]
        if element.tag == "a":
            # The compiler puts an address of its own before each link; nothing of the web may follow it.
            href = element.attrib.pop(_XLINK).removeprefix(_BEFORE)
            if not re.fullmatch(_INSIDE, href):
                raise InputError(f"the chart links to {href!r}", next="A chart may link to pages of its site only")
            element.attrib.update({"href": href})
            if element[0].tag.rpartition("}")[2] == "text":
                element[0].set("class", "name")
            else:
                element.set("tabindex", "-1")  # hundreds of bars would stand in a keyboard's way; the tables have them
        if element.get("id"):
            element.set("id", f"{name}-{element.get('id')}")
        for key, value in element.attrib.items():
            if "url(#" in value:
                element.set(key, value.replace("url(#", f"url(#{name}-"))
        if element.get("aria-roledescription") in {"rect mark", "rule mark", "point"} and element.get("aria-label"):
            tip = ET.SubElement(element, "title")
            tip.text = element.get("aria-label")


def _asks_for_address(spec: Any) -> bool:
    if isinstance(spec, Mapping):
        return "url" in spec or any(_asks_for_address(v) for v in spec.values())
    return isinstance(spec, list | tuple) and any(_asks_for_address(v) for v in spec)
