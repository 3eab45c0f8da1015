"""Every problem code: what it is about and how to mend it.

The one list: the checks use its severities, `docs/about/problems.md` shows it, and a test asks that
each code has a case in `tests/cases/problems/`.

Letters: S seed, A anchoring, F front matter, V fact-checks and sources, G glossary, C countries,
T timeline and questions, L links and citations, X safety, P project.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Code:
    """What a code stands for."""

    meaning: str
    mend: str
    severity: Literal["error", "warning"] = "error"


def _warning(meaning: str, mend: str) -> Code:
    return Code(meaning, mend, "warning")


CODES: dict[str, Code] = {
    # The seed
    "S001": Code(
        "A reading or an entry names a seed that is not in seeds/.", "Correct the name, or add the text file."
    ),
    "S002": Code("The seed is not UTF-8.", "Save the file as UTF-8."),
    "S005": Code("The seed has a control character.", "Remove it."),
    "S007": Code("The seed has no words.", "Put the article's text into the file."),
    "S008": _warning(
        "A very long seed has no paragraph break.",
        "Put each paragraph on a line of its own, or a blank line between them.",
    ),
    "S009": Code(
        "The seed has a hidden direction mark, which can make text read otherwise than it is.",
        "Remove the mark.",
    ),
    "S010": _warning(
        "A word of the seed has an invisible character in it.", "Remove it, unless the source has it."
    ),
    "S012": Code(
        "The seed differs from its recorded SHA-256.",
        "Put the original back, or record the new sum in seeds/SHA256SUMS if the source really changed.",
    ),
    "S013": Code("Two seeds have one name.", "Rename one of them."),
    "S016": Code(
        "The reading page calls a line a heading that is not in the seed.", "Copy the line from the seed."
    ),
    "S017": Code(
        "A file of seeds/ whose name does not end in .txt: it is not read.", "Save it as a .txt file."
    ),
    # Anchoring
    "A101": Code("The quoted words are not in the article.", "Copy the words from the article."),
    "A102": Code(
        "The quoted words stand in the article more than once.",
        "Add prefix: or suffix: with the words before or after, or quote more.",
    ),
    "A104": Code("The quote has Markdown in it.", "Quotes are plain text: take the Markdown out."),
    "A106": Code("The quote has an ellipsis for words left out.", "For a long passage use from: and to:."),
    "A107": Code("The quote is too short to be safe.", "Take in a few more words."),
    "A108": Code("The quote spans two paragraphs.", "Use from: and to:."),
    "A109": Code(
        "The prefix or suffix is not what stands beside the quote.",
        "Copy the neighboring words from the article.",
    ),
    "A110": Code("Two fact-checks cover the same words.", "Merge them, or name the other under also:."),
    "A114": Code("The quote is empty.", "Copy the words from the article."),
    "A115": Code("The quote is in another article.", "Move the entry to that article's folder."),
    "A116": Code(
        "An entry has no quote, or has both a quote and from:/to:.", "Give quote:, or from: and to:."
    ),
    "A117": Code("The quote stands in a heading or in the credit line.", "Quote words of a paragraph."),
    # Front matter
    "F100": Code("The file is not UTF-8.", "Save it as UTF-8."),
    "F101": Code(
        "The front matter is not YAML.",
        'Put values that contain ": " or begin with a special sign into quotes.',
    ),
    "F102": Code("A tab in the front matter.", "YAML wants spaces."),
    "F103": Code("The front matter is never closed.", "Add a line --- after it."),
    "F104": Code("Something stands before the first ---.", "The very first line must be ---."),
    "F105": Code("The line that opens the front matter is not three hyphens.", "Type three hyphens."),
    "F106": Code('The front matter is not "key: value" lines.', 'Write one "key: value" a line.'),
    "F108": Code("A key is given twice.", "Keep one of them."),
    "F109": Code(
        "The page opens with a line that would be taken for metadata and vanish.",
        "Put --- lines around front matter, or begin the text otherwise.",
    ),
    "F110": Code("Unknown key.", "Correct the spelling or remove the key."),
    "F111": Code("A required key is missing.", "Add it."),
    "F113": Code("Not a date.", "Write YYYY-MM-DD."),
    "F114": Code("A date whose day and month cannot be told apart.", "Write YYYY-MM-DD."),
    "F115": Code("A date in the future.", "Correct the date."),
    "F116": Code("A value begins with a sign that YAML keeps for itself.", "Put the value in quotes."),
    "F117": _warning(
        'Everything after " #" in a value is a comment.', "Put the value in quotes if it is not."
    ),
    "F118": Code("Text follows a closing quote.", "Quote the whole value or none of it."),
    "F119": Code("A typographic quote or an odd space where YAML wants plain ones.", "Retype it."),
    "F120": Code("No space after the colon.", "Put a space after it."),
    "F121": Code(
        "Tags, anchors and aliases are not allowed, nor a front matter over 64 kB.", "Write the value out."
    ),
    "F122": Code("A hidden line separator or control character.", "Retype the space."),
    "F123": Code("More than one YAML document.", "Keep one block."),
    "F124": Code("A key without a value.", "Give a value or remove the key."),
    "F125": Code(
        "A value of the wrong shape: a list, a text or a group was wanted.",
        "See the example in CONTRIBUTING.md.",
    ),
    "F127": Code("A value is not one of those allowed.", "Use one of the values listed."),
    "F128": Code("A file name that cannot be an address.", "Use lower-case letters, digits and hyphens."),
    "F129": Code(
        "A file stands where no entry of its kind is read.", "Move it to the folder of its article."
    ),
    "F130": Code("A value is too long.", "Shorten it."),
    # Fact-checks and sources
    "V201": Code("Unknown verdict.", "Use one of the verdicts listed."),
    "V202": Code("No source, or none but the article itself.", "Add a source other than the article."),
    "V203": Code("A source without a place in it.", "Add at: with a page, paragraph or section."),
    "V204": Code("Not a web address.", "Write the whole address, beginning with https://."),
    "V205": _warning(
        "The address is a short link, a search, or carries tracking parameters.",
        "Write the address of the page itself.",
    ),
    "V207": Code("The archived copy is of another page.", "Correct archive: or URL:."),
    "V208": Code(
        "A source was read before it was published, or on a day that has not come.",
        "Correct accessed: or issued:.",
    ),
    "V209": Code("The verdict has changed and the entry does not say so.", "Say why under changes:."),
    "V210": Code(
        "The kind and the verdict do not agree.",
        "An opinion gets the verdict opinion, a forecast the verdict forecast, and nothing else does.",
    ),
    "V211": Code("Two entries or sources have one id.", "Choose another id."),
    "V214": Code("A quotation from a source is too long.", "Quote at most 90 words."),
    "V215": Code("The reasoning is empty or under 20 words.", "Say how you reached it."),
    "V216": Code(
        "No such source in the bibliography.", "Correct the id, or add the source to docs/bibliography.yml."
    ),
    "V217": _warning("A source that nothing cites.", "Cite it or remove it."),
    "V218": _warning(
        "Every source of the entry is one that nobody consulted, and the text does not say so.",
        'Consult one, or say "not verified" in the text.',
    ),
    "V219": _warning(
        "A number of the summary is not in the reasoning.", "Say it in the body, or correct it."
    ),
    # Glossary
    "G301": Code("Two entries claim one name, or its plural.", "Leave the name to one of them."),
    "G303": Code("No such term.", "Correct the id, or add the term."),
    "G304": Code(
        "A short definition begins with the term it defines, or definitions lead round in a ring.",
        "Say what it is, in words that need no other entry.",
    ),
    "G305": _warning("A name marks more than a third of the article's paragraphs.", "Leave that name out."),
    "G306": _warning(
        "No article and no entry uses the term.",
        "Add a name under which it is used, or name it under terms: or see: of another entry.",
    ),
    # Countries
    "C301": Code("Not an ISO 3166 code.", "Use the two-letter code."),
    "C303": Code(
        "A country without an ISO code, or a bloc with one.",
        "Set kind: to country, bloc or region, and iso: for countries only.",
    ),
    "C304": _warning(
        "No article and no entry names the country.",
        "Add a name under which it is used, or name it under countries: or members: of another entry.",
    ),
    "C306": Code(
        "Name or status is disputed and the entry does not say so.", "Add naming: with one sentence."
    ),
    "C308": Code("No such country entry.", "Correct the id, or add the country."),
    # Timeline, questions
    "T501": Code("No such paragraph in the article.", "Use the numbers beside the paragraphs."),
    "T502": Code("No such fact-check.", "Correct the id."),
    "T503": Code("A question without an answer.", "Add a heading ## Answer and what a good answer contains."),
    "T504": Code("An event names an article that does not exist.", "Use the name of a seed."),
    # Links and citations
    "L401": Code("A link to a page that does not exist.", "Correct the path."),
    "L403": Code(
        "A link that begins with a slash; it breaks where the site has a path.",
        "Write the path from this file.",
    ),
    "L406": Code("A note mark without a note.", "Write the note, or remove the mark."),
    "L407": Code("A note that nothing calls.", "Put its mark into the text, or remove it."),
    "L408": Code("A note is defined twice.", "Keep one."),
    "L409": Code("A link reference without its definition.", "Write the definition."),
    "L410": Code(
        "A picture without words for those who cannot see it.", "Say what it shows: ![words](picture.svg)."
    ),
    "L413": Code("The text cites a source that is not among the entry's sources.", "Add it to sources:."),
    "L414": Code("A citation that cannot be read.", "Write [@id] or [@id, p. 3]."),
    "L415": _warning(
        "A source of the entry that its text never cites.",
        "Cite it where it supports the text, or remove it.",
    ),
    "L416": Code(
        "Lists, quotations or brackets are nested beyond reason; converting them may take forever.",
        "Close the brackets, and nest lists and quotations at most twelve deep.",
    ),
    "L417": Code(
        "A note or a link definition in an event, a question or a reading page: they share their page with other texts and notes.",
        "Say it in the text, or link in place.",
    ),
    # Safety
    "X401": Code("Raw HTML in contributed Markdown.", "Write it as Markdown."),
    "X404": Code("A link that runs script or carries data.", "Link to a page."),
    "X406": Code(
        "A heading whose address begins with __; the theme uses such addresses itself.",
        "Begin the heading otherwise.",
    ),
    "X407": Code("A symbolic link, or a path that leaves the project.", "Put the file itself there."),
    "X410": Code("A picture file with script, handlers or outside references.", "Export a plain SVG."),
    "X411": Code("A file too large, or of a kind that is not published.", "Remove it."),
    "X413": Code("A picture that is loaded from another site.", "Put the picture into docs/."),
    # Project
    "P501": Code("An installed package is one that does not work.", "Install the locked versions."),
    "P601": Code(
        "Something that the study guide is made with is missing.", "Run the command in the message."
    ),
    "P602": Code(
        "The study guide cannot print an element or a picture.",
        "Write it as the message says, or leave it out.",
    ),
    "P603": Code(
        "The study guide cannot be set: the compiler’s own message follows.", "Mend the text that it names."
    ),
    "P604": Code(
        "A note cannot be kept on the page of its call.", "Shorten its summary, or the summaries beside it."
    ),
}
