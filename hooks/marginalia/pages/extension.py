"""A Python-Markdown extension that adds to each page what the edition knows of it.

The host sets `path` before each page is converted, since Python-Markdown does not know pages. All a
reader needs is made here, in the page's content; the theme's templates only dress it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from ..anchoring.folding import fold
from ..anchoring.names import Names
from ..edition.resolve import names_of
from ..intake.lint import CITATION, citations, elsewhere, safe_link
from ..model import Checked, Mention
from ..references.citation import short
from ..verdicts import VERDICTS
from .atlas import Atlas, Plan
from .fragments import Fragments, tidy
from .weave import APPARATUS, Dress, weave

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNLINKED = _HEADINGS | {"a", "code", "pre", "button", "script", "style"}


NOTHING = "[nothing]: #"
"""A definition that nothing refers to. Python-Markdown asks no extension about an empty text."""


class Annotate(Extension):
    """Adds the edition to the page at `path`."""

    def __init__(self, atlas: Atlas, fragments: Fragments) -> None:
        super().__init__()
        self.atlas = atlas
        self.fragments = fragments
        self.names: Names = names_of(atlas.edition.terms, atlas.edition.countries)
        self._shapes: dict[str, Element] = {}
        self.path: str | None = None
        """The page's file, relative to docs/."""
        self.address: str | None = None
        """The page's own address, where the site's is known."""

    def shape(self, name: str) -> Element:
        """The drawing of one verdict's shape."""
        if name not in self._shapes:
            (self._shapes[name],) = self.fragments.make("shape.html", drawing=name)
        return deepcopy(self._shapes[name])

    @property
    def plan(self) -> Plan:
        return self.atlas.plan(self.path or "")

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors.

        | Class    | Registry       | Name               | Priority | Why there                                       |
        | -------- | -------------- | ------------------ | -------- | ----------------------------------------------- |
        | Cite     | inlinePatterns | marginalia-cite    | 172      | before links, which also begin with a bracket   |
        | Set      | treeprocessors | marginalia-set     | 60       | before footnotes (50) lay out their list        |
        | Rebase   | treeprocessors | marginalia-rebase  | 12       | links exist since inline (20)                   |
        | Compose  | treeprocessors | marginalia-compose | 5.5      | after all that edit text, before toc (5)        |
        | Guard    | treeprocessors | marginalia-guard   | 1        | the last before MkDocs resolves links (0)       |
        | Drawn    | treeprocessors | marginalia-drawn   | -10      | after MkDocs has resolved links                 |
        """
        md.preprocessors.deregister("html_block", strict=False)
        md.inlinePatterns.deregister("html", strict=False)
        md.inlinePatterns.register(Cite(CITATION.pattern, md), "marginalia-cite", 172)
        md.treeprocessors.register(Set(md, self), "marginalia-set", 60)
        md.treeprocessors.register(Rebase(md, self), "marginalia-rebase", 12)
        md.treeprocessors.register(Compose(md, self), "marginalia-compose", 5.5)
        md.treeprocessors.register(Guard(md), "marginalia-guard", 1)
        md.treeprocessors.register(Drawn(md), "marginalia-drawn", -10)


class Cite(InlineProcessor):
    """`[@id, p. 3; @other]` to marks that `Rebase` turns into links."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        found = citations(m.group(1))
        if found is None:
            return None, None, None
        group = Element("span", {"class": "mg-cites"})
        for source, at in found:
            SubElement(
                group,
                "a",
                {"class": "mg-cite", "href": "#", "data-cite": source} | ({"data-at": at} if at else {}),
            )
        return group, m.start(0), m.end(0)


class _Step(Treeprocessor):
    def __init__(self, md: Markdown, ours: Annotate) -> None:
        super().__init__(md)
        self.ours = ours


class Set(_Step):
    """Puts other files' Markdown and the article's notes where the stock processors will read them."""

    def run(self, root: Element) -> None:
        plan = self.ours.plan
        for name, inset in plan.insets.items():
            self.md.parser.parseChunk(SubElement(root, "div", {"data-inset": name}), inset.markdown)
        if plan.reading:
            notes = _footnotes(self.md)
            for checked in plan.reading.checks:
                notes.setFootnote(checked.check.id, "\N{MIDDLE DOT}")


def _footnotes(md: Markdown) -> FootnoteExtension:
    return next(e for e in md.registeredExtensions if isinstance(e, FootnoteExtension))


