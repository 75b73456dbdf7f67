"""The keys that names and codes are found by: what is left of a text when only its meaning counts.

Light: standard library only.
"""

from __future__ import annotations

import re
import unicodedata

from geoties.graph.model import UserError

SYSTEMS = ("id", "iso3", "iso2", "m49", "cow", "wb", "baci", "wikidata")

# Words that say nothing about which country is meant, and words that are often cut short.
_EMPTY_WORDS = frozenset({"the", "of"})
_WHOLE = {
    "st": "saint",
    "ste": "sainte",
    "rep": "republic",
    "dem": "democratic",
    "fed": "federated",
    "is": "islands",
    "isds": "islands",
    "isl": "islands",
    "sts": "states",
    "terr": "territory",
    "n e s": "nes",
}
_LETTERS = str.maketrans(
    {"&": " and ", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ł": "l", "Ł": "L", "ı": "i"}
)
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_SPLIT = re.compile(r"[^a-z0-9]+")


def cleaned(text: str) -> str:
    """A text as it was meant: HTML read, wide letters as letters, nothing that nobody sees.

    >>> cleaned("C&ocirc;te d&#39;Ivoire"), cleaned(" Pe\\u200bru\\ufeff "), cleaned("ＰＥＲ")
    ("Côte d'Ivoire", 'Peru', 'PER')
    """
    if "&" in text and ";" in text:
        import html

        text = html.unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _unseen_left_out(text))
    return " ".join(text.split())


def _unseen_left_out(text: str) -> str:
    """Without joiners, soft hyphens, byte-order marks and marks of direction."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def keys_of_text(text: str) -> tuple[str, ...]:
    """The keys that a text is looked for under first: as a code or id, then as a name.

    >>> keys_of_text("604")[:2]
    ('m49:604', 'cow:604')
    """
    text = cleaned(text)
    if is_number(text):
        return number_keys(text)
    if key := coded(text):
        return (key,)
    codes = (f"iso3:{text.upper()}", f"iso2:{text}", f"wikidata:{text}")
    return (*((f"id:{text}",) if "/" in text else ()), *codes, f"id:{text}", fold(text))


def known_system(name: str) -> str:
    """A system of codes by its name; raises `UserError` with those there are.

    >>> known_system("M49")
    'm49'
    """
    if name.lower() not in SYSTEMS:
        raise UserError(
            f"There is no system of codes {name!r}; choose one of {', '.join(SYSTEMS)}."
        )
    return name.lower()


def is_number(text: str) -> bool:
    """Whether a text is nothing but the digits 0 to 9."""
    return text.isascii() and text.isdigit()


def number_keys(text: str) -> tuple[str, ...]:
    """What a bare number may be: a code of M49, of the Correlates of War, or of BACI."""
    return f"m49:{text.zfill(3)}", f"cow:{text.lstrip('0')}", f"baci:{text.lstrip('0')}"


def coded(text: str) -> str:
    """The key of a text that names its system of codes itself, as `cow:710` does; else nothing."""
    system, colon, code = text.partition(":")
    system = system.lower()
    if not colon or system not in SYSTEMS:
        return ""
    return f"m49:{code.zfill(3)}" if system == "m49" else f"{system}:{code}"


def fold(text: str) -> str:
    """A name without case, accents, punctuation and empty words; common short forms in full.

    >>> fold("Côte d'Ivoire"), fold("Trinidad & Tobago"), fold("Korea, Rep. of")
    ('cote d ivoire', 'trinidad and tobago', 'korea republic')
    """
    text = text if text.isascii() else _unseen_left_out(text)
    plain = _APOSTROPHES.sub(" ", text.translate(_LETTERS))
    plain = _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", plain).casefold()
    split = _SPLIT.sub(" ", plain) if plain.isascii() else _letters(plain)
    words = [_WHOLE.get(word, word) for word in split.split()]
    return " ".join([word for word in words if word not in _EMPTY_WORDS] or words)


def _letters(text: str) -> str:
    """Letters and digits of any script, and the marks that are letters of theirs."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(
        char if char.isalnum() or _is_letter(char) else "" if _is_accent(char) else " "
        for char in decomposed
    ).casefold()


def bare(text: str) -> str:
    """Letters and digits alone, accents kept: what a name of three letters must be written as.

    >>> bare("U.S."), bare("Irã")
    ('us', 'irã')
    """
    return "".join(char for char in text.casefold() if char.isalnum())


def _is_accent(char: str) -> bool:
    """Latin, Greek and Cyrillic accents; Arabic vowel signs and hamzas, which many leave out."""
    return "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u0655" or char == "\u0640"


def _is_letter(char: str) -> bool:
    """Marks that spell, such as the vowels of Devanagari and the voicing of kana."""
    return unicodedata.category(char) in ("Mn", "Mc") and not _is_accent(char)
