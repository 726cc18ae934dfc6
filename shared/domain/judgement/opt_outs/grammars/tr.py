"""Turkish, the common demands only."""

GRAMMAR = """
LIST   = [bu | sizin | mail | e posta | mailing]* (listeden | listenizden | listelerinizden | listesinden |
    abonelikten | bültenden | veritabanınızdan | sisteminizden | posta listenizden | listelerden)
MAILS  = mail | email | e posta | mesaj | eposta | mailler | e postalar | reklam | bülten | emails | mails
PLEASE = lütfen | artık | bir daha | hemen | acilen | rica ediyorum
TAIL   = lütfen | teşekkürler | teşekkür ederim | hemen | artık | sağolun | rica ederim
ME     = beni | bizi | adresimi | email adresimi | e posta adresimi | mail adresimi | bilgilerimi | verilerimi |
    kişisel verilerimi | emailimi | bana | bize
RM     = çıkarın | çıkartın | çıkarınız | çıkar | silin | siliniz | sil | kaldırın | kaldırınız
NOT    = göndermeyin | göndermeyiniz | atmayın | yazmayın | yollamayın | rahatsız etmeyin | iletişime geçmeyin |
    aramayın ve yazmayın | göndermeyi bırakın | göndermeyi kesin | yazmayı bırakın | göndermeyi durdurun
demand.remove = PLEASE* [ME] [PLEASE]* LIST RM TAIL* | PLEASE* ME [PLEASE]* [LIST] RM TAIL* | PLEASE* [ME]
    [PLEASE]* [bu | başka | daha fazla]* [MAILS] [bu adrese]* NOT TAIL* | PLEASE* (aboneliğimi | kaydımı) (iptal
    edin | silin | iptal ediniz) TAIL* | PLEASE* (beni | bizi) rahat bırakın TAIL*
demand.no_wish = [artık | sizden | bir daha | daha fazla]* MAILS (almak istemiyorum | istemiyorum | almak
    istemiyoruz) TAIL*
bare.stop = [PLEASE]* (abonelikten çık | abonelik iptali | stop | iptal | unsubscribe | yeter) TAIL*
greeting = (merhaba | merhabalar | sayın | iyi günler | selam) [COMMA] [NAME | OTHER]*
courtesy = teşekkürler | teşekkür ederim | hayır | hayır teşekkürler | lütfen | iyi günler | iyi çalışmalar |
    sağolun
JOIN   = ve | ama | bu yüzden | fakat
reason = ilgilenmiyorum | ilgilenmiyoruz | ilgimi çekmiyor | ihtiyacımız yok | bu spam
signoff = saygılarımla | iyi çalışmalar | teşekkürler | iyi günler
suspect.remove = (listeden | listenizden | listelerinizden | abonelikten | LIST) ..2 (çıkar~ | sil~ | kaldır~) |
    (beni | adresimi | bilgilerimi | verilerimi | kaydımı | aboneliğimi) ..3 (çıkar~ | sil~ | iptal | kaldır~) |
    abonelik~
suspect.no_contact = göndermey~ | atmayın | yazmay~ | yollamayın | rahatsız etmeyin | iletişime geçmeyin | almak
    istemiyor~ | rahat bırak~ | stop | yeter | istemiyorum
ADDRESSED = lütfen | misiniz | nasıl (çıkabilirim | çıkarım)
release.time = kadar | şimdilik | bu hafta
release.condition = eğer | ise
"""
