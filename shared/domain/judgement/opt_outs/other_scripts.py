"""Opt-outs in languages that have no grammar: a list of what people write, one command each.

A message that is one of these commands and courtesy is certain; a command inside of a longer message is suspected.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from shared.domain.judgement.opt_outs.tokens import fold_word
from shared.domain.judgement.rule_matching import MAX_EVIDENCE_CHARS

# Phrases and beginnings of words by language, compared without case, accents and punctuation.
_COMMANDS = """
cs: neposílejte, odstraňte, prosím vyřaďte, mě odhlásit, odhlásit z odběru, odhlaste mě, odhlaste mne,
    odhlásit, odhlašte, vyřaďte mě, vyřaďte mne, vyřaďte, vymažte mě, vymažte moje, vymažte mé, smažte mou,
    smažte moje, smažte můj, odstraňte mě, odstraňte mne, odstraňte můj, odstraňte mou, již mě nekontaktujte,
    už mě nekontaktujte, nekontaktujte mě, nekontaktujte nás, nepište mi, přestaňte mi, přestaňte mě,
    přestaňte posílat, neposílejte mi, neposílejte nám, už mi neposílejte, nepřeji si, nepřejeme si, nemám
    zájem o další, nechci dostávat, nechci od vás, nechte mě na pokoji, nezasílejte
sk: neposielajte, odstráňte, mňa odhlásiť, odhlásiť z odberu, odhláste ma, odhlásiť, odhláste, vyraďte ma,
    vymažte ma, vymažte moje, odstráňte ma, odstráňte moju, odstráňte môj, nekontaktujte ma, nekontaktujte
    nás, nepíšte mi, prestaňte mi, prestaňte ma, neposielajte mi, neposielajte, neželám si, neprajem si,
    nechcem dostávať, nechcem od vás, nechajte ma na pokoji, nezasielajte, vymazanie mojich
hu: leiratkozás, töröljenek, töröljön, ne küldj, leiratkoz, iratkoztass, iratkozz, töröljenek, töröljön a,
    töröljétek, töröljék, töröljön engem, kérem töröl, vegyenek le, vegyen le, vegyél le, ne írjanak, ne írjon
    többet, ne írjon nekem, ne küldjenek, ne küldjön, ne küldjetek, ne keressenek, ne keressen, ne zaklass,
    hagyjanak békén, hagyjon békén, hagyjál békén, nem kérek több, nem kérem több, nem szeretnék több, nem
    kívánok, távolítsanak el, távolítson el, szíveskedjenek törölni, adataim törlését
ro: mă ștergeți, mă scoateți, mă eliminați, dezabonați, nu mai trimiteți, nu-mi trimiteți, nu mai trimite, nu
    mai contacta, nu mai scrie, dezabon, ștergeți-mă, ștergeți mă, stergeti adresa, ștergeți datele, stergeti
    ma, ștergeți-ne, scoateți-mă, scoateți mă, scoateti adresa, eliminați-mă, eliminati ma, eliminați adresa,
    nu mă mai contactați, nu ma mai contacta, nu-mi mai, nu îmi mai, nu ne mai, nu mai doresc, nu doresc să,
    nu doresc sa mai, nu vreau să mai, nu mai vreau, încetați, opriți, lăsați-mă în pace, lasati ma in pace,
    stergerea datelor, ștergerea datelor
el: διαγραψτε με, διαγράψτε, διαγραφή, διαγραφείτε, να διαγραφώ, απεγγραφή, καταργήστε την εγγραφή, αφαιρέστε
    με, αφαιρέστε το email, αφαιρέστε, βγάλτε με, μη μου στείλετε, μην μου στέλνετε, μη μου στέλνετε, μην μου
    ξαναστείλετε, μην επικοινωνήσετε, μην επικοινωνείτε, σταματήστε, δεν επιθυμώ, δεν θέλω να λαμβάνω, δεν
    θέλω άλλα, αφήστε με ήσυχο, αφήστε με ήσυχη, μη με ενοχλείτε, μην με ενοχλείτε, μην ξαναστείλετε, παρακαλώ
    διαγράψτε
