# ruff: noqa: E501 - many words to a line
"""The words around names: forms of address and titles, and what somebody does of whom a text speaks. Words are folded."""

from __future__ import annotations

from typing import Final

from shared.domain.text.wording import words_of

FORMS_OF_ADDRESS: Final = words_of(
    "there again all everyone everybody team folks both sir madam mr mrs ms miss mx dr prof professor the your our thanks thank nice hope and re "
    "herr herrn frau zusammen allerseits leute damen und herren ihr ihre liebes nochmals noch einmal danke vielen monsieur madame mme mlle "
    "messieurs mesdames et tous toutes equipe a encore merci senor senora sr sra srta don dona equipo todos todas y de nuevo gracias signor "
    "signora signore sig tutti grazie heer mevrouw allen allemaal dank senhor senhora obrigado obrigada pan pani panie panstwo pane professorin "
    "professeur profesor profesora professoressa professore doktor doctor doctora docteur docteure dott dottore dottor dottoressa dra doutor "
    "doutora ing ingeniero ingeniera ingegner ingegnere inzynier engenheiro engenheira eng dipl diplom lic licenciado licenciada lcda arq "
    "arquitecto arquitecta architetto abogado abogada abog avv avvocato avvocata avocat maitre me geom geometra rag ragioniere mag magister mgr "
    "inz doc mecenas direktor direktorin director directora direttore direttrice presidente hi hallo hola hello bonjour"
)
THIRD_PERSON: Final = words_of(
    "is was has had asked told said says wants wanted left forwarded passed gave hat ist sagt sagte bat m'a est ha está heeft vroeg pediu disse prosił poprosił przekazał"
)
