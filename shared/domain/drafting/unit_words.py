# ruff: noqa: E501 - the words of one unit stay on one line
"""The words for units of money, share, time and of what is counted, in all languages. Words are folded."""

from __future__ import annotations

from typing import Final

from shared.domain.text.wording import words_of

PERCENT: Final = "PERCENT"
CENT: Final = "CENT"
MONTHS: Final = "MONTHS"
DAYS: Final = "DAYS"
HOURS: Final = "HOURS"
MINUTES: Final = "MINUTES"
COUNT: Final = "COUNT"
PER: Final = "PER"  # "19 per contractor": a price without its currency

CURRENCIES: Final = {
    "USD": "$ us$ usd dollar dollars dolares bucks dolar dolarow dolary dollari dollaro dolares",
    "EUR": "€ eur euro euros",
    "GBP": "£ gbp pound pounds quid libra libras livre livres sterling sterline sterlina pond funt funtow funty pfund",
    "CHF": "chf franken francs franchi francos",
    "PLN": "pln zl zloty zlotych zlote zlotow",
    "SEK": "sek",
    "DKK": "dkk",
    "NOK": "nok",
    "KR": "kr kronor kroner",
    "JPY": "¥ jpy yen",
    "INR": "₹ inr",
    "CAD": "cad",
    "AUD": "aud",
    "BRL": "r$ brl reais real",
    "MXN": "mxn pesos",
}
_OTHERS: Final = {
    PERCENT: "% percent prozent procent pct prozentpunkte percento procenten procenta",
    CENT: "cent cents centime centimes centavos centavo centesimi centesimo grosz groszy pence centimos ct",
}
UNIT_OF_WORD: Final = {word: unit for unit, words in {**CURRENCIES, **_OTHERS}.items() for word in words.split()}

# Unit, and how many of it one stands for.
TIME_WORDS: Final = {
    "minute minutes min mins minuten minuto minutos minuti minut minuty minuut": ((MINUTES, 1),),
    "hour hours hr hrs stunde stunden heure heures hora horas ora ore uur uren godzina godziny godzin": ((HOURS, 1),),
    "day days tag tage tagen werktag werktage werktagen arbeitstag arbeitstage arbeitstagen jour jours dia dias giorno giorni dag dagen werkdag werkdagen dzien dni": ((DAYS, 1),),
    "week weeks woche wochen semaine semaines semana semanas settimana settimane weken tydzien tygodnie tygodni": ((DAYS, 7),),
    "month months monat monate monaten mois mes meses mese mesi maand maanden miesiac miesiace miesiecy miesieczna miesieczny": ((MONTHS, 1), (DAYS, 30)),
    "quarter quarters quartal quartale quartalen trimestre trimestres trimestri kwartaal kwartalen kwartal kwartaly": ((MONTHS, 3), (DAYS, 90)),
    "year years jahr jahre jahren an ans annee annees ano anos anno anni jaar jaren rok lata lat": ((MONTHS, 12), (DAYS, 365)),
}  # fmt: skip
TIMES: Final = {word: units for words, units in TIME_WORDS.items() for word in words.split()}

# What is promised or charged by number; words such as "questions", "steps" or "options" are turns of phrase.
COUNTED: Final = words_of(
    "meeting meetings appointment appointments demos leads customer customers client clients user users seat seats licence licences license licenses "
    "employee employees contact contacts campaign campaigns order orders parcel parcels contractor contractors agent agents location locations site sites "
    "mailboxes countries people reps vehicles machines points installations shipments companies words photos products projects references "
    "termine kunden nutzer benutzer lizenzen mitarbeiter mitarbeitern mitarbeitende kontakte kampagnen bestellungen pakete standorte standorten messpunkte messpunkten "
    "anlagen maschinen fahrzeuge lander betriebe unternehmen "
    "rendez-vous utilisateurs licences salaries contacts campagnes commandes colis etablissements sites mots clients pays restaurants "
    "reuniones citas clientes usuarios licencias empleados contactos campanas pedidos paquetes vehiculos furgonetas palabras centros paises "
    "incontri clienti utenti licenze dipendenti contatti campagne ordini pacchi sedi parole foto prodotti paesi "
    "afspraken klanten gebruikers licenties medewerkers contacten campagnes bestellingen pakketten zendingen fietsen locaties woorden landen "
    "reunioes clientes usuarios utilizadores licencas funcionarios contatos campanhas encomendas veiculos palavras pessoas paises "
    "spotkan spotkania klientow klienci uzytkownikow licencji pracownikow kontaktow kampanii zamowien zamowienia paczek przesylek lokalizacji"
)
# Adjectives between a number and its unit.
BETWEEN: Final = words_of(
    "business working full whole calendar free extra additional new qualified active paying volle ganze weitere zusatzliche neue kostenlose freie netto laboral laborables habiles lavorativi nuevos nuevas nuovi "
    "neue neuen zufriedene nieuwe novos novas nowych gratuits premiers primeros first ersten erste eerste primi primeiros pierwsze pierwszych bezplatne"
)
PER_WORDS: Final = words_of("per pro je par por za a")