tr: abonelikten çık, aboneliğimi iptal, abonelik iptal, listeden çıkar, listenizden çıkar, listelerinizden
    çıkar, beni çıkar, beni listeden, bana yazmayın, bana e-posta göndermeyin, mail göndermeyin, bir daha
    yazmayın, mail atmayın, mail atmayı, göndermeyin, göndermeyi bırak, göndermeyi kes, rahatsız etmeyin,
    iletişime geçmeyin, almak istemiyorum, istemiyorum lütfen, verilerimi sil, bilgilerimi sil, adresimi sil,
    beni rahat bırak, yazmayı bırak, kaydımı sil, rahatsız etme
ru: отпишите, отписаться, отписка, удалите меня, удалите мой, удалите мою, удалите мои, удалите наш, удалите
    нас, уберите меня, уберите мой, исключите меня, исключите мой, не пишите, больше не пиши, перестаньте
    писать, перестаньте присылать, перестаньте слать, прекратите, не присылайте, не шлите, не отправляйте мне,
    хватит писать, хватит присылать, хватит слать, не беспокойте, не хочу получать, не желаю получать, не
    хотим получать, отстаньте, оставьте меня в покое, отзываю согласие, больше не надо писать, не надо мне
    писать, вычеркните
uk: відпишіть, відписатися, відписка, видаліть мене, видаліть мою, видаліть мій, видаліть мої, видаліть наш,
    приберіть мене, виключіть мене, не пишіть, більше не пиш, припиніть, не надсилайте, не шліть, перестаньте,
    досить писати, не турбуйте, не хочу отримувати, не бажаю отримувати, не хочемо отримувати, дайте мені
    спокій, залиште мене у спокої, відкликаю згоду, вилучіть
bg: отпишете ме, премахнете ме, изтрийте ме, не ми пишете, спрете да, не ми изпращайте, не желая да получавам
hr: odjavite me, odjavi me, odjava, uklonite me, obrišite me, izbrišite me, maknite me, nemojte mi,
    prestanite, ne želim primati, ne želim više, ne šaljite, ne kontaktirajte, ne javljajte
sl: odjavite me, odjava, izbrišite me, odstranite me, ne pošiljajte, nehajte, ne želim prejemati, ne
    kontaktirajte
lt: atsisakau prenumeratos, išbraukite mane, ištrinkite mane, nebesiųskite, nerašykite, nebenoriu gauti,
    pašalinkite mane
lv: atrakstieties, izdzēsiet mani, nerakstiet man, nesūtiet, nevēlos saņemt, izņemiet mani
et: eemaldage mind, ärge kirjutage, ärge saatke, ei soovi saada, lõpetage, tellimuse tühist
ja: 配信停止, 配信解除, 購読解除, 登録解除, 配信を停止, 配信を止め, 送信を停止, 送らないで,
    送るのをやめ, 送ってこないで, 連絡しないで, 連絡を控え, 連絡はお控え, ご連絡はお控え,
    今後のご連絡は不要, 連絡は不要, 連絡不要, メールは不要, メール不要, 今後メールは,
    営業メールはお断り, 営業はお断り, お断りし, リストから外, リストから削除, リストから除,
    削除してください, 削除をお願い, アドレスを削除, 退会, もう送ら, メールをやめ, メールを止め,
    個人情報を削除, 迷惑です, 迷惑メール, 結構です
zh: 退订, 退訂, 取消订阅, 取消訂閱, 不要再发, 不要再發, 别再发, 別再發, 请勿再发, 請勿再發,
    请不要再, 請不要再, 请停止, 請停止, 停止发送, 停止發送, 停止寄送, 不要再联系, 不要再聯絡,
    不要再聯繫, 不要再寄, 别再联系, 請勿再, 请勿再, 请勿联系, 勿扰, 移除我, 把我移除, 将我移除,
    將我移除, 将我从, 將我從, 把我从, 把我從, 从列表中, 删除我, 刪除我, 删除我的, 不想再收到,
    不希望再收到, 别再打扰, 不要打扰, 不要再给我, 不要再給我, 名单中删除, 名單中刪除, 名单中移除,
    名單中移除
ko: 수신거부, 수신 거부, 구독취소, 구독 취소, 구독해지, 구독 해지, 보내지 마, 보내지마, 보내지
    말, 연락하지 마, 연락하지마, 연락하지 말, 연락 주지 마, 메일 그만, 그만 보내, 그만보내,
    삭제해 주세요, 삭제해주세요, 삭제 부탁, 삭제 바랍니다, 삭제해 주시기, 빼 주세요, 빼주세요,
    제외해 주, 제외해주, 제외 부탁, 받고 싶지 않, 받지 않겠, 원하지 않습니다, 수신을 원하지,
    중단해 주, 중단해주, 중지해 주, 멈춰
