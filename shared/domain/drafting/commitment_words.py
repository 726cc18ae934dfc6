# ruff: noqa: E501 - the phrases of one kind stay on one line
"""The phrases by which a text of ours commits us to something, per language and kind.

``a|b`` are alternatives, ``word*`` stands for any ending, ``…`` for up to 3 words, ``……`` for up to 9, ``@`` for somebody else
than the lead, ``#`` for a moment of time, ``^`` for the beginning of the clause. Words are folded: lower case, no accents, "i will" as "i'll".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.commitments import CommitmentKind
from shared.domain.text.wording import words_of

JOINED: Final[Mapping[str, str]] = {
    "i will": "i'll",
    "i shall": "i'll",
    "we will": "i'll",
    "we shall": "i'll",
    "we'll": "i'll",
    "let me": "i'll",
    "i'm going to": "i'll",
    "i am going to": "i'll",
    "we're going to": "i'll",
    "we are going to": "i'll",
    "team will": "i'll",
    "colleague will": "i'll",
    "colleagues will": "i'll",
    "you will": "you'll",
    "i am": "i'm",
    "we're": "i'm",
    "we are": "i'm",
    "check back": "checkback",
    "check in": "checkback",
    "go through": "review",
    "go over": "review",
    "take care": "handle",
}
"""English phrases, and the form in which the tables below have them."""

# The order of the kinds is their precedence within a clause: "I'll check and get back to you" is one commitment.
PROMISES: Final[Mapping[CommitmentKind, Mapping[str, str]]] = {
    CommitmentKind.INVITE: {
        "en": "i'll|i'm …… invite|invitation|invites; i'll … calendar …… ; you'll …… invite|invitation; invite|invitation … follow|follows|following|coming|arrive|arrives; invite|invitation will|to …; invite|invitation … on its|the way; look|watch out for …… invite|invitation; expect …… invite|invitation; i'll … put|block|book|pencil|schedule ……",
        "de": "einladung|termineinladung|kalendereinladung … folgt|kommt|geht|folgen; schicke|schicken|sende|senden|verschicke|stelle|erhalten|bekommen|bekommst|erhaltst|werde …… einladung|termineinladung|kalendereinladung|kalendereintrag|terminbestatigung; lade … sie|dich|euch …… ein; trage …… kalender ein; blocke|reserviere ……",
        "fr": "invitation|invit … suit|suivra|arrive|arrivera|part|parvient|parviendra; j'envoie|envoie|enverrai|envoyons|enverrons|recevrez|recevez|recevoir|recevras|recois …… invitation|invit; je bloque|reserve ……; j'inscris|j'ajoute …… agenda",
        "es": "invitacion|convocatoria … sigue|llega|llegara; envio|enviare|mando|mandare|enviamos|enviaremos|enviarle|enviarte|recibira|recibiras|recibe|recibes|llegara …… invitacion|convocatoria; agendo|agendare|bloqueo|reservo|reservare …",
        "it": "seguira|arrivera|segue …… invito; invito … segue|seguira|arriva|arrivera; mando|invio|inviero|mandero|spedisco|inviarle|mandarle|ricevera|riceverai|riceve|ricevi …… invito; fisso|blocco|prenoto …… appuntamento|incontro|chiamata|agenda|slot",
        "nl": "uitnodiging|agenda-uitnodiging|agendaverzoek … volgt|komt; stuur|zend|mail|sturen|mailen|krijgt|krijg|ontvangt|ontvang …… uitnodiging|agenda-uitnodiging|agendaverzoek; zet|plan …… agenda; plan …… in",
        "pt": "convite … segue|chega|chegara; segue …… convite; envio|enviarei|mando|mandarei|enviar|mandar|enviaremos|recebera|recebe|receber|recebes|recebem …… convite; agendo|agendarei|agendar|bloqueio|reservo …… chamada|reuniao|conversa|horario|agenda",
        "pl": "zaproszenie …… wysle|przesle|wysylam|przesylam|dotrze|przyjdzie|wyslemy; wysle|przesle|wysylam|przesylam|wyslemy|przeslemy|otrzyma|otrzymasz|dostanie|dostaniesz|otrzymaja …… zaproszenie; zapisze|wpisze …… kalendarz*; zarezerwuje ……",
    },
    CommitmentKind.CALL: {
        "en": "i'll … call|phone|ring|dial you|back|again|on|at|after|tomorrow|today|then; i'll … give you|him|her|them …… call|ring; i'm calling you; expect … call; you'll …… call from|back",
        "de": "rufe|rufen … an|zuruck|durch; rufe|rufen …… an; rufe|rufen …… zuruck; werde|werden …… anrufen|telefonieren|zuruckrufen; melde|melden …… telefonisch|telefon",
        "fr": "je|j'|nous … appelle|rappelle|appellerai|rappellerai|telephone|telephonerai|appelons|appellerons|rappellerons; je … vais …… appeler|rappeler; je vous|te passe un coup",
        "es": "le|te|os|les|lo|la llamo|llamare|llamamos|llamaremos; voy a llamar*; vamos a llamar*; llamare",
        "it": "la|ti|vi chiamo|chiamero|richiamo|richiamero|telefono|telefonero|chiamiamo; chiamero|richiamero|telefonero",
        "nl": "bel|bellen … je|jou|u|jullie|even|dan; ik|we|wij bel|bellen; zal|ga|zullen …… bellen",
        "pt": "ligo|ligarei|telefono|telefonarei|ligamos|ligaremos; vou … ligar|telefonar*|chamar; vamos … ligar",
        "pl": "zadzwonie|oddzwonie|zadzwonimy|zatelefonuje|przedzwonie; bede dzwonic|dzwonil|dzwonila",
    },
    CommitmentKind.CONTACT_PERSON: {
        "en": "i'll … write|reach|email|e-mail|contact|message|speak|talk|turn|drop … to|with … @; i'll … write|email|e-mail|contact|message|call|copy|cc|include|add|loop|approach @; i'll … get in touch with … @; i'll … drop @",
        "de": "schreibe|kontaktiere|informiere|kontaktieren|anschreiben|ansprechen|wende|wenden @; schreibe|kontaktiere|informiere|spreche … herrn|frau|ihrem|ihrer|ihren|kollegen|kollegin; wende mich …… @; schreibe ich @; spreche ich … @; werde … @ …… schreiben|kontaktieren|ansprechen|anschreiben|anrufen; melde mich|ich bei @; melde ich mich bei … @; nehme …… @ …… kontakt|verbindung; nehme …… kontakt|verbindung … @; gehe auf @",
        "fr": "j'ecris|j'ecrirai|contacte|contacterai|ecris|ecrirai|m'adresse|m'adresserai|appelle|appellerai … @; vais ecrire|contacter … @; prends|prendrai contact … @; tourne|rapproche vers|de … @",
        "es": "escribo|escribire|contacto|contactare|llamo|llamare|hablo|hablare a|con … @; contacto|contactare @; escribire a @; voy a escribir*|contactar*|hablar … @; pongo|pondre en contacto con … @",
        "it": "scrivo|scrivero|contatto|contattero|sentiro|rivolgo|rivolgero|parlo|parlero … @; metto|mettero in contatto con … @",
        "nl": "mail|schrijf|benader|contacteer|bericht … @; neem …… contact op met … @; neem …… contact met … @ op; zal …… @ …… mailen|schrijven|benaderen|bellen; stuur @",
        "pt": "escrevo|escreverei|contacto|contato|contactarei|contatarei|falo|falarei … @; vou … escrever|falar|contactar|contatar … @; entro|entrarei em contato|contacto com … @",
        "pl": "napisze|odezwe|skontaktuje|zwroce|zwrocimy|zadzwonie … do|z … @",
    },
    CommitmentKind.FIND_OUT: {
        "en": "i'll … check|find|look|ask|clarify|confirm|verify|investigate|double-check|enquire|inquire|dig|raise …; i'll … take … up|back …; i'll … run …… by|past …; i'll … get|have …… answer|confirmation|figure|answers|details; i'm … checking|asking|finding|looking into …; i have|need to check|ask|find|confirm|clarify …; leave it|that with me",
        "de": "klare|klaren|prufe|prufen|checke|checken|erfrage|recherchiere …; frage|fragen …… nach; frage|fragen … intern|team|kollegen|kollegin|technik|entwicklung|fachabteilung; finde|finden …… heraus; erkundige …; informiere mich|ich …; mache mich …… schlau; werde|werden|muss|lasse …… klaren|abklaren|prufen|nachfragen|herausfinden|erfragen|nachsehen; schaue …… nach; bringe …… erfahrung",
        "fr": "renseigne|renseignerai|verifie|verifierai|regarde|regarderai|verifions|verifierons|demande|demanderai …; je|j' … vais …… verifier|demander|renseigner|regarder; pose|poserai la|votre question; fais|ferai le point|verifier",
        "es": "averiguo|averiguare|consulto|consultare|compruebo|comprobare|verifico|verificare|confirmo|confirmare|pregunto|preguntare|reviso|revisare|miro|mirare …; voy a averiguar*|consultar*|comprobar*|preguntar*|verificar*|mirar*|revisar*|confirmar*; me informo|informare …; tengo|tendria que consultar*|preguntar*|verificar* …",
        "it": "verifico|verifichero|controllo|controllero|chiedo|chiedero|approfondisco|approfondiro …; mi informo|informero …; devo … verificare|chiedere|controllare …; faccio|faro verificare|controllare|sapere …",
        "nl": "zoek|zoeken …… uit; vraag|vragen …… na; vraag|vragen … intern|team|collega*|techniek; ga|gaan …… na; check|checken|controleer|controleren … ik|het|dat|dit|of|met|bij|even …; ik|we|wij … check|checken|controleer|controleren|verifieer …; informeer …… bij|naar …; moet|zal|ga …… uitzoeken|nagaan|navragen|checken|controleren; overleg ……",
        "pt": "verifico|verificarei|confirmo|confirmarei|consulto|consultarei|averiguo|averiguarei|pergunto|perguntarei|vejo|verei …; vou … verificar|confirmar|checar|perguntar|consultar|averiguar|apurar|ver|informar-me …; me informo …; preciso … verificar|confirmar|consultar|perguntar …",
        "pl": "sprawdze|sprawdzimy|dowiem|dowiemy|ustale|ustalimy|zapytam|zapytamy|zweryfikuje|upewnie|skonsultuje|wyjasnie|potwierdze|dopytam; musze … sprawdzic|ustalic|zapytac|zweryfikowac",
    },
    CommitmentKind.WRITE_LATER: {
        "en": "i'll … get|come|circle|report|be back …; i'll … checkback; i'll … be in touch; i'll … write|reach|follow|ping|email|e-mail|message|nudge|remind|try|reconnect|return …; i'll … get|keep in touch; i'll … touch base; i'll … drop you|them …… line|note|email; i'll … let you know; i'll … keep you posted|updated|informed; i'll … set|put|make …… reminder; you'll … hear from me|us|back|again; i'll … speak|talk again|then|# …; i'll … pick|take … up …… #",
        "de": "melde|melden …… mich|uns; melde|melden mich|uns|ich; komme|kommen …… zuruck; komme|kommen …… auf sie|dich|euch …… zu; schreibe|schreiben …… #; # …… schreibe ich; werde|werden …… melden|zuruckkommen|schreiben|nachfassen|informieren|bescheid; horen … von mir|uns; hake …… nach; gebe|geben|sage …… bescheid; frage|fragen …… wieder|erneut|#; halte sie|dich …… laufenden; erinnere …… #",
        "fr": "reviens|reviendrai|reviendrons|revenons … vers|avec|en|sur|#; recontacte|recontacterai|relance|relancerai|recontacterons …; ecris|ecrirai|j'ecrirai|reecrirai|reecris …… #; ecrirai|reecrirai …; tiens|tiendrai … au courant|informe; reprends|reprendrai …… contact|#; vais …… recontacter|revenir|ecrire|relancer; ferai|fais signe; donnerai|donne …… nouvelles; aurez …… nouvelles|reponse; informerai|informe …",
        "es": "escribo|escribire …… #; escribire …; vuelvo|volvere|volvemos …… contactar*|escribir*|usted|ti|#; vuelvo a escribir*|contactar*; retomo|retomare|retomamos …; pongo|pondre …… contacto; contactare|contacto|recontacto …… #; contactare …; le|te|os aviso|avisare|digo|dire|informo|informare|cuento|contare|confirmo …; tendra|tendras …… noticias|respuesta; respondo|respondere …… #; comunico|comunicare …",
        "it": "ricontatto|ricontattero|aggiorno|aggiornero|riscrivo|riscrivero|scrivero …; scrivo …… #; mi faccio|faro … viv*|sentire|risentire; faccio|faro sapere; torno|tornero …… lei|te|argomento|#; riprendo|riprendero …; avra|avrai …… notizie; rifaccio|rifaro viv*; terro|tengo aggiornat* …; ci risentiamo|sentiamo …… #",
        "nl": "kom|komen …… terug; laat|laten …… weten|horen; hoort|hoor … van me|mij|ons; mail|schrijf|stuur|meld|bericht …… #; # …… mail|schrijf|stuur ik; neem|nemen …… contact; zal|zullen …… terugkomen|mailen|schrijven|weten|melden|opnemen; meld …… mij|me|ons; geef …… seintje|door",
        "pt": "volto|voltarei|retorno|retornarei|voltamos|voltaremos …; retomo|retomarei|retomamos …; escrevo …… #; escreverei …; entro|entrarei em contato|contacto …; aviso|avisarei|informo|informarei|respondo|responderei|digo|direi …; vou … voltar|retornar|escrever*|retomar|avisar|responder* …; dou|darei … retorno|noticias|resposta; procuro|procurarei …… #; contacto|contato|contactarei|contatarei …… #",
        "pl": "odezwe|odezwiemy …; wroce|wrocimy … do|z|# …; do … wroce|wrocimy; napisze …… #; napisze … ponownie|znowu|jeszcze|wtedy; dam|damy … znac; skontaktuje|skontaktujemy …; przypomne …; bede|bedziemy … kontakcie; poinformuje …",
    },
    CommitmentKind.OTHER: {
        "en": "i'll|i'm … send|share|forward|prepare|draft|put|pass|arrange|organise|organize|handle|review|set|add|update|sort|sending|preparing|introduce|connect|try …; you'll … get|receive|have …… offer|quote|proposal|contract|agreement|documents|report; quote|proposal|contract|offer … follow|follows",
        "de": "schicke|sende|ubersende|maile|leite|erstelle|organisiere|bereite|reiche|besorge|lasse ich|ihnen|dir|euch|…… …; ich|wir … schicke|schicken|sende|senden|ubersende|maile|leite|erstelle|erstellen|organisiere|bereite|reiche|kummere|sehe|arbeite|veranlasse|lasse …; werde|werden …… schicken|senden|zusenden|ubersenden|erstellen|vorbereiten|weiterleiten|zukommen; erhalten|bekommen … sie|du …… angebot|unterlagen|vertrag|vorschlag; angebot|unterlagen|vertrag … folgt|folgen",
        "fr": "j'envoie|j'enverrai|j'etudie|j'etudierai|j'etablis|j'etablirai|j'examine …; envoie|enverrai|prepare|preparerai|transmets|transmettrai|transfere|transfererai|etablis|etablirai|m'occupe …; me charge …; vais …… envoyer|preparer|transmettre|etudier|etablir; recevrez|aurez …… devis|offre|proposition|documents|contrat; ferai parvenir",
        "es": "envio|enviare|mando|mandare|preparo|preparare|paso|pasare|reenvio|reenviare|elaborare|encargo|encargare|haremos|hare … la|el|le|te|lo|los|las|una|un|mi|toda|su|esta|este|de …; le|te|se|lo|la envio|mando|preparo|paso|hago|enviare|mandare …; voy a enviar*|mandar*|preparar*|pasar*|hacer* …; recibira|recibiras …… propuesta|oferta|presupuesto|contrato",
        "it": "inviero|mandero|preparero|inoltrero|girero|predispongo|occupero …; le|ti|vi invio|mando|preparo|inoltro|giro|faccio avere …; me ne occupo; faro|faccio avere …; ricevera|riceverai …… offerta|preventivo|proposta|contratto|documenti",
        "nl": "stuur|mail|maak|bereid|regel … ik|je|u|jullie …; ik|we|wij … stuur|sturen|maak|maken|regel|regelen|bereid|zorg|bezorg …; zal|zullen …… sturen|regelen|maken|opstellen|doorsturen; krijgt|ontvangt …… offerte|voorstel|contract",
        "pt": "envio|enviarei|mando|mandarei|preparo|prepararei|encaminho|encaminharei|passo|passarei|farei|cuidarei … o|a|os|as|um|uma|lhe|te|para|isso|tudo|seu|sua …; lhe|te|ja envio|mando|preparo|passo|encaminho …; vou … enviar*|mandar*|preparar*|encaminhar*|passar*|fazer* …; recebera|receber …… proposta|orcamento|contrato",
        "pl": "wysle|wyslemy|przesle|przeslemy|przygotuje|przygotujemy|przekaze|przekazemy|zalatwie|opracuje|zajme|udostepnie …; otrzyma|otrzymasz|dostanie …… oferte|umowe|wycene; oferte|umowe|wycene …… wysle|przesle|przygotuje|przygotujemy",
    },
}

# A clause with one of these commits to nothing: it depends on what the lead does or wants, only offers, or denies.
NO_PROMISE: Final[Mapping[str, str]] = {
    "en": "if you|you'd|helpful|useful|needed|not; if it|that|this … helps|works|suits|is|would|sounds|looks; once|when|after|unless you|you've; soon as you|you've; i'll know|hear …; ^ tell|send|give|drop|reply|share|pick|choose|book|just|please …… i'll; i'd|we'd|won't|never; i'll|you'll not|never; i'll … need|leave|stop",
    "de": "wenn|falls|sofern|sobald sie|du|ihr|es|das|gewunscht|notig; soll|sollen|darf|durfen|kann|konnen|konnte|konnten ich|wir; ich|wir kann|konnen|konnte|konnten|wurde|wurden|darf|mochte; gerne|gern kann|konnen|konnte; nicht …… mehr|melden; keine weiteren; bei interesse|bedarf; auf wunsch; sagen|nennen|schicken|geben|antworten|teilen|senden|schreiben sie …; sag|nenn|schick|gib|schreib mir|uns",
    "fr": "si vous|tu|besoin|cela|ca|oui|c'est|l'idee|le; s'il; des|lorsque|quand que|vous|tu; puis-je|dois-je|voulez-vous|souhaitez-vous|pouvons-nous; je|nous peux|pouvons|pourrais|pourrions; ne …… plus|pas; dites|indiquez|envoyez|donnez|choisissez moi|nous|moi-meme; dites-moi|indiquez-moi|envoyez-moi|donnez-moi|dis-moi|envoie-moi",
    "es": "si quiere|quieres|lo|le|te|les|prefiere|prefieres|usted|tu|gusta|desea|deseas|necesita|necesitas|me|nos|hay|es; cuando|cuanto me|usted|usted; puedo|podemos|podria|podriamos …; no le|te|volvere|escribire|molestare; digame|dime|envieme|enviame|indiqueme|avise* …; quiere|quieres que",
    "it": "se vuole|vuoi|le|ti|preferisce|preferisci|desidera|serve|lo|mi|puo|utile|e|ha; quando|appena mi; posso|possiamo|potrei|potremmo …; non la|ti|vi|le …; mi dica|faccia|mandi|indichi|dia; fammi|dimmi|mandami …; vuole|vuoi che",
    "nl": "als|indien|mocht|zodra je|u|jullie|het|dat; kan|kunnen|zal|zou|mag|moet|zullen ik|we|wij; ik|we|wij kan|kunnen|zou|zouden|mag; niet …… meer; laat me|mij|ons weten; stuur|geef|mail|noem me|mij|ons",
    "pt": "se quiser|preferir|desejar|precisar|voce|for|tiver|lhe|te|o|a|me|fizer|der; quando|assim que me|que; posso|podemos|poderia|poderiamos …; nao voltarei|vou|lhe|te|entrarei …; diga*|me|avise* diga|informe|envie|mande|avise ……; quer que",
    "pl": "jesli|jezeli|gdy|gdyby|kiedy|o|czy pan*|chce*|ma*|bedzie|to|beda|jest|ile|panstwo|tylko|mialby|mialaby|zechce; moge|mozemy|moglbym|moglabym|czy …; nie bede|napisze|odezwe; prosze … dac|napisac|podac|przeslac|o ……; daj|napisz|podaj|prosze znac",
}

MOMENTS: Final = words_of(
    "tomorrow today tonight later soon then again next in q1 q2 q3 q4 week month spring summer autumn fall winter quarter year morning "
    "afternoon holidays christmas easter monday after before by on at until morgen heute spater dann wieder nachste nachsten nachster "
    "kw quartal woche monat fruhjahr herbst sommer jahr ende anfang mitte ab im am demain bientot prochain prochaine semaine mois "
    "trimestre rentree printemps ete automne hiver debut fin apres janvier manana proximo proxima semana mes otono verano primavera "
    "invierno despues domani prossimo prossima settimana mese autunno estate inverno dopo gennaio volgende volgend kwartaal maand "
    "najaar voorjaar zomer daarna straks amanha depois ano inicio comeco final jutro pozniej tydzien tygodniu miesiac kwartale wiosna "
    "jesienia latem nowym poczatku koncu po swietach za"
)

SOMEBODY_ELSE: Final = words_of(
    "him her them colleague colleagues ihm ihr ihn kollegen kollegin kollege lui elle leur collegue companero companera colega ella "
    "collega collegen hem haar ele ela niej niego nim nia kolezanki kolegi kolega kolezanka"
)