# The words of a clause that says what a number means for the contract.
TERMS: Final = words_of(
    "minimum term contract trial pilot guarantee warranty notice commitment discount laufzeit mindestlaufzeit vertrag vertragslaufzeit kundigungsfrist garantie testphase testzeitraum "
    "probemonat engagement contrat essai garantie preavis permanencia contrato prueba garantia durata contratto prova garanzia preavviso looptijd contract proefperiode opzegtermijn "
    "fidelidade periodo teste umowa umowy okres okresu probny gwarancja gwarancji wypowiedzenia"
)
# A clause that speaks of the lead's own money, which the lead may have named.
LEADS_MONEY: Final = words_of(
    "budget budgets spend spending spent pay paying turnover revenue currently current less than cheaper below derzeitige weniger gunstiger moins menos meno minder mniej ausgeben zahlen umsatz ausgaben derzeit depensez payez chiffre presupuesto gastan gasta pagan facturacion "
    "spendete spende pagate fatturato uitgeven besteden betaalt omzet orcamento gastam gasta faturamento budzet budzecie wydaja placa obrotu"
)
WITHIN_A_YEAR: Final = words_of(
    "year yearly annual annually annum jahr jahrlich jahres jahrliche annee annuel annuelle an ano anual anno annuo annuale annui jaar jaarlijks rok rocznie roczna roczny"
)
# A talk that a number of minutes belongs to: its length is a proposal, not a fact.
TALKS: Final = words_of(
    "call chat demo meeting talk conversation intro through together look slot gesprach termin telefonat kennenlernen austausch gemeinsam telefonieren appel echange demonstration rendez-vous creneau "
    "llamada reunion demostracion charla conversacion chiamata incontro colloquio videochiamata gesprek belafspraak kennismaking conversa reuniao chamada demonstracao rozmowa rozmowe rozmowy rozmowie spotkanie spotkania"
)
# Words that give money away, by what they give; our own texts must give the same.
GIVEN_AWAY: Final = {
    "free": r"free of charge|free of cost|for free|at no (?:extra |additional )?(?:cost|charge)|without charge|complimentary|on the house|(?:is|are|comes?|get|months?|weeks?|days?|set-?up|trial|pilot|onboarding|shipping|delivery|first one) (?:completely |entirely |also |totally )?free\b(?! (?:on|to|at|after|before|next|between|from|of|in)\b)|free (?:month|months|trial|pilot|set-?up|onboarding|shipping|delivery|test)|kostenlos\w*|kostenfrei\w*|gratis|umsonst|unentgeltlich\w*|geschenkt|gratuit(?:e|es|s|ement)?\b|offerte?s?\b(?= (?:ce|par|pour|pendant|les|la|le|[.,;!]))|vous est offerte?|sans frais|gratuit[oa]s?\b|gratuitamente|sin coste|sin cargo|omaggio|senza costi|sem custo|gratis|kosteloos|zonder kosten|bezplatn\w*|za darmo|darmow\w*",
    "half": r"half[ -]price|half (?:of )?the (?:price|cost|fee|rate)|half off|zum halben preis|halben preis\w*|halber preis|die halfte|zur halfte|moitie prix|la moitie|mitad de precio|la mitad del|meta prezzo|a meta\b|la meta del|halve prijs|de helft van|voor de helft|metade do preco|pela metade|meio preco|pol ceny|polowe ceny|polowa ceny",
    "part": r"(?:a|one) (?:quarter|third|fifth|tenth) (?:off|less|cheaper|of the price)|ein (?:viertel|drittel|funftel) (?:weniger|gunstiger|rabatt|nachlass)|un (?:quart|tiers) (?:de moins|moins cher)|un (?:cuarto|tercio) menos|un (?:quarto|terzo) in meno|een (?:kwart|derde) (?:korting|minder)|um (?:quarto|terco) a menos",
    "waived": r"waive[sd]?\b|erlassen (?:wir|ich)|entfallt\b|condon\w+|isentamos",
    "refund": r"money[ -]back|full refund|refund(?:s|ed|able)?\b|geld zuruck|geld-zuruck|erstatten|ruckerstattung|rembours\w+|reembols\w+|devolvemos el dinero|devolucion del dinero|rimbors\w+|geld terug|zwrot pieniedzy|zwrot kosztow|zwracamy",
}
