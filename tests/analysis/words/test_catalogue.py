"""Every message of the program is in the Chinese catalogue, and nothing else is."""

from __future__ import annotations

import re

import pytest

from parkflow.analysis.words.catalogue import HOLE, in_chinese, sentences
from tests.analysis.words.messages import messages

MESSAGES = messages()

ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
"""Two English words in a row."""


def spoken(message: str) -> str:
    """A message in Chinese, with a name in each hole."""
    return in_chinese(re.sub(r"\{\}", "'x'", message))


def kept(chinese: str) -> str:
    """What is left of a message without the commands and keys that the catalogue keeps in English on purpose."""
    for own in sentences().values():
        for piece in ENGLISH.findall(own):
            chinese = chinese.replace(piece, "")
    return chinese


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_is_in_the_catalogue(message: str) -> None:
    """A message that is new in the code must come with its Chinese."""
    chinese = spoken(message)
    assert re.search("[一-鿿]", chinese), MESSAGES[message]
    assert not ENGLISH.search(kept(chinese)), MESSAGES[message]


@pytest.mark.parametrize("english", [each for each in sentences() if HOLE.search(each)])
def test_the_chinese_has_no_hole_that_the_english_lacks(english: str) -> None:
    """Nothing could be filled in there."""
    assert set(HOLE.findall(sentences()[english])) <= set(HOLE.findall(english))
