"""Of the two forms of a chart a page shows one, also when the page has several charts."""

from __future__ import annotations

from taggant.report.svg import to_svg


def test_a_second_chart_of_a_page_has_a_wide_and_a_narrow_form() -> None:
    """Both charts stood below each other, wide and narrow: the style sheet knew the forms of the first chart only."""
    x = {"field": "a", "type": "quantitative"}
    spec = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": x}}
    for form in ("wide", "narrow"):
        for name in ("shares", "wide-shares"):
            svg = to_svg(spec, name=name, form=form, title="t", desc="d")
            assert f'class="chart chart-{form}"' in svg
            assert f'id="{name}-{form}-title"' in svg
