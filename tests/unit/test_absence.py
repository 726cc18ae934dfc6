"""The day on which the writer of an absence notice is back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.judgement.absence import stated_return_date
from tests.timing import cpu_seconds

TUESDAY = datetime(2026, 7, 28, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("notice", "back"),
    [
        # until a day: there on that day
        ("I am out of the office until August 12 with limited access to email.", "2026-08-12"),
        ("I am away until Monday.", "2026-08-03"),
        ("I am out of the office until the 10th of August", "2026-08-10"),
        ("I am out of the office until tomorrow.", "2026-07-29"),
        ("I am out until 14/08/2026.", "2026-08-14"),
        ("Ich bin bis zum 14. August im Urlaub.", "2026-08-14"),
        ("Ich bin bis Freitag nicht da.", "2026-07-31"),
        ("Je suis absent jusqu'au 12 août.", "2026-08-12"),
        ("Estoy fuera de la oficina hasta el 5 de agosto.", "2026-08-05"),
        ("Sono fuori ufficio fino al 20 agosto.", "2026-08-20"),
        ("Estou de férias até 15 de agosto.", "2026-08-15"),
        ("Jestem na urlopie do 20 sierpnia.", "2026-08-20"),
        ("Jag är på semester till den 15 augusti.", "2026-08-15"),
        ("Я нахожусь в отпуске до 14 августа.", "2026-08-14"),
        ("Do 14. srpna jsem na dovolené.", "2026-08-14"),
        ("Som na dovolenke do 14. augusta.", "2026-08-14"),
        ("14 Ağustos'a kadar izindeyim.", "2026-08-14"),
        ("Sunt în concediu până pe 14 august.", "2026-08-14"),
        ("Θα απουσιάζω μέχρι τις 14 Αυγούστου.", "2026-08-14"),
        ("Я у відпустці до 14 серпня.", "2026-08-14"),
        ("我正在休假，8月14日回来。", "2026-08-14"),
        ("我目前不在辦公室，週一回覆您。", "2026-08-03"),
        ("Jeg er desværre ikke på kontoret før mandag.", "2026-08-03"),
        # a day without its month: the next one
        ("I'm out until the 9th.", "2026-08-09"),
        ("I'm out until the 30th.", "2026-07-30"),
        ("Ich bin bis zum 14. im Urlaub.", "2026-08-14"),
        ("Je suis absente jusqu'au 14, merci de votre patience.", "2026-08-14"),
        ("Jeg er på ferie til den 12. og læser ikke mails.", "2026-08-12"),
        # a month without a day: its first
        ("I'm on leave until January.", "2027-01-01"),
        ("Jag är föräldraledig till mars.", "2027-03-01"),
        ("I'm on maternity leave until March 2027. Please contact Tom.", "2027-03-01"),
        ("Ich bin bis März 2027 in Elternzeit.", "2027-03-01"),
        ("Je suis en congé maternité jusqu'à janvier 2027.", "2027-01-01"),
        ("Estoy de baja por maternidad hasta febrero de 2027.", "2027-02-01"),
        ("Jestem na urlopie macierzyńskim do marca 2027.", "2027-03-01"),
        ("I'm on leave through December 2026.", "2027-01-01"),
        ("I am on parental leave and will be back in January 2027.", "2027-01-01"),
        # an office that opens again
        ("Our office is closed for the holidays from December 23 and reopens on January 4.", "2027-01-04"),
        ("Unser Büro ist ab dem 4. Januar wieder geöffnet.", "2027-01-04"),
        ("Nos bureaux sont fermés et rouvrent le 4 janvier.", "2027-01-04"),
        ("Estamos cerrados por vacaciones, reabrimos el 4 de enero.", "2027-01-04"),
        ("Siamo chiusi per ferie, riapriamo il 4 gennaio.", "2027-01-04"),
        ("Ons kantoor is gesloten en heropent op 4 januari.", "2027-01-04"),
        ("Estamos fechados e reabrimos no dia 4 de janeiro.", "2027-01-04"),
        ("Kontoret är stängt och öppnar den 4 januari.", "2027-01-04"),
        ("I only check my inbox on Tuesdays and am away on sabbatical until January 11, 2027.", "2027-01-11"),
        ("Ik werk niet op vrijdag; maandag 3 augustus ben ik weer bereikbaar.", "2026-08-03"),
        ("Montag, den 17.08. bin ich wieder für Sie da.", "2026-08-17"),
        ("Den 17 augusti är jag tillbaka.", "2026-08-17"),
        # a last day and the end of a range: the day after
        ("Szabadságon vagyok augusztus 14-ig.", "2026-08-15"),
        ("8월 14일까지 휴가입니다.", "2026-08-15"),
        ("I'm out from 3 to 14 August.", "2026-08-15"),
        ("I will be out of the office from August 3 through August 14.", "2026-08-15"),
        ("I'm out of the office 8/3 - 8/14.", "2026-08-15"),
        ("I am out until 14 August inclusive.", "2026-08-15"),
        ("Ich bin bis einschließlich 14.08. nicht im Büro.", "2026-08-15"),
        ("Ich bin vom 03.08. bis 14.08.2026 nicht im Büro.", "2026-08-15"),
        ("Je suis absente du bureau du 3 au 12 août inclus.", "2026-08-13"),
        ("Je suis absent jusqu'au 12 août inclus.", "2026-08-13"),
        ("Ik ben tot en met 14 augustus op vakantie.", "2026-08-15"),
        ("Ik ben op vakantie t/m 14-08-2026.", "2026-08-15"),
        ("Estarei ausente do escritório até 15 de agosto inclusive.", "2026-08-16"),
        ("Jestem na urlopie do 20 sierpnia włącznie.", "2026-08-21"),
        ("Jag är på semester till och med 14 augusti.", "2026-08-15"),
        ("Jeg er på ferie til og med den 12. august.", "2026-08-13"),
        ("Olen lomalla 12.8. saakka.", "2026-08-13"),
        ("誠に勝手ながら12月2日まで不在にしております。", "2026-12-03"),
        # a day of return outweighs everything else
        ("I will be back in the office on 2nd December.", "2026-12-02"),
        ("I am on leave and return on Monday, 4 January 2027.", "2027-01-04"),
        ("I will return on 2026-08-17.", "2026-08-17"),
        ("Out of office from 3 August to 14 August. I will be back on 17 August.", "2026-08-17"),
        ("Ich bin im Urlaub und ab dem 17. August wieder erreichbar.", "2026-08-17"),
        ("Ich bin am Montag, den 17.08. wieder im Büro.", "2026-08-17"),
        ("Actuellement en congés, je serai de retour le 24 août.", "2026-08-24"),
        ("Estoy de vacaciones del 3 al 14 de agosto, ambos inclusive. Regreso el 17 de agosto.", "2026-08-17"),
        ("Sono in ferie dal 3 al 14 agosto. Rientro il 17 agosto.", "2026-08-17"),
        ("Ik ben vanaf maandag 17 augustus weer bereikbaar.", "2026-08-17"),
        ("Jestem nieobecny. Wracam 17 sierpnia.", "2026-08-17"),
        ("Jag är tillbaka på kontoret den 17 augusti.", "2026-08-17"),
        ("Jeg er på ferie og er tilbage mandag den 17. august.", "2026-08-17"),
        ("Jeg er tilbake på kontoret 17. august, ikke før.", "2026-08-17"),
        ("Olen lomalla ja palaan 17.8.", "2026-08-17"),
        ("8月10日から8月14日まで休暇をいただきます。8月17日より出社いたします。", "2026-08-17"),
        ("Я в отпуске по 14 августа, вернусь 17 августа.", "2026-08-17"),
    ],
)
def test_the_day_of_return(notice: str, back: str) -> None:
    assert stated_return_date(notice, TUESDAY) == date.fromisoformat(back)


@pytest.mark.parametrize(
    "notice",
    [
        "",
        "I am out of the office.",
        "I am out until further notice.",
        "I am out until mid August.",
        "I am out until the end of March 2027.",
        "I am out until early March 2027.",
        "Ich bin bis Ende März 2027 nicht da.",
        "We plan to buy by March 2027.",
        "The store opened on January 4 and is doing fine.",
        "I am out until 04/05/2027.",  # 4 May or 5 April
        "I am on vacation until 1 July.",  # four weeks ago: a notice that was never switched off
        "I will be back on 1 August 2028.",  # more than a year
        "I am out until 31 February.",
        "I am back on Aug 20. Back on Aug 12.",
    ],
)
def test_doubt_is_none(notice: str) -> None:
    assert stated_return_date(notice, TUESDAY) is None


def test_a_date_without_year_lies_ahead_across_new_year() -> None:
    assert stated_return_date("I am out until 4 January.", datetime(2026, 12, 20, tzinfo=UTC)) == date(2027, 1, 4)


@settings(max_examples=60)
@given(st.text(max_size=120), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_text_gets_an_answer_within_a_year(text: str, day: date) -> None:
    back = stated_return_date(f"I am out until {text}", datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    assert back is None or 0 <= (back - day).days <= 366


@pytest.mark.parametrize("fragment", ["until 3 august ", "from 3 to ", "1.", "back on ", "12月2日まで", " "])
def test_time_is_bounded(fragment: str) -> None:
    stated_return_date("until 3 august", TUESDAY)  # compiles
    assert cpu_seconds(lambda: stated_return_date(fragment * 20_000, TUESDAY), times=1) < 1.0
