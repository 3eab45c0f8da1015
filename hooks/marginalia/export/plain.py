"""The content of a page as HTML in, the same page as plain Markdown out, for any other site generator.

Plain: CommonMark, with the tables and footnotes that every generator knows, and an empty `<a id>` where
an address must stay. What only a screen can show (drawings, buttons, forms) is left out; every word stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from bs4 import BeautifulSoup, Tag
from markdown.extensions.toc import slugify
from markdownify import MarkdownConverter

_LEFT_OUT = "svg, figure, button, select, input, textarea, fieldset, output, .mg-tools, .mg-cite-box, .mg-n, .mg-hide, .footnote > hr, [role=doc-backlink]"
"""What has a use on the site only."""
_APART = ".mg-gloss, .mg-citedby"
"""Inline elements that the style sheet sets on lines of their own."""
_INLINE = frozenset({"a", "span", "b", "i", "time", "mark", "q"})


def plain(html: str, title: str | None, description: str | None) -> str:
    """A page of its own, front matter and all."""
    page = BeautifulSoup(html, "html.parser")
    for gap in page.select("input[type=text]"):
        gap.replace_with("______")
    for element in page.select(_LEFT_OUT):
        element.decompose()
    for element in page.select(_APART):
        element.insert_before(" ")
    head = {"title": title, "description": description}
    given = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items() if value]
    front = "\n".join(["---", *given, "---", "", ""]) if given else ""
    text = _Plain(page).convert_soup(page)
    return front + re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


class _Plain(MarkdownConverter):
    def __init__(self, page: BeautifulSoup) -> None:
        super().__init__(heading_style="atx", autolinks=False)
        self.by_itself = {slugify(h.get_text(), "-") for h in page.select("h1, h2, h3, h4, h5, h6")}
        """The addresses that every generator gives to the headings by itself."""

    def process_tag(self, node: Tag, parent_tags: Collection[str] | None = None) -> str:
        text: str = super().process_tag(node, parent_tags=parent_tags)  # type: ignore[misc]
        name = str(node.get("id") or "")
        known = not name or name in self.by_itself or name.startswith("fn")
        if known or node.name == "li" or not text.strip():
            return text
        if re.fullmatch(r"h[1-6]", node.name):
            return re.sub(r"^(\s*#+ )", rf'\g<1><a id="{name}"></a>', text, count=1)
        if node.name in _INLINE or node.name in ("p", "dt", "dd", "tr", "sup"):
            found = re.match(r"(\s*(?:[-*+] |\d+\. |\| )?)", text)
            at = found.end() if found else 0
            return f'{text[:at]}<a id="{name}"></a>{text[at:]}'
        return f'\n\n<a id="{name}"></a>\n\n{text.lstrip()}'

    def escape(self, text: str, parent_tags: Collection[str]) -> str:
        """Words as they must be written to stay words: with backslashes and entities that every dialect knows."""
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = re.sub(r"([\\`*_\[\]])", r"\\\1", text)
        text = text.replace("|", "&#124;").replace("~~", "&#126;&#126;")
        return re.sub(r"^(\s*)(?:(\d+)([.)])|([-+#=]+))(?=\s)", r"\1\2\\\3\4", text)

    def convert_sup(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        call = el.find("a", attrs={"role": "doc-noteref"})
        return f"[^{_note(str(call['href']))}]" if isinstance(call, Tag) else text

    def convert_li(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        name, text = str(el.get("id") or ""), text.strip()
        if name.startswith("fn:"):
            return f"\n\n[^{_note(name)}]: {' '.join(text.split())}\n\n"
        if name and name not in self.by_itself:
            begins_anew = re.match(r">|[-*+] |\d+\. |#|\*\*[^*]+\*\*\n\n", text)
            text = f'<a id="{name}"></a>' + ("\n\n" if begins_anew else "") + text
        mark = f"{len(el.find_previous_siblings('li')) + 1}." if el.parent and el.parent.name == "ol" else "-"
        inside = text.replace("\n", "\n    ").replace("\n    \n", "\n\n")
        apart = "\n" if "\n\n" in text else ""
        return f"{mark:<4}{inside}\n{apart}"

    def convert_q(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return f"“{text.strip()}”"

    def convert_mark(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return str(self.convert_b(el, text, parent_tags))  # type: ignore[attr-defined]

    def convert_cite(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return str(self.convert_i(el, text, parent_tags))  # type: ignore[attr-defined]

    def convert_summary(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_dd(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_span(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return str(self.convert_b(el, text, parent_tags)) if "mg-verdict" in (el.get("class") or "") else text  # type: ignore[attr-defined]

    def convert_section(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    convert_header = convert_footer = convert_figure = convert_details = convert_section


def _note(address: str) -> str:
    return address.removeprefix("#").removeprefix("fn:")
