"""Spanish."""

GRAMMAR = """
# --- who and what: enclitics are words of their own ("quiten me", "borrar me") --------------------------------------
MY     = mi | mis | nuestro | nuestra | nuestros | nuestras | todos mis
DATUM  = dirección | direcciones | dirección de correo | datos | datos personales | nombre | contacto |
    contactos | información | información personal | registro | dominio | empresa | datos de contacto |
    dirección de email | dirección de correo electrónico | buzón
MINE   = esta dirección [de correo] | este correo electrónico | MY DATUM [(y | o) [MY] DATUM] [que (tienen |
    tengan | tienes | poseen) [sobre mí | de mí | míos | guardados]]
ME     = me | nos | mi | a mi | MINE | EMAIL
YOUR   = su | sus | tu | tus | vuestra | vuestras | vuestro | vuestros | esta | este | estas | estos | la | las
    | los | el | toda | todas | todas sus | todas las | cualquier | todos sus | todo
LISTN  = lista | listas | lista de correo | lista de correos | listas de correo | lista de distribución | lista
    de contactos | lista de envío | listas de envío | listas de distribución | base de datos | bases de datos |
    base | boletín | boletines | newsletter | newsletters | envíos | registros | sistema | sistemas | crm |
    campaña | campañas | mailing | fichero | ficheros | archivos | suscripción | publicidad | correos | emails |
    directorio | lista de emails | lista de difusión | contactos | comunicaciones | agenda | lista de mailing |
    comunicaciones comerciales | cadena | secuencia | lista de envíos | lista de marketing
LIST   = (de | del | en | a | al) [YOUR] LISTN [y (de | del)* [YOUR] LISTN | comercial | comerciales | de
    marketing | de publicidad] | de (aquí | todo esto | esto | ahí | todo)
MAILS  = correo | correos | email | emails | mensaje | mensajes | publicidad | spam | propaganda | boletines |
    boletín | ofertas | oferta | información | comunicaciones | comunicación | newsletters | correos
    electrónicos | promociones | cosas | mails | nada más | correspondencia | contacto | mensajitos | correo
    basura | basura | solicitudes | notificaciones | propuestas | correos (comerciales | publicitarios |
    promocionales) | comunicaciones comerciales | información comercial | invitaciones | seguimientos |
    recordatorios
SUCH   = más | sus | tus | estos | este | esos | ningún | ninguna | otro | otra | este tipo de | esta clase de |
    tantos | vuestros | el | la | los | las | de | ese tipo de | de estos | de sus | su | tu | un solo | ni un |
    de este tipo de | vuestra | cualquier tipo de | ningún tipo de | futuros | nuevos
PLEASE = por favor | favor de | favor | le ruego [que] | les ruego [que] | ruego [que] | os ruego [que] | le
    pido [por favor] [que] | les pido [por favor] [que] | te pido [que] | pido que | les pedimos que | le
    pedimos que | solicito [que] | solicitamos [que] | le solicito [que] | les solicito [que] | quiero que |
    queremos que | quisiera que | me gustaría que | necesito que | agradecería [que] | le agradecería [que] |
    les agradecería [que] | os agradecería [que] | agradeceríamos que | le agradezco que | les agradezco que |
    agradezco que | exijo que | exijo | por última vez | por tercera vez | por segunda vez | de nuevo |
    inmediatamente | también | entonces | una vez más | simplemente | se lo ruego | háganme el favor de | hágame
    el favor de | hazme el favor de | tenga la amabilidad de | sírvanse | sírvase | procedan a | proceda a |
    hagan el favor de | haga el favor de | de inmediato | rogamos | rogaría que | os pido que | pls | plis |
    porfa | xfa | porfavor | COMMA | x favor | che | oye | oigan | a ver | les ruego por favor que | ruego por
    favor | pido la | de favor | porfis | le ruego que | nada más
WANT   = quisiera | me gustaría | quiero | queremos | deseo | deseamos | necesito | nos gustaría
NOW    = ahora | ahora mismo | ya
LAW    = (de acuerdo con | según | conforme a | conforme al | en virtud de | en virtud del | al amparo de | al
    amparo del | en base al | con base en | bajo)* [el | la | lo]* [ARTICLE] [del | de la | el | la]* (rgpd |
    gdpr | lopd | lopdgdd | ley de protección de datos | reglamento general de protección de datos)
ARTICLE = [el] (artículo | art | art .) NUMBER
TAIL   = por favor | gracias | muchas gracias | de inmediato | inmediatamente | cuanto antes | lo antes posible
    | desde ya | gracias de antemano | de antemano | de una vez | definitivamente | a la mayor brevedad | nunca
    más | nunca | más | en el futuro | a partir de ahora | urgentemente | urgente | desde ahora | de forma
    inmediata | LAW | para siempre | porfa | porfavor | un saludo | saludos | de una vez por todas | jamás | de
    una buena vez | otra vez | a la brevedad | con efecto inmediato | permanentemente | en adelante | please |
    thanks | merci | ok | ciao | cheers | si (es tan amable | son tan amables | puede ser | es posible | no es
    molestia) | x favor | xfa | porfis | plis | che | de nuevo | grx | tks | nomás
CONFIRM = (y | COMMA)* (confirmen | confirme | confirmad | confirmar | me confirmen | me confirme) [me | lo | la
    eliminación | cuando esté hecho | que se ha hecho | la baja]*
# --- demands ------------------------------------------------------------------------------------------------------
RM     = kiten | kite | elimínen | borrase | quitase | eliminar | borrar | quitar | sacar | remover | suprimir |
    retirar | excluir | elimine | eliminen | elimina | eliminad | borre | borren | borra | borrad | quite |
    quiten | quita | quitad | saque | saquen | saca | sacad | remueva | remuevan | remueve | suprima | suprima |
    supriman | retire | retiren | retira | excluya | excluyan | elimínese | dar de baja | den de baja | dé de
    baja | de de baja | da de baja | dad de baja | dejen fuera | deje fuera | tachen | tache | bórrese |
    desuscriba | desuscriban | desuscribir | desuscribe | desinscribir | cancelen | cancele | cancelar |
    eliminaran | borraran | quitaran | eliminara | quitara | borrara | sacaran | dieran de baja | diera de baja
    | saques | quites | borres | elimines | olviden | olvide
GIVE   = (dar | den | dé | de | da | dad | demos | dieran | diera | dame | dadme | denme) [me | nos | a MINE]*
    de baja | cursen (mi | la) baja | tramiten (mi | la) baja | tramite (mi | la) baja | procesen (mi | la) baja
BE     = ser (eliminado | eliminada | borrado | borrada | dado de baja | dada de baja | removido | removida |
    excluido | excluida | quitado | retirado) | que (se)* (elimine | eliminen | borren | borre | supriman) | dar
    me de baja | salir | salirme | estar en (YOUR)* LISTN
AWAY   = [ME] RM [ME] [TAIL]* [LIST] | [me | nos] RM (ME) [TAIL]* [LIST] | GIVE [MINE] [TAIL]* [LIST] | [me |
    nos] (GIVE) [LIST] | (eliminen | borren | elimine | borre) (todo lo que tengan (sobre mí | mío)) | (poner |
    pongan | ponga | añadan | incluyan) (me)* en (su | la) lista (negra | de exclusión | de bajas | robinson) |
    BE [MINE] [TAIL]* [LIST] | RM (mi | mis | nuestro | nuestros) (correo | correos | email | emails | correo
    electrónico) [TAIL]* LIST
SEND   = contactara | contactaran | escribiera | escribieran | enviara | enviaran | enviase | mandara | mandaran
    | molestara | contactase | escribirme | remitir | enviar | enviando | mandar | mandando | escribir |
    escribiendo | contactar | contactando | molestar | molestando | enviéis | envíen | envíe | envíes | escriban
    | escriba | escribas | escribáis | manden | mande | mandes | mandéis | contacten | contacte | contactes |
    contactéis | molesten | moleste | molestes | molestéis | mandar me | llenar | llenando | spamear | spameando
    | bombardear | acosar | acosando | remitir | remitan | hacer llegar | insistir | insistan | insista |
    vuelvan a (SEND_INF) | vuelva a (SEND_INF) | vuelvas a (SEND_INF) | volváis a (SEND_INF) | volver a
    (SEND_INF) | dirijan | usar | utilizar | usen | utilicen
SEND_INF = (enviar | mandar | escribir | contactar | molestar) [me | nos]
QUIT   = (dejen | deje | deja | dejad | paren | pare | para | parad | cesen | cese | basta | dejar | parar |
    cesar | dejes | dejaran | dejara | termina | terminen | basta ya | detengan | detener | detenga | suspendan
    | pongan fin | stop) [ya | inmediatamente | de una vez]* [(de | con | a | los | el | la)]* [me | nos]*
    [SEND] [(me | nos | de | con | a mi | los)]* [SUCH]* [MAILS] [(a | en) (esta dirección | MINE)] | dejen (me
    | nos) (en paz | tranquilo | tranquila | tranquilos) | (deje | deja | dejad) (me | nos) (en paz | tranquilo
    | tranquila) | (dejen | deje | deja | dejad) (me | nos) en paz [TAIL]* [con (tanto | tantos | este | sus |
    estos) MAILS [basura]] | (cesen | cese) [de inmediato | inmediatamente]* (cualquier | toda | todo | el)*
    (comunicación | contacto | envío) [conmigo]
NOMORE = [ya] no [me | nos | se | le]* [SEND] [con | se]* (me | nos | conmigo | con nosotros | en contacto
    conmigo | más | nunca)* [SUCH]* [MAILS] [(a | en) (esta dirección | MINE | este correo)] [por correo | por
    email] | (que)* no (me | nos) SEND [SUCH]* [MAILS] | no quiero que (me | nos) SEND [SUCH]* [MAILS] | no (se)
    (pongan | ponga) (más | en contacto) [(en contacto)* conmigo | con nosotros] | nunca más (me | nos) SEND
    [SUCH]* [MAILS]
VERB   = AWAY | QUIT | NOMORE
demand.remove = [LAW] [COMMA] PLEASE* VERB TAIL* [CONFIRM] | PLEASE* VERB (y | e) PLEASE* VERB TAIL* [CONFIRM] |
    PLEASE* WANT PLEASE* AWAY TAIL* [CONFIRM] | [NOW] PLEASE* (AWAY | QUIT) NOW TAIL* | NOW PLEASE* (AWAY |
    QUIT) TAIL*
request.remove = PLEASE* (podría | podrían | puede | pueden | puedes | podrías | podéis | podríais | sería
    posible | sería tan amable de | serían tan amables de | es posible | me pueden | me puede | me podrían | me
    podría | se puede | le importaría | les importaría | quieren) PLEASE* [que]* (AWAY | NOMORE | QUIT | dejar
    de SEND [me | nos] [SUCH]* [MAILS]) TAIL*
demand.leave = (quiero | queremos | deseo | deseamos | quisiera | me gustaría | solicito | solicitamos | pido |
    necesito | exijo | ejerzo | requiero | por favor solicito | por la presente solicito) [LAW] [formalmente |
    ejercer | LAW]* [la | mi | el | que]* (baja | baja inmediata | salir | salirme | eliminación | supresión |
    cancelación | borrado | dar me de baja | cancelar la suscripción | cancelar mi suscripción | desuscribir me
    | derecho de (supresión | cancelación | oposición) | derecho al olvido) [(de | del)* [todos]* [MINE]] [LIST]
    [LAW] TAIL* [CONFIRM] | baja [definitiva | inmediata] (LIST | por favor) TAIL* | me (doy | quiero dar |
    borro | salgo) de baja [LIST] TAIL*
demand.no_wish = (no | ya no | nunca) [quiero | deseo | queremos | deseamos | quisiera | me interesa | nos
    interesa | autorizo | acepto | necesito | consiento | he autorizado | estoy interesado en | estoy interesada
    en | estamos interesados en] (recibir | seguir recibiendo | volver a recibir | que me SEND | que nos SEND |
    ser contactado | ser contactada | ser molestado | saber | SUCH | tener noticias | estar en)* [ya | más |
    nada | saber | nada más | seguir]* [SUCH]* [MAILS | LIST | noticias] [suyos | suyas | vuestros | vuestras |
    tuyos] [comerciales | publicitarios] [(de | por) (ustedes | usted | ti | vosotros | su parte | su empresa |
    vuestra parte | parte de ustedes | este tipo | su compañía | tu parte)]* TAIL* | prefiero (no recibir | que
    no me SEND) [SUCH]* [MAILS] TAIL* | (preferiría | preferiríamos | prefiero | preferimos) no (seguir)*
    (recibiendo | recibir | ser contactado) [SUCH]* [MAILS] TAIL* | no (hace falta | es necesario | hay
    necesidad de)* [que | de]* (me | nos)* (SEND | escriba | escriban | contacte | vuelva a escribir) [me |
    nos]* [de nuevo | más | otra vez | SUCH | MAILS]* TAIL* | no quiero (un | otro) [segundo | tercero | cuarto
    | quinto | más]* TAIL*
demand.no_more = (no | ni un) (más | quiero más) (MAILS) [de (ustedes | su parte)] TAIL* | (ni un | ningún)
    (correo | mensaje | email) más TAIL* | basta de [SUCH]* MAILS TAIL* | nada más de (ustedes | correos) TAIL*
    | ya no más MAILS TAIL*
demand.object = [LAW] [COMMA] [por la presente] (me opongo | revoco | retiro | nos oponemos | ejerzo | no
    autorizo | no doy mi consentimiento) [a | al | el | mi | la | para | que]* (tratamiento | uso |
    consentimiento | derecho de (oposición | supresión | cancelación) | derecho al olvido | derecho de
    supresión) [(de | del | para)* [MINE]] [(con | para) fines (comerciales | publicitarios | de marketing)] [y
    (solicito | exijo) su (eliminación | supresión | borrado)] [LAW] TAIL* | (ejerzo | ejercemos) (mi |
    nuestro)* derecho de (oposición | supresión | cancelación) (al | del | sobre el)* [tratamiento (de | sobre)*
    [MINE]] [(con | para) fines (comerciales | publicitarios | de marketing)] TAIL*
bare.stop = [PLEASE]* (baja | stop | basta ya | cancelar | cancelar suscripción | darse de baja | dar me de baja
    | dar de baja | desuscribir | desuscribir me | desuscribirse | desuscripción | remover | paren | pare |
    parad | para ya | unsubscribe | la baja | dejen de molestar | no molestar | ya basta | dejen ya |
    cancelación | borren me | parar | salir) TAIL* | [y] nunca más TAIL* | (stop | unsubscribe) NOW TAIL*
# --- around it ----------------------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | señor | señora | señores | sr | sra | tardes | días | a todos | equipo
    | don | doña]*
HELLO  = hola | buenos días | buenas | buenas tardes | buenas noches | buen día | estimado | estimada |
    estimados | estimados señores | muy buenas | saludos | apreciado | apreciados
courtesy = gracias | muchas gracias | no | no gracias | gracias pero no | por favor | porfa | lo siento | perdón
    | gracias por (su | la | tu | el | vuestro)* (comprensión | correo | mensaje | email | tiempo | oferta |
    atención | interés | escribir | información | contactar | colaboración) | gracias de antemano | un saludo |
    saludos | buen día | que tenga (un)* buen día | suerte | mucha suerte | buena suerte | no gracias | ok | ya
    basta | basta | último aviso | última advertencia | es la última vez | de inmediato | quedo a la espera de
    (su)* confirmación | espero (su)* confirmación | por última vez | confirmen por favor | sin más | lo digo en
    serio | con todo respeto | no insistan | no insista | agradezco su comprensión | agradezco (el | su)
    (interés | tiempo | correo) | please | thanks | merci | ok | ciao | cheers | hi | hello | sorry | x favor |
    che | muchas gracias por (la | su | el | tu) (propuesta | mensaje | información | interés | correo | oferta)
    | le agradezco (el interés | su mensaje | la propuesta) | agradezco (el interés | su mensaje | su contacto)
    | agradecemos su (contacto | interés | mensaje | propuesta) | quedo (agradecida | agradecido | atento |
    atenta) | gracias y buen día | buen día | buen fin de semana | suena bien | muy amable | saludos cordiales |
    disculpe | disculpen | con todo el respeto | que tengan buen día | feliz día | éxitos | mucho éxito | si (es
    tan amable | son tan amables | es posible)
JOIN   = y | e | pero | así que | entonces | porque | pues | ya que | por lo que | por lo tanto | por tanto | o
    | por eso | de lo contrario | si no | sino | además | que | dado que | puesto que | mas | no obstante | sin
    embargo | asi que
SERVICE = su oferta | sus servicios | su producto | sus productos | esto | lo que ofrecen | su propuesta | este
    servicio | este tipo de servicios | el tema | su servicio | nada | ello | eso | lo que venden | vuestros
    servicios | tu oferta
reason = (no | nunca) (estoy | estamos) [para nada]* (interesado | interesada | interesados | interesadas) [en
    SERVICE | gracias]* | (no me | no nos) (interesa | interesan) [SERVICE | en absoluto | para nada | gracias]
    | sin interés | no (tengo | tenemos | hay) [ningún] interés [en SERVICE | alguno] | (no) (necesito |
    necesitamos | lo necesito | lo necesitamos | requerimos) [SERVICE | nada] | no es (de mi interés | de
    nuestro interés | relevante [para (mí | nosotros)] | para nosotros) | (ya) (tenemos | tengo | trabajamos |
    contamos | usamos) [con]* (proveedor | un proveedor | otro proveedor | una solución | solución | una agencia
    | agencia | quien lo haga | un servicio) [para (esto | ello)]* | (no soy | no somos) (la persona [indicada |
    adecuada | correcta] | el contacto adecuado | el indicado | la empresa) [para esto]* | persona equivocada |
    (se han equivocado | se equivoca | se equivocan) de (persona | correo | contacto | dirección) | correo
    equivocado | (yo | nosotros)* (nunca | no | jamás) (me | nos | les | le | he | hemos | di | os)* [he | hemos
    | dado]* (suscrito | suscribí | pedido | pedí | solicité | solicitado | di | dado | autoricé | autorizado |
    registré | registrado | apunté | consentido | inscrito | solicitamos | pedimos) [mi (consentimiento |
    autorización | permiso | correo) | esto | estos correos | SUCH* MAILS | permiso | a (nada | esto | esta
    lista | su lista | su boletín) | en (nada | su web)]* | (es | esta es) [ya] (la | mi) (segunda | tercera |
    cuarta | última | quinta | NUMBER)* vez [que (se | les | lo | le | os)* (lo)* (pido | digo | escribo |
    solicito)]* | (esto | sus correos | ya)* (es | son) (spam | acoso | molesto | molestos | ilegal | muy
    molesto | publicidad no solicitada | una molestia | pesado | pesados | inaceptable) | (estoy | estamos)
    (harto | harta | hartos | cansado | cansada) [de (sus | tus | estos | tantos | esto)* [MAILS]] | no (los |
    le | les | te | os) (conozco | conocemos) | no sé (quiénes son | quién es | cómo (consiguieron | obtuvieron
    | tienen) mi (correo | dirección | contacto | email)) | (o | si no)* (los | les | lo | te | le)* (denunciaré
    | denuncio | reportaré | bloquearé | denunciaremos | marcaré | pondré una denuncia | presentaré (una)*
    (reclamación | denuncia | queja) | tomaré acciones legales | tomaremos acciones legales) [ante | a la | como
    | en | la | ante la | spam | aepd | agencia española de protección de datos | agencia de protección de
    datos]* | me (llegan | molestan) (demasiados | muchos) MAILS | (recibo | recibimos) (demasiados | muchos)
    [MAILS] | ya no (trabajo | trabajamos | estoy) (en | aquí)* [compras | ventas | la empresa | NAME | esa
    empresa | ese puesto | el área | marketing] | (estoy | soy) (jubilado | jubilada | retirado) [desde NAME] |
    me he jubilado | (tenemos | tengo) (esto | esta necesidad | ese tema | el tema | cubierta | cubierto)*
    (cubierta | cubierto | resuelto) [esta necesidad | el tema]* | (ya)* (elegimos | contratamos | hemos
    (elegido | contratado)) (a)* (otro | otra) (proveedor | empresa | solución)* | no es (para (mí | nosotros) |
    lo nuestro | nuestro tema) | LAW | respuesta (rápida | corta | breve) [a su (pregunta) (rápida | corta |
    breve)] | (recibí | leí) [su | sus | COMMA]* ((primer | segundo | tercer | y))* (correo | mensaje | email |
    correos) | sí | (no | ya no) (me | nos) (interesa | interesan) [SERVICE | gracias | en absoluto | para nada]
    | [ya] [se | les | le | os | te] [lo] ((he | hemos) [ya] (pedido | dicho | solicitado | escrito) | pedí |
    dije | pedimos | dijimos) [ya | NTIMES | que no | esto]*
NTIMES = dos veces | tres veces | varias veces | muchas veces | NUMBER veces | repetidamente | ya |
    anteriormente | antes | en varias ocasiones
question = (cómo | de dónde | dónde | quién) [han | ha | has]* (conseguido | obtenido | consiguieron |
    obtuvieron | sacaron | sacado | sacasteis | consiguió | les dio | le dio | tienen | tiene | tenéis) MINE |
    quiénes son [ustedes] | quién es usted | por qué (me | nos)* (escriben | envían | siguen | sigue | sigues |
    mandan | escribís | contactan) [SEND | escribiendo | enviando]* [me | SUCH]* [MAILS] | cuántas veces (tengo
    que | debo | hay que) (decir | pedir | decirlo | pedirlo)* [lo | se lo]*
signoff = saludos | un saludo | atentamente | cordialmente | saludos cordiales | un cordial saludo | gracias |
    muchas gracias | atte | gracias y saludos | reciba un cordial saludo | un abrazo | muy atentamente |
    cordiales saludos | gracias de antemano | sin otro particular
# --- suspicion ----------------------------------------------------------------------------------------------------
FUZZY  = eliminar | eliminen | suscripción | desuscribir | correos | recibir | lista
suspect.unsubscribe = baja | desuscribir | desuscribir me | desuscripción | desuscriba | desuscriban |
    desuscribe | darse de baja | unsubscribe | cancelar (la | mi)* (suscripción) | desinscribir | suscripción
suspect.remove = (eliminar | elimine | eliminen | elimina | eliminad | borrar | borre | borren | borra | borrad
    | quitar | quite | quiten | quita | quitad | sacar | saque | saquen | saca | sacad | remover | remueva |
    remuevan | suprimir | supriman | suprima | retirar | retire | retiren | excluir | excluyan | excluya |
    eliminación | supresión | borrado | tachen | olviden | olvide | olvídense | salir | eliminaran | borraran |
    quitaran | elimines | borres | quites | eliminado | eliminada | cancelen) ..5 (me | nos | mi | mis | LISTN |
    datos | correo | dirección | EMAIL | nuestros | nuestro) | (me | nos) ..1 (eliminen | elimine | borren |
    borre | quiten | quite | saquen | saque | eliminar | borrar | sacar | quitar | excluyan | quitara | quitaran
    | retiren | borraran) | (kiten | kite | borren | saken) ..4 (me | nos) | (elimin~ | borr~ | quit~ | saqu~ |
    retir~ | exclu~ | suprim~ | remuev~) ..5 (me | nos | lo | la | mi | mis | LISTN | registros | listado |
    fichero | datos) | (me | nos | lo) ..1 (elimin~ | borr~ | quit~ | saqu~ | retir~ | exclu~) | sac~ ..3 (me |
    nos | mi)
suspect.stop = (dejen | deje | deja | dejad | dejes | paren | pare | parad | para | cesen | cese | basta | stop
    | dejar | parar | terminen | suspendan | detengan | cesar) ..4 (enviar | mandar | escribir | molestar |
    molestando | contactar | MAILS | correos | spam | paz | tranquilo | tranquila | enviando | mandando | me |
    nos | acosar | esto | insistir | llenar) | (dejar | parar) ..3 (recibir | recibiendo)
suspect.no_contact = (no | nunca | jamás | ni | sin) ..5 TOUCH | (ningún | ninguna | ni un | basta de | dejar de
    | evite | evitar | eviten | abstenerse | absténganse | deje de | dejen de | dejara de | dejaran de |
    prescindir) ..4 TOUCH | (preferiría | prefiero | rechazo | declino) ..4 TOUCH
suspect.alone = (dejen | deje | deja | dejad) ..2 (paz | tranquilo | tranquila) | váyanse | vete a | váyase |
    jódete | jódanse | que les den | vete | lárguense
suspect.data = opongo | oponemos | oposición | rgpd | lopd | consentimiento | derecho al olvido | derecho de
    supresión | aepd | revoco | denuncia | denunciaré | denunciar | acciones legales | acoso
suspect.complaint = spam | correo basura | bloqueado | bloquear | bloqueo | reportado | reportar | bloqueados |
    lista negra | lista de bloqueo | ahórrense | ahórrese | papelera | ni se molest~ | denuncio | denuncia
suspect.dead = falleció | fallecido | fallecida | ha muerto | murió
suspect.ensure = (asegúrese | asegúrense | asegúrate | procure | procuren | encárguese) ..8 (no | ninguno |
    ningún | más) | nunca más | no quiero ..1 (segundo | tercero | cuarto | quinto | otro) | no contactar |
    casilla ..6 no
suspect.bare = basta | paren | stop | pare | parad | no insistan | no insista | no molesten | no molestar
ADDRESSED = por favor | podría | sería tan amable | es tan amable | podrían | puede | pueden | puedes | podéis |
    cómo (me | puedo | hago para) | favor | podríais | por qué me | dónde (me | puedo) | cómo hago | cómo se
    hace para
release.condition = si (no | el | la | es | esto | hay | me | tienen | ustedes | su) | cuando | a menos | salvo
    | mientras
release.time = hasta | antes de | por ahora | por el momento | esta semana | este mes | la próxima semana |
    todavía no | de momento | después de
release.reported = (clientes | usuarios | gente | destinatarios | alguien | muchos | jefe) ..3 (dicen | escriben
    | responden | piden | quieren | dice | se | pueden) | casi | en lugar de | cómo se (da | dan | dar)
release.elsewhere = (llame | llámeme | llámame | llamen | llamar | llamen) | por teléfono | en su lugar | mejor
    (por | llame) | (escriba | escriban | contacte | contacten | hable | hablen | diríjase | use | usen) (a |
    con | al) (NAME | EMAIL | mi) | EMAIL | por whatsapp | por linkedin | use [la | el | NAME | EMAIL]
release.other = (eliminar | elimine | eliminen | quitar | quite | quiten | borrar | borre | borren | cancelar |
    retirar) [el | la | los | las | mi | nuestra | nuestro] [segundo | segunda | primer | primera | NUMBER |
    antiguo | antigua] (archivo | adjunto | reunión | cita | línea | producto | cláusula | punto | página |
    factura | logo | número | usuario | enlace | partida | oferta | invitación | llamada) | baja de precio |
    copia | lista de espera | baja médica | demo
release.opposite = por error | no (dejen | paren | dejes | pares) | (en | carpeta de) [mi] spam | sin querer
GRATEFUL = agradecer~ | agradezco | agradecido | agradecida | amable | gustaría | agradecemos | agradeceríamos |
    agradecería
TOUCH  = enviar~ | envíe~ | envia~ | mand~ | escrib~ | contact~ | molest~ | recib~ | ponga~ | remit~ | insist~ |
    saber | correos | correo | mensajes | emails | email | publicidad | MAILS | comunic~ | utilic~ | spam |
    llegue~ | seguir
"""