ar: إلغاء الاشتراك, الغاء الاشتراك, ألغوا اشتراكي, إلغاء اشتراكي, الغاء اشتراكي, احذفوني, احذفني, احذفوا
    بريدي, احذفوا عنواني, حذف بريدي, حذف بياناتي, إزالة اسمي, ازالة اسمي, أزيلوني, أزلني, إزالتي من, إزالة
    بريدي, إزالة عنواني, لا تراسلوني, لا تراسلني, لا ترسلوا, لا ترسل, عدم إرسال, عدم ارسال, عدم مراسلتي, عدم
    التواصل, عدم الاتصال, توقفوا عن, توقف عن, لا تتواصلوا, لا تتصلوا, لا أرغب في, لا ارغب في, لا أريد استلام,
    لا أريد تلقي, لا أريد المزيد, كفوا عن, أوقفوا
he: הסירו אותי, הסר אותי, תסירו אותי, להסיר אותי, נא להסיר, הסרה, אל תשלחו, להפסיק לשלוח, תפסיקו, הפסיקו, לא
    מעוניין לקבל, לא מעוניינת לקבל, מחקו אותי, אל תפנו
vi: hủy đăng ký, huỷ đăng ký, xóa tôi khỏi, xoá tôi khỏi, đừng gửi, không muốn nhận, ngừng gửi, dừng gửi,
    không gửi, đừng liên hệ
id: berhenti berlangganan, jangan kirim, hapus saya, hapus email saya, hapus alamat, jangan hubungi, berhenti
    mengirim
th: ยกเลิกการรับ, ยกเลิกการสมัคร, หยุดส่ง, อย่าส่ง, ไม่ต้องส่ง, ลบชื่อ, ลบอีเมล
hi: सदस्यता समाप्त, मुझे हटा, ईमेल मत भेज, संपर्क न करें, ईमेल न भेज
"""
_COURTESY = """
希望, 依頼, お願いします, お願いいたします, お願い致します, よろしくお願いします, してください, です, ます,
谢谢, 謝謝, 请, 請, 감사합니다,
부탁드립니다, 합니다, 주세요, prosím, děkuji, ďakujem, kérem, köszönöm, vă rog, va rog, mulțumesc,
παρακαλώ, ευχαριστώ, lütfen, teşekkürler, пожалуйста, спасибо, будь ласка, дякую, من فضلك,
شكرا, رجاء
"""
_MAX_CHARS = 4_000


def _fold(text: str) -> str:
    return " ".join(re.findall(r"[\w\u0300-\u036f]+", " ".join(fold_word(word) for word in text.split())))


@cache
def _courtesies() -> tuple[str, ...]:
    return tuple(sorted((_fold(word) for word in re.split(r",\s+", _COURTESY.strip())), key=len, reverse=True))


@cache
def _commands() -> frozenset[str]:
    listed = re.split(r"^[a-z]{2}: ", _COMMANDS, flags=re.MULTILINE)
    return frozenset(_fold(command) for words in listed for command in re.split(r",\s+", words.strip()) if command)


@cache
def _any_command() -> re.Pattern[str]:
    return re.compile("|".join(word if _has_no_blanks(word) else f" {word}" for word in sorted(_commands())))


def _has_no_blanks(command: str) -> bool:
    """Whether the command's script writes words without blanks between them."""
    return unicodedata.name(command[0], "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "ARABIC"))


def find_command(text: str) -> str | None:
    """Returns the first sentence of ``text`` in which a command stands, as written; None if there is none."""
    for sentence in re.split(r"(?<=[.!?。！？\n])", text[:_MAX_CHARS]):
        if _any_command().search(f" {_fold(sentence)}"):
            return sentence.strip()[:MAX_EVIDENCE_CHARS]
    return None


def commands_whole_message(text: str) -> str | None:
    """Returns ``text`` if it is one command with courtesy; None otherwise."""
    if len(text) > 80:
        return None
    rest = _fold(text)
    for courtesy in _courtesies():
        rest = " ".join(rest.removeprefix(courtesy).removesuffix(courtesy).split())
    return text.strip() if rest in _commands() else None