class Rebase(_Step):
    """Points the links of insets anew, and gives every citation its words and its address."""

    def run(self, root: Element) -> None:
        plan = self.ours.plan
        for child in root:
            inset = plan.insets.get(child.get("data-inset", ""))
            if inset:
                for link in child.iter("a"):
                    link.set("href", _rebased(link.get("href", ""), inset.path, plan.path))
                self._cite(child, plan, {})
        numbers = {c.id: n for n, c in enumerate(plan.entry.sources, 1)} if plan.entry else {}
        self._cite(root, plan, numbers)

    def _cite(self, root: Element, plan: Plan, numbers: Mapping[str, int]) -> None:
        for group in root.iter("span"):
            if group.get("class") != "mg-cites":
                continue
            links = [a for a in group if "data-cite" in a.attrib]
            for index, link in enumerate(links):
                source, at = link.attrib.pop("data-cite"), link.attrib.pop("data-at", None)
                known = self.ours.atlas.edition.sources.get(source)
                number = numbers.get(source)
                words = str(number) if number else (short(known) if known else source)
                link.text = f"{words}, {at}" if at else words
                link.set("href", f"#source-{source}" if number else plan.to("bibliography.md", source))
                link.tail = (
                    ", "
                    if number and index + 1 < len(links)
                    else "; "
                    if index + 1 < len(links)
                    else "]"
                    if number
                    else ")"
                )
            if links:
                group.text = "[" if links[-1].tail == "]" else "("


def _rebased(address: str, written: str, shown: str) -> str:
    if not address or re.match(r"[A-Za-z][\w+.-]*:|//|#", address):
        return address
    path, mark, anchor = address.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(written), path))
    return posixpath.relpath(target, posixpath.dirname(shown) or ".") + mark + anchor


class Compose(_Step):
    """Puts the page together: head, the page's own text or the article, foot."""

    def run(self, root: Element) -> None:
        plan = self.ours.plan
        own, insets, notes = _sorted_out(root)
        linked: dict[str, None] = {}
        self._link(own, plan, linked)
        for name, element in insets.items():
            self._link(list(element), plan, linked, skip=plan.insets[name].path)
        parts: list[Element] = []
        if plan.head:
            parts += self._make(plan.head, plan, linked)
        if own and (plan.head or plan.foot):
            body = Element("div", {"class": "mg-body"})
            body.extend(own)
            parts.append(body)
        else:
            parts += own
        if plan.reading:
            if plan.reading.checks or plan.reading.mentions:
                parts += self._make("reading-tools.html", plan, {})
            parts.append(self._article(plan))
            if notes is not None:
                self._write_notes(notes, plan)
        if plan.foot:
            parts += self._make(plan.foot, plan, linked)
        elif linked:
            parts += self._make("definitions.html", plan, linked)
        for part in list(root):
            root.remove(part)
        root.extend(parts)
        _fill_slots(root, insets | ({"notes": notes} if notes is not None else {}))
        if notes is not None and not plan.reading:
            root.append(notes)

    def _make(self, name: str, plan: Plan, linked: Mapping[str, None]) -> list[Element]:
        edition = self.ours.atlas.edition
        definitions = []
        for key in linked:
            kind, _, ident = key.partition(":")
            definitions.append((kind, edition.terms[ident] if kind == "term" else edition.countries[ident]))
        return self.ours.fragments.make(
            name, plan=plan, to=plan.to, address=self.ours.address, definitions=definitions, **plan.values
        )

    def _article(self, plan: Plan) -> Element:
        reading = plan.reading
        assert reading
        notes = _footnotes(self.md)
        order = {name: n for n, name in enumerate(notes.footnotes, 1)}
        edition = self.ours.atlas.edition

        def call(checked: Checked) -> Element:
            check = checked.check
            number, word = order[check.id], VERDICTS[check.verdict].word
            sup = Element(
                "sup", {"id": notes.makeFootnoteRefId(check.id, found=True), "class": f"mg-call {APPARATUS}"}
            )
            attributes = {
                "class": "footnote-ref",
                "href": f"#{notes.makeFootnoteId(check.id)}",
                "role": "doc-noteref",
                "data-verdict": check.verdict,
                "aria-label": f"Note {number}: {word}",
            }
            link = SubElement(sup, "a", attributes)
            link.text = str(number)
            link.append(self.ours.shape(VERDICTS[check.verdict].shape))
            return sup

        def link(mention: Mention) -> str | None:
            group = edition.terms if mention.kind == "term" else edition.countries
            return plan.to(group[mention.entry].path)

        dress = Dress(call, link)
        article = reading.article
        body = Element("div", {"class": "mg-article", "data-article": article.id, "dir": "auto"})
        for block in article.blocks:
            checks = [c for c in reading.checks if any(s.meets(block.span) for s in c.spans)]
            mentions = [m for m in reading.mentions if m.first and m.span.meets(block.span)]
            body.append(weave(article, block, checks, mentions, dress))
        return tidy(body)

    def _write_notes(self, notes: Element, plan: Plan) -> None:
        assert plan.reading
        checks = {c.check.id: c for c in plan.reading.checks}
        separator = _footnotes(self.md).get_separator()
        for item in notes.iter("li"):
            checked = checks.get(item.get("id", "").partition(separator)[2])
            if checked is None:
                continue
            back = next(a for a in item.iter("a") if a.get("class") == "footnote-backref")
            back.set("role", "doc-backlink")
            back.attrib.pop("title", None)
            back.set(
                "aria-label",
                f"Back to the words in paragraph {plan.reading.article.block_at(checked.spans[-1].start).number}",
            )
            for child in list(item):
                item.remove(child)
            item.text = None
            item.set("class", "mg-note")
            item.set("data-verdict", checked.check.verdict)
            item.set("data-note", checked.check.id)
            item.extend(
                self.ours.fragments.make(
                    "note.html", plan=plan, to=plan.to, checked=checked, check=checked.check
                )
            )
            _fill_slots(item, {"back": back})

    def _link(
        self, elements: Iterable[Element], plan: Plan, linked: dict[str, None], skip: str | None = None
    ) -> None:
        """Link the first mention in each section of every term and country, longest names first."""
        edition, here = self.ours.atlas.edition, {plan.path, skip}
        seen: set[str] = set()

        def target(key: str) -> tuple[str, str]:
            kind, _, ident = key.partition(":")
            return kind, (edition.terms[ident] if kind == "term" else edition.countries[ident]).path

        def pieces(text: str) -> Iterator[str | Element]:
            at = 0
            for span, key in self.ours.names.find(fold(text)):
                kind, path = target(key)
                if key in seen or path in here:
                    continue
                seen.add(key)
                linked[key] = None
                yield text[at : span.start]
                link = Element(
                    "a", {"class": f"mg-{kind}", "href": plan.to(path), "data-entry": key.replace(":", "-")}
                )
                link.text = text[span.start : span.end]
                yield link
                at = span.end
            yield text[at:]

        def walk(element: Element) -> None:
            if element.tag in _UNLINKED:
                return
            inside = list(element)
            _put(element, None, pieces(element.text or ""))
            for child in inside:
                walk(child)
                if child.tail:
                    _put(element, child, pieces(child.tail))

        for element in elements:
            if element.tag in _HEADINGS:
                seen.clear()
            walk(element)


