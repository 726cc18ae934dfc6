"""The words for a message of one medium, as the grammars' words for an email: on a phone, "texts" are what is to end.

On email the same words are about another channel, so they stand in no grammar.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.vocabulary import Channel

type Words = Mapping[str, str]

_TABLES: Final[Mapping[Channel, Mapping[str, Words]]] = MappingProxyType(
    {
        Channel.SMS: {
            "en": {
                "text": "message", "texts": "messages", "texting": "messaging", "texted": "messaged",
                "txt": "message", "txts": "messages", "txting": "messaging", "sms": "messages",
                "msg": "message", "msgs": "messages", "msging": "messaging", "number": "address",
            },
            "de": {"sms": "nachrichten", "nummer": "adresse", "handynummer": "adresse"},
            "fr": {"sms": "messages", "texto": "message", "textos": "messages", "numero": "adresse"},
            "es": {"sms": "mensajes"},
            "it": {"sms": "messaggi"},
            "nl": {"sms": "berichten", "smsjes": "berichten", "appjes": "berichten"},
            "pt": {"sms": "mensagens"},
            "pl": {"sms": "wiadomosci", "smsy": "wiadomosci", "smsow": "wiadomosci"},
            "nordic": {"sms": "meddelanden", "smser": "meddelanden"},
        },
        Channel.LINKEDIN: {
            "en": {
                "dm": "message", "dms": "messages", "dming": "messaging", "pm": "message", "pms": "messages",
                "inmail": "message", "inmails": "messages", "msg": "message", "msgs": "messages", "msging": "messaging",
            },
        },
    }
)  # fmt: skip
_NONE: Final[Words] = MappingProxyType({})
_MESSAGES: Final = frozenset({"message", "messages", "msg", "msgs"})


def medium_words(channel: Channel, language: str) -> Words:
    """Returns what the words for the channel's messages are replaced by in a language (a grammar's code)."""
    return _TABLES.get(channel, {}).get(language, _NONE)


def in_words_of_email(word: str, following: str, words: Words) -> str:
    """Returns the grammar's word for ``word``; a "text message" is a kind of message, like an "email message"."""
    if word == "text" and word in words and following in _MESSAGES:
        return "email"
    return words.get(word, word)
