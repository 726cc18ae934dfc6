"""French."""

GRAMMAR = """
# --- who and what: elisions are words of their own ("l adresse", "m écrire") ---------------------------------------
MY     = mon | ma | mes | notre | nos | toutes mes | toutes nos | tous mes
DATUM  = adresse | adresse email | adresse mail | coordonnées | données | données personnelles | nom | contact |
    contacts | informations | informations personnelles | adresse électronique | adresse courriel | société |
    infos | fiche | entreprise | boite email | adresses
MINE   = cette adresse [email | mail] | toutes les données me concernant | les données me concernant | MY DATUM
    [personnel | personnelle | personnelles] [(et | ou) [MY] DATUM [personnelles]] [me concernant | nous
    concernant | que vous (détenez | avez | possédez)]
ME     = me | nous | m | moi | MINE | EMAIL
YOUR   = votre | vos | cette | ces | toutes vos | tous vos | la | les | toute | toutes les | tous les | le | ta
    | tes | l ensemble de vos | l | leur | tout
LISTN  = liste | listes | liste de diffusion | listes de diffusion | mailing list | mailing listes | base |
    bases | base de données | bases de données | fichier | fichiers | newsletter | newsletters | liste de
    contacts | liste d envoi | listes d envoi | liste de prospection | liste de prospects | envois | campagne |
    campagnes | registres | système | systèmes | crm | mailing | mailings | liste emailing | carnet d adresses |
    répertoire | contacts | emails | liste d envois | emailing | liste de mailing | séquence | séquences | liste
    email | listing | listings | fichier client | base de contacts | base clients | base marketing
LIST   = (de | du | des | d) [YOUR] LISTN [et (de | du | des) [YOUR] LISTN | commerciale | commerciales | de
    prospection | marketing | email] | d ici | de là | de tout ça | de tout cela | de ça
MAILS  = email | emails | message | messages | courriels | courriel | courrier | courriers | mél | méls |
    publicité | publicités | pub | pubs | spam | spams | newsletter | newsletters | sollicitations |
    sollicitation | offres | offre | relances | relance | communications | communication | démarchage |
    prospection | envois | envoi | mailings | informations | propositions | trucs | choses | demandes | emails
    commerciaux | sollicitations commerciales | messages commerciaux | publicités commerciales | prise de
    contact | messages de ce (type | genre) | emails de ce (type | genre) | harcèlement | démarches |
    correspondance
OFYOURS = de (votre | vos) | vos | votre | de | d | ces | ce | tous vos | cette | autres | aucun | aucune | l |
    les | de tels | ce genre de | ce type de | plus | le moindre | d autres | la moindre
PLEASE = merci de | merci d | veuillez | merci de bien vouloir | veuillez s il vous plait | prière de | s il
    vous plaît | s il te plaît | svp | stp | vous prie de | je vous prie de | je vous prie de bien vouloir |
    nous vous prions de | je vous remercie de | je vous remercie de bien vouloir | nous vous remercions de | je
    vous demande de | je vous demande de bien vouloir | je demande à | nous vous demandons de | je vous demande
    | je vous saurais gré de | je vous serais (reconnaissant | reconnaissante) de | nous vous saurions gré de |
    ayez l amabilité de | auriez vous l amabilité de | ayez la gentillesse de | vous voudrez bien | je vous
    somme de | je vous invite à | il faut | je souhaite que vous | immédiatement | définitivement | donc | aussi
    | à nouveau | encore une fois | pour la dernière fois | dernière fois | une dernière fois | par la présente
    | simplement | également | COMMA | de bien vouloir | à être | à | je vous remercierais de | merci donc de |
    merci par avance de | pourriez vous cesser de | je vous saurais gré de | je vous serais gré de | je
    préférerais ne | il serait aimable de | vous pouvez | tu peux | vous pourriez | ayez la bonté de | je vous
    prierai de | je vous prierais de | merci vraiment de | c est gentil de | je vous demande d | je vous prie d
    | je vous remercie d | je vous saurais gré d | je demande d | merci d | exige | j exige que vous | je vous
    ordonne de | nous vous prions d | je souhaite que vous | je vous mets en demeure de | je vous somme d
WANT   = je souhaite | je souhaiterais | je voudrais | je désire | je veux | nous souhaitons | nous voulons |
    nous souhaiterions | j aimerais | je tiens à | je préfère | je préférerais | nous préférons
NOW    = maintenant | dès maintenant
LAW    = (conformément | selon | en vertu | en application | au titre) (à | au | du | de | des)* [ARTICLE] [du |
    de la | de]* (rgpd | gdpr | la loi | droit | loi informatique et libertés) | ARTICLE (du | de la)* (rgpd |
    gdpr)
ARTICLE = (l)* (article | art | art .) NUMBER
TAIL   = svp | stp | s il vous plaît | s il te plaît | merci | merci beaucoup | merci d avance | par avance |
    immédiatement | définitivement | désormais | à l avenir | dorénavant | tout de suite | dans les plus brefs
    délais | dès que possible | au plus vite | rapidement | sans délai | une bonne fois pour toutes | une fois
    pour toutes | merci bien | d urgence | LAW | cordialement | de façon définitive | bien cordialement | merci
    à vous | à jamais | et pour toujours | en vous remerciant | sans tarder | par email | please | thanks |
    merci | ok | ciao | cheers | merki | bcp | merci bcp | tt de suite | à ce sujet | s il vous plaît merci
CONFIRM = (et | COMMA)* [merci] [de] [me] (confirmer | confirmez | confirmez moi) [moi | le | la | que c est
    fait | par retour | la suppression]*
# --- demands ------------------------------------------------------------------------------------------------------
RM     = retirer | supprimer | désinscrire | désabonner | enlever | effacer | rayer | radier | exclure | ôter |
    sortir | éliminer | retirez | supprimez | désinscrivez | désabonnez | enlevez | effacez | rayez | radiez |
    sortez | virez | virer | retire | supprime | désinscris | désabonne | enlève | efface | vire | détruire |
    détruisez | ne plus (utiliser | contacter) | oubliez | oublier | bloquez | désinscrivez vous |
    désinscription
SELF   = me | nous | m | mon | ma | vous
BE     = être (retiré | retirée | retirés | supprimé | supprimée | désinscrit | désinscrite | désinscrits |
    désabonné | désabonnée | enlevé | enlevée | effacé | rayé | radié | sorti | exclu | laissé tranquille)
AWAY   = [SELF] RM [ME] [TAIL]* [LIST] | RM (MINE | ME) [TAIL]* [LIST] | BE [LIST] | ne plus (figurer | être |
    apparaître | faire partie) [(sur | dans | de | à)]* [YOUR] [LISTN] | (que)* MINE (soit | soient) (retiré |
    supprimé | retirée | supprimée | supprimées | effacées | retirées | effacé) [LIST] | mettez (moi | mon
    adresse) sur (votre | la) liste (noire | rouge | d exclusion) | la (suppression | désinscription |
    radiation) (de | d)* [MINE] [LIST] | procéder à (la | ma) (suppression | désinscription) (de | d)* [MINE]
    [LIST] | procédez à (la | ma) (suppression | désinscription) (de)* [MINE] [LIST] | RM (mon | notre | nos)
    (email | emails | courriel | mél) [TAIL]* LIST
QUIT   = (arrêtez | arrêter | cessez | cesser | stoppez | stopper | arrête | cesse | finissez | finissez en |
    arrêtez ça | stop | halte | mettez fin | mettre fin | assez | marre) [moi | immédiatement | tout de suite |
    donc | svp]* [(de | d | avec | à | aux)]* [m | me | nous | moi | vous]* [(envoyer | écrire | contacter |
    solliciter | spammer | harceler | relancer | démarcher | importuner | déranger | mailer | adresser | inonder
    | bombarder | polluer | embêter)] [(de | d | avec | ces | vos | tous | des | tout | toute | toutes | les | l
    | le | votre | toutes vos | à)]* [MAILS | ça | cela | contact | mailing | harcèlement | démarchage]
    [commerciaux | commerciale | commerciales | publicitaires | incessants | incessantes | non sollicités] [par
    email | à cette adresse] | (laissez | laisse | fichez | foutez) (moi | nous) (tranquille | en paix | la paix
    | tranquilles) | me laisser (tranquille | en paix) | (fichez | foutez) (moi | nous) la paix [avec (vos | ces
    | ce) MAILS] | (laissez | laisse) (moi | nous) (tranquille | en paix) [avec (vos | ces | ce) MAILS]
NOT    = ne | n
WRITE  = contacter | contactez | écrire | écrivez | envoyer | envoyez | adresser | adressez | solliciter |
    sollicitez | relancer | relancez | démarcher | démarchez | déranger | dérangez | importuner | importunez |
    harceler | spammer | recontacter | recontactez | mailer | écris | envoie | contacte | utiliser | embêter |
    embêtez | expédier
NOMORE = NOT (plus | jamais | pas) (m | me | nous)* [plus] WRITE [(de | d | à | par | aucun | OFYOURS)]* [MAILS]
    [commerciaux | commerciales] [à (cette adresse | l avenir | MINE)] | NOT (m | me | nous) WRITE (plus |
    jamais | pas)* [jamais | OFYOURS]* [MAILS | rien] [à l avenir | à cette adresse] | NOT (m | me | nous) WRITE
    [plus | pas] (aucun | aucune) MAILS | NOT WRITE plus (MAILS | à cette adresse | OFYOURS MAILS | rien) | (que
    vous)* NOT (me | m | nous) (contactiez | écriviez | envoyiez | relanciez | sollicitiez) plus [OFYOURS]*
    [MAILS] | NOT plus jamais (me | m | nous) WRITE [OFYOURS]* [MAILS] | NOT plus (me | m | nous) faire parvenir
    (OFYOURS)* MAILS | NOT plus me WRITE [par email] | plus WRITE
RECEIVE = NOT (plus | pas | jamais)* [souhaite | veux | désire | souhaitons | voulons | désirons | veut | tiens
    à]* (plus | pas | aucunement)* [recevoir | être (contacté | contactée | sollicité | sollicitée | contactés |
    relancé | relancée | dérangé | dérangée | démarché | démarchée | importuné) | entendre parler | avoir | lire
    | voir | que vous me contactiez | que vous m écriviez] [(de | d | par)]* [OFYOURS | plus]* [MAILS | rien]
    [commerciaux | commerciales | publicitaires] [de (vous | votre part | la part de votre (société |
    entreprise) | votre société | ce type | ce genre | cette sorte)] [par email | de vous]
VERB   = AWAY | QUIT | NOMORE
demand.remove = [LAW] PLEASE* VERB TAIL* [CONFIRM] | PLEASE* VERB et PLEASE* [de] VERB TAIL* [CONFIRM] | PLEASE*
    WANT PLEASE* AWAY TAIL* [CONFIRM] | [NOW] PLEASE* (AWAY | QUIT) NOW TAIL* | NOW PLEASE* (AWAY | QUIT) TAIL*
request.remove = (pouvez vous | pourriez vous | peux tu | pourrais tu | auriez vous l (amabilité | obligeance)
    de | est il possible de | serait il possible de | voulez vous [bien] | voudriez vous [bien] | puis je |
    merci de | pourrait on) [svp | s il vous plaît | merci de | donc | enfin]* [bien] (AWAY | NOMORE | QUIT)
    TAIL*
demand.leave = (je | nous) [souhaite | veux | désire | voudrais | souhaiterais | demande à] (me | nous)*
    (désinscrire | désabonner | désinscris | désabonne | retirer) [LIST] TAIL* | (je demande | nous demandons |
    j exige | je requiers) [LAW] [la | le | ma | l]* (suppression | effacement | retrait | désinscription |
    radiation) [immédiate | immédiat | complète | définitive] (de | d | des)* [toutes | tous]* [MINE] [LIST]
    [LAW] TAIL*
demand.no_wish = [je | nous | j] RECEIVE TAIL* | [je | nous] refuse [de recevoir] [tout | toute | OFYOURS]*
    MAILS [de votre part] TAIL* | (je | nous) (souhaite | souhaitons | préfère) [ne] (plus | pas) (recevoir |
    être contacté) [OFYOURS]* [MAILS] TAIL* | (je | nous) (préférerais | préfère | préférons | préférerions |
    aimerais) ne (plus | pas) (recevoir | être (contacté | contactée | relancé | sollicité)) [de | d]*
    [OFYOURS]* [MAILS] [de (votre part | vous)] [à ce sujet] TAIL* | (je | nous) ne (souhaite | souhaitons |
    veux | désire) (pas | plus) être (recontacté | recontactée | contacté | contactée | relancé | relancée |
    sollicité | sollicitée | recontactés) [à ce sujet | par vous | par email]* TAIL* | (inutile | pas la peine |
    pas besoin) de (me | nous | m | vous)* (WRITE | réécrire | récrire) [à nouveau | encore | OFYOURS* MAILS]*
    TAIL* | (je) n en (veux | souhaite) (pas | plus) [(un | une) (deuxième | troisième | quatrième | autre)]
    TAIL*
demand.no_more = plus de (emails | messages | pub | publicité | spam | sollicitations | relances | démarchage |
    courriels) TAIL* | plus (vos | ces | cette | aucun | un seul) MAILS TAIL* | plus jamais (de) MAILS TAIL* |
    plus aucun (email | message | contact | courriel) [de (vous | votre part)] TAIL* | plus (jamais de | rien)
    [MAILS] [de votre part | de vous] TAIL* | aucun (email | message | contact) supplémentaire TAIL*
demand.object = [LAW] [COMMA] [par la présente] (je | nous | j) [LAW] (m oppose | nous opposons | retire |
    exerce | invoque | retirons) [par la présente | formellement | LAW]* [à | au | mon | notre | tout | toute |
    le | la]* (traitement | utilisation | consentement | droit (à l effacement | à l oubli | d opposition | de
    suppression) | l utilisation | prospection) (de | d)* [MINE] [à des fins (de prospection | commerciales |
    marketing | publicitaires)] [LAW] TAIL* | [LAW] [COMMA] j exerce mon droit (d opposition | à l effacement |
    à l oubli) [(à (la | toute) (prospection | sollicitation | publicité) [commerciale] | au traitement de
    MINE)] [LAW] TAIL*
bare.stop = [merci de | veuillez | je souhaite | PLEASE]* (stop | désinscription | désinscrire | désabonner |
    désabonnement | stop pub | stop spam | stop emails | stop email | se désabonner | se désinscrire | arrêtez |
    arrêt | arrêtez ça | cessez | unsubscribe | me désinscrire | me désabonner | arrêtez tout | stop maintenant
    | radiation) TAIL* | [et] plus jamais TAIL* | (stop | unsubscribe) NOW TAIL*
# --- around it ----------------------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | madame | monsieur | messieurs | mesdames | à tous | et | cher | m |
    mme]*
HELLO  = bonjour | bonsoir | salut | madame | monsieur | cher | chère | madame monsieur | coucou | hello |
    messieurs | mesdames
courtesy = merci | merci beaucoup | non | non merci | merci mais non [merci] | svp | s il vous plaît | merci
    (pour | de | d)* [votre | vos]* [compréhension | message | email | offre | proposition | temps | intérêt |
    avance | démarche | bien vouloir prendre note] | bonne (journée | continuation | soirée | chance | année) |
    bon courage | désolé | désolée | cordialement | dernier avertissement | dernière demande | merci d avance |
    je vous en remercie [par avance | d avance] | merci bien | ok | bien à vous | c est (tout | clair | noté) |
    merci de votre compréhension | je vous remercie | avec mes remerciements | une bonne fois pour toutes | pour
    la dernière fois | immédiatement | sans rancune | ça suffit | assez | veuillez me confirmer [la suppression
    | la prise en compte] | merci de [me] confirmer [la suppression | ma désinscription | la désinscription] |
    en vous remerciant [par avance] | confirmez moi (la suppression | que c est fait) | please | thanks | merci
    | ok | ciao | cheers | hi | hello | sorry | je vous remercie [de | pour]* [votre]* (message | proposition |
    intérêt | email | mail)* | bonne journée à vous | belle journée | bon weekend | bon week end | bonne fin de
    (journée | semaine) | c est gentil [d avoir pensé à nous | de votre part]* | merki | bcp | merci bcp | merci
    quand même | bonjour madame | bonjour monsieur | rien de personnel | bonne réception | au revoir | avec mes
    excuses | je suis désolé | sans façon | non merci vraiment | merci d en accuser réception | merci d en
    prendre (note | acte) | dont acte
JOIN   = et | donc | mais | alors | ou | car | sinon | puisque | par conséquent | aussi | c est pourquoi | puis
    | faute de quoi | de ce fait | dès lors | parce que | en conséquence
SERVICE = votre offre | vos offres | votre proposition | vos services | votre produit | vos produits | cela | ça
    | ce type de (produit | service | offre) | ce sujet | ce service | votre solution | votre service | votre
    société
reason = [(je | nous)] [NOT] [suis | sommes] (pas | absolument pas | nullement | plus | aucunement) [du tout]
    (intéressé | intéressée | intéressés | intéressées) [du tout] [par SERVICE] | [NOT] (pas | aucun) (intéressé
    | intéressée | intérêt | besoin) [par SERVICE | pour (moi | nous | SERVICE) | de SERVICE] | (je | nous | j)
    [NOT]* (n)* (ai | avons) (pas | aucun | aucunement | plus) [besoin | intérêt | d intérêt] [(de | pour)*
    SERVICE] | (cela | ça | votre offre | ce) (ne)* [nous | m | me]* (intéresse | concerne | correspond) pas [du
    tout | à nos besoins] | (ne | n)* (m | nous | me) (intéresse | intéressent | concerne) pas [du tout] |
    SERVICE (ne)* (m | nous)* (intéresse | intéressent | concerne) pas | (nous | je | j) (avons | ai |
    travaillons | utilisons) [déjà] [avec]* (un | une | notre | nos) [autre | bon] (prestataire | fournisseur |
    solution | agence | partenaire | outil | prestataires) [pour cela | et en sommes satisfaits] | (nous sommes
    | je suis) déjà (équipés | équipé | équipée | satisfaits | pourvus | client | servis) | (je | nous) [ne |
    n]* (suis | sommes) pas (la bonne personne | le bon interlocuteur | le bon contact | concerné | concernée |
    concernés | la personne concernée) | mauvaise (personne | adresse) | mauvais (interlocuteur | contact |
    destinataire) | erreur de destinataire | (je | nous | j) [ne | n]* (me | nous | vous | ai | avons | suis)*
    (jamais | pas) [ai]* (inscrit | inscrite | abonné | abonnée | demandé | consenti | accepté | donné |
    sollicité | autorisé) [à]* [(mon accord | mon consentement | à recevoir OFYOURS* MAILS | quoi que ce soit |
    rien | à cela | votre newsletter | de MAILS | à cette liste | à vos emails | ça | cela)] | (je | nous | j)
    [vous]* (l ai | ai | avons | avais) [déjà] (dit | demandé | écrit | signalé | répondu | précisé) [deux fois
    | trois fois | plusieurs fois | NUMBER fois | à plusieurs reprises | non]* | (c est | ceci est | voici)
    [déjà | maintenant]* (la | le | ma | mon) (deuxième | troisième | quatrième | dernière | dernier | énième |
    NUMBER) (fois | demande | message | relance | email) [que je (vous)* (le demande | l écris | le dis |
    demande)] | (c est | ce sont) (du spam | pénible | du harcèlement | insupportable | lassant | agaçant |
    fatigant | illégal | inadmissible | abusif | de la pub | trop | lourd | inutile) | vos (emails | messages |
    MAILS) (sont (indésirables | pénibles | du spam) | m importunent | me dérangent | ne m intéressent pas) |
    (je | j en) (en)* (ai)* (reçois)* (marre | assez | trop) [de (ces | vos) MAILS] | je ne vous connais pas |
    je ne sais pas (qui vous êtes | comment vous avez eu (mon adresse | mes coordonnées | mon email)) | (je |
    nous) (n avons | n ai) pas de besoin | (pas | plus) (de besoin | concerné) | (nous | je) (n avons | n ai)
    pas ce besoin | (nous | je) (n avons | n ai) pas besoin de (cela | ça | ce service | vos services) | ce n
    est pas (un sujet | pour nous | pour moi | d actualité | notre besoin | une priorité) [pour (nous | moi)] |
    je ne suis plus (en poste | concerné | concernée | chez NAME | dans l entreprise | en activité) | je suis (à
    la retraite | retraité | retraitée) [depuis NAME] | (nous avons | j ai) (choisi | retenu | signé avec) (un
    autre | une autre) (prestataire | fournisseur | solution | outil) | (nous | je) (ne)* (sommes | suis) pas
    (client | clients | cliente) | pas pour (nous | moi) | LAW | réponse (courte | rapide) [à votre (petite |
    rapide | courte)* question [rapide | courte]*] | j ai bien (reçu | lu) [votre | vos | COMMA]* ((premier |
    première | deuxième | troisième | et) )* (email | message | emails) | oui
question = (comment | où | d où) (avez vous | vous avez | tenez vous | avez vous eu | as tu)* [eu | obtenu |
    trouvé | récupéré]* [MINE] | qui vous a (donné | communiqué | transmis) MINE | pourquoi (m | me | nous)*
    (écrivez vous | contactez vous | recevoir | envoyez vous | vous m écrivez) [encore | toujours]* [ces MAILS]*
    | qui êtes vous | combien de fois (faut il | dois je) (le | vous le)* (dire | répéter | demander)
signoff = cordialement | bien cordialement | bien à vous | salutations | sincères salutations | meilleures
    salutations | cdt | cdlt | merci | respectueusement | bonne journée | sentiments distingués | veuillez
    agréer [COMMA] [madame | monsieur | COMMA]* [mes | nos | l expression de (mes | nos)]* (salutations |
    sentiments)* (distinguées | distingués | respectueuses)* | très cordialement | avec mes salutations | bonne
    réception | à vous | merci d avance
# --- suspicion ----------------------------------------------------------------------------------------------------
FUZZY  = désinscrire | désabonner | désinscription | désabonnement | supprimer | retirer | désinscrivez |
    désabonnez | supprimez | retirez | recevoir
suspect.unsubscribe = désinscrire | désinscription | désinscrivez | désabonner | désabonnement | désabonnez |
    désinscris | désabonne | désinscrit | désinscrite | désabonné | désabonnée | unsubscribe | radier | radiez |
    radiation
suspect.remove = (retirer | retirez | retire | retirent | supprimer | supprimez | supprime | enlever | enlevez |
    enlève | effacer | effacez | efface | rayer | rayez | sortir | sortez | virer | virez | éliminer | exclure |
    ôter | ôtez | suppression | effacement | oubliez | oublier | dégagez | retrait | exclure) ..5 (moi | me |
    nous | mon | ma | mes | nos | notre | LISTN | adresse | coordonnées | données | EMAIL | email) | (me | m |
    nous | être | soit | soient) ..2 (retirer | supprimer | enlever | effacer | rayer | sortir | retiré |
    retirée | supprimé | supprimée | supprimées | effacé | virer | exclure | ôter | radié) | (ôt~ | retir~ |
    supprim~ | enlev~ | effac~ | ray~ | radi~ | exclu~ | sort~) ..5 (moi | me | nous | mon | ma | mes | LISTN |
    fichier~ | adresse | données | listes) | (me | m | nous | le | la) ..1 (ôt~ | retir~ | supprim~ | enlev~ |
    effac~ | ray~ | radi~ | sort~)
suspect.stop = (arrêtez | arrêter | arrête | cessez | cesser | cesse | stoppez | stopper | stop | assez | fini |
    finissez | marre) ..5 (envoyer | écrire | contacter | MAILS | emails | ça | cela | m | me | nous |
    solliciter | spammer | harceler | relancer | vos | ces) | (arrêter | cesser) ..3 (recevoir)
suspect.no_contact = (ne | n) ..2 (plus | jamais | pas) ..5 TOUCH | (ne | n) ..2 TOUCH ..2 (plus | jamais |
    aucun | aucune | rien) | (plus | aucun | aucune | pas | jamais | sans) ..3 TOUCH | (inutile | inutiles | pas
    la peine | pas besoin | pas nécessaire | plus nécessaire | plus la peine) ..4 TOUCH | (refuse | décline |
    cessez | préfère ne | préférerais ne) ..5 TOUCH
suspect.alone = (laissez | laisse | foutez | fichez | lâchez | fous) ..3 (tranquille | tranquilles | paix) |
    dégage | dégagez | allez vous faire | va te faire | fous le camp | lâchez moi | ta gueule
suspect.data = oppose | opposition | rgpd | cnil | consentement | droit à l (oubli | effacement) | plainte |
    harcèlement | mise en demeure | cnil | droit d opposition | dgccrf | signal spam
suspect.complaint = spam | spams | indésirable | indésirables | signalé | signale | bloqué | bloque |
    harcèlement | liste noire | bloqués | bloquée | corbeille | épargnez vous | épargnez moi | poubelle
suspect.dead = décédé | décédée | décès | est mort
suspect.ensure = (faire en sorte | faites en sorte | veillez | veiller | assurez vous) ..8 (plus | aucun | pas |
    cesse | cessent) | plus jamais | (n en veux | ne veux | n en souhaite | ne souhaite) ..1 pas ..2 (deuxième |
    troisième | quatrième | autre | un | une) | (case | cochez | cocher) ..6 ne pas contacter | ne pas contacter
suspect.bare = stop | ça suffit | arrêtez | cessez | assez
ADDRESSED = merci de | veuillez | svp | s il vous plaît | pouvez vous | pourriez vous | peux tu | auriez vous |
    comment (me | puis je | faire pour me) | voulez vous | puis je | pourquoi | serait il possible | est il
    possible | comment (fait on | faire | je fais | arrêter | sortir)
release.condition = si (vous | c | le | la | ce | cela | nous | je | l) | sauf | à moins | tant que | lorsque |
    quand
release.time = avant | jusqu | d ici | pour l instant | pour le moment | cette semaine | ce mois | la semaine
    prochaine
release.reported = (clients | utilisateurs | gens | destinataires | prospects | contacts | certains | patron)
    ..3 (disent | écrivent | répondent | demandent | veulent | se | peuvent | dit) | presque | failli | au lieu
    de | comment (vos | les)
release.elsewhere = appelez | appeler | par téléphone | plutôt | à la place | contactez (NAME | EMAIL | ma |
    mon) | adressez vous à | voyez avec | écrivez (à | plutôt) | EMAIL | sur linkedin | par whatsapp
release.other = (supprimer | supprimez | retirer | retirez | enlever | enlevez | annuler | effacer) [le | la |
    les | l | mon | ma | notre | ce | cette] [ancien | deuxième | second | premier | NUMBER] (pièce | rendez |
    rdv | ligne | poste | option | numéro | lien | article | page | logo | réunion | clause | produit |
    invitation | point | facture | compte test | données de test | utilisateur) | copie | liste d attente | cc |
    devis | démo
release.opposite = par erreur | n arrêtez pas | ne vous arrêtez pas | (dans | dossier) [mes | les | des] (spams
    | spam | indésirables) | en anglais
GRATEFUL = gré | reconnaissant | reconnaissante | remercie | remercierais | apprécierais | aimable | gentil |
    plus simple
TOUCH  = contact~ | recontact~ | écri~ | réécri~ | envo~ | renvo~ | adress~ | sollicit~ | relanc~ | relance |
    démarch~ | dérang~ | importun~ | harcel~ | recev~ | reçoi~ | spam~ | mail~ | entendre | utilis~ | figur~ |
    embêt~ | MAILS | relances | sollicitations
"""