def _put(parent: Element, after: Element | None, pieces: Iterator[str | Element]) -> None:
    """Replace the text behind `after` (or before the first child) with `pieces`."""
    index = list(parent).index(after) + 1 if after is not None else 0
    last, text = after, next(pieces)
    for piece in pieces:
        if isinstance(piece, Element):
            _set_text(parent, last, str(text))
            parent.insert(index, piece)
            index, last, text = index + 1, piece, ""
        else:
            text = piece
    _set_text(parent, last, str(text))


def _set_text(parent: Element, last: Element | None, text: str) -> None:
    if last is None:
        parent.text = text
    else:
        last.tail = text


def _sorted_out(root: Element) -> tuple[list[Element], dict[str, Element], Element | None]:
    own, insets, notes = [], {}, None
    for child in root:
        if "data-inset" in child.attrib:
            insets[child.attrib.pop("data-inset")] = child
        elif child.tag == "div" and child.get("class") == "footnote":
            notes = child
        else:
            own.append(child)
    return own, insets, notes


def _fill_slots(root: Element, parts: Mapping[str, Element]) -> None:
    """Put each part in the place of its `<slot name="…"/>`."""
    if next(root.iter("slot"), None) is None:
        return
    for parent in list(root.iter()):
        for index, child in enumerate(list(parent)):
            if child.tag == "slot":
                part = parts.get(child.get("name", ""))
                parent.remove(child)
                if part is not None:
                    part.tail = child.tail
                    parent.insert(index, part)


class Guard(Treeprocessor):
    """The second lock: no link with a scheme that could run script, no picture from elsewhere, no inline styles."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            for key in ("href", "src"):
                address = element.get(key)
                if address is not None and not safe_link(address):
                    element.set(key, "#")
            if element.tag == "img" and elsewhere(element.get("src", "")):
                element.tag, element.text = "span", element.attrib.pop("alt", "")
                element.attrib.pop("src")
            style = element.attrib.pop("style", None)
            if (
                style
                and element.tag in ("td", "th")
                and (match := re.fullmatch(r"text-align: (\w+);", style))
            ):
                element.set("class", f"mg-{match[1]}")


class Drawn(Treeprocessor):
    """Links inside drawings in their older spelling, which the theme's instant navigation leaves alone.

    It assigns to `href` of every element that has one, and in SVG that cannot be assigned to.
    """

    def run(self, root: Element) -> None:
        for drawing in root.iter("svg"):
            for element in drawing.iter():
                if element.tag in ("a", "use") and "href" in element.attrib:
                    element.set("xlink:href", element.attrib.pop("href"))
