"""Portuguese, of Portugal and Brazil."""

GRAMMAR = """
# --- who and what -------------------------------------------------------------------------------------------------
MY     = meu | minha | meus | minhas | nosso | nossa | nossos | o meu | a minha | os meus | as minhas | o nosso
    | a nossa | os nossos | todos os meus | as nossas
DATUM  = endereço | endereço de email | endereços | dados | dados pessoais | nome | contato | contatos |
    contacto | contactos | cadastro | informações | informações pessoais | registro | registo | empresa |
    endereço eletrônico | telefone | domínio
MINE   = (este | esse) (endereço | email) | MY DATUM [(e | ou) [MY] DATUM] [que (vocês | possuem | têm | tem)
    [sobre mim | meus | guardados]]
ME     = me | nos | mim | MINE | EMAIL
YOUR   = sua | suas | seu | seus | vossa | vossas | vosso | vossos | esta | essa | este | esse | a sua | as suas
    | a vossa | as vossas | o | a | as | os | toda | todas | todas as | tua | qualquer | todas as suas | os seus
    | tuas | os vossos | o seu
LISTN  = lista | listas | lista de emails | lista de email | lista de contatos | lista de contactos | mailing |
    mailing list | base de dados | bases de dados | base | newsletter | newsletters | lista de distribuição |
    lista de envio | listas de envio | sistema | sistemas | crm | banco de dados | cadastro | campanha |
    campanhas | registros | registos | envios | lista de transmissão | lista de marketing | boletim | lista de
    prospecção | contatos | contactos | lista de correio | ficheiros | bases | sequência | emails | mala direta
    | subscrição
LIST   = (de | da | do | das | dos | desta | dessa | deste | desse | destas | dessas | na | nas | em | à | às)
    [YOUR] LISTN [e (de | da | do | das | dos)* [YOUR] LISTN] | daqui | disso | disto | de tudo
MAILS  = email | emails | mensagem | mensagens | spam | publicidade | propaganda | newsletter | newsletters |
    ofertas | oferta | comunicações | comunicação | contato | contatos | contacto | contactos | correio |
    informações | promoções | propostas | coisas | mais nada | lixo | emails comerciais | comunicações
    comerciais | mensagens comerciais | lixo eletrônico | solicitações | correspondência | emails (desse |
    deste) tipo | mensagens (desse | deste) tipo | marketing | material
SUCH   = mais | seus | vossos | estes | esses | este | esse | esse tipo de | este tipo de | nenhum | nenhuma |
    outros | outras | as suas | os seus | os vossos | essas | estas | de | suas | vossas | qualquer | tais | um
    | tantos | de vocês | novos | desses | destes | futuras | os | as | seu | esses tipos de | qualquer tipo de
PLEASE = por favor | favor | por gentileza | gentileza | pfv | pf | pff | peço [por favor] [que | para | a]* |
    pedimos [que | para]* | peço (lhe | lhes | vos) [que | para | a]* | solicito [que | a]* | solicitamos [que |
    a]* | gostaria que | gostaríamos que | quero que | queremos que | queria que | desejo que | agradeço [que |
    se]* | agradecia [que | se]* | agradecemos [que]* | agradeceria [se | que]* | exijo [que]* | preciso que |
    pela última vez | pela terceira vez | pela segunda vez | novamente | imediatamente | mais uma vez | também |
    então | faça o favor de | façam o favor de | queira | queiram | venho por este meio [solicitar | pedir |
    que]* | encarecidamente | apenas | simplesmente | COMMA | peço encarecidamente que | faz favor | pelo amor
    de deus | agradeço desde já que | ordeno que | de imediato | vc poderia | sff | pf | a gentileza de | peço a
    gentileza de | por obséquio | vc pode | cara | gente | solicito que | preferia que | porém solicito que |
    galera | favor
WANT   = gostaria de | gostaríamos de | quero | queremos | queria | desejo | preciso [de]
NOW    = agora | já
LAW    = (nos termos | ao abrigo | de acordo | com base | conforme | segundo | em conformidade)* [do | da | com
    | com o | com a | no | na | o | a]* [ARTICLE] [do | da]* (rgpd | lgpd | gdpr | lei geral de proteção de
    dados | lei)
ARTICLE = (artigo | art | art .) NUMBER [o] [.]
TAIL   = por favor | obrigado | obrigada | grato | grata | imediatamente | desde já | o quanto antes | o mais
    rápido possível | o mais rapidamente possível | no futuro | nunca mais | a partir de agora | doravante |
    definitivamente | de imediato | muito obrigado | muito obrigada | pfv | com urgência | urgente | LAW | mais
    | agradeço | agradecido | de vez | para sempre | com efeito imediato | de uma vez por todas | desde já
    agradeço | quanto antes | por gentileza | cumprimentos | obrigado desde já | pff | agradecida | jamais |
    novamente | daqui para a frente | daqui em diante | permanentemente | please | thanks | merci | ok | ciao |
    cheers | obg | vlw | valeu | sff | aí | aki | blz | tks | novamente
CONFIRM = (e | COMMA)* (confirmem | confirme | confirmar | me confirmem | confirmando) [me | a | isso | a
    exclusão | a remoção | quando feito]*
# --- demands ------------------------------------------------------------------------------------------------------
RM     = remover | remova | removam | remove | removessem | removerem | retirar | retire | retirem | retira |
    retirarem | retirassem | tirar | tire | tirem | tira | excluir | exclua | excluam | exclui | excluírem |
    eliminar | elimine | eliminem | elimina | eliminarem | apagar | apague | apaguem | apaga | apagarem |
    descadastrar | descadastre | descadastrem | descadastra | deletar | delete | deletem | desinscrever |
    desinscreva | desinscrevam | cancelar a inscrição de | cancelem a inscrição de | desassinar | esqueçam |
    esqueça | cancelar | cancele | cancelem | riscar | risquem | suprimir | suprimam | removido | bloqueiem |
    dar baixa | deem baixa | dê baixa | destruam
BE     = (ser | seja | sejam) (removido | removida | retirado | retirada | excluído | excluída | eliminado |
    apagado | descadastrado | descadastrada | removidos | apagados) | que MINE (seja | sejam) (removido |
    removidos | apagado | apagados | eliminados | excluído) | sair
AWAY   = [ME] RM [ME] [TAIL]* [LIST] | RM ME [TAIL]* [LIST] | BE [LIST] | (cancelar | cancele | cancelem) [a
    minha | minha | meu | a]* (inscrição | assinatura | subscrição | cadastro) [LIST] | (coloquem | coloque |
    ponham) (me)* na (lista negra | lista de exclusão | blacklist) | (proceder | procedam | proceda) à (remoção
    | eliminação | exclusão) (de | do | dos | da)* [MINE] [LIST] | deixem (de fora) [LIST] | RM (meu | o meu |
    nosso | o nosso) (email | emails) LIST | (descadastre | descadastrar | descadastrem | desinscreva) (meu | o
    meu) email
SEND   = enviar | enviem | envie | enviando | envia | enviarem | mandar | mandem | mande | mandando | manda |
    escrever | escrevam | escreva | escrevendo | contatar | contatem | contate | contactar | contactem |
    contacte | contactando | incomodar | incomodem | incomode | perturbar | perturbem | encher | importunar |
    importunem | spammar | contatando | entrar em contato | entrem em contato | entre em contato | entrar em
    contacto | entrem em contacto | chatear | chateiem | voltar a (contactar | enviar | escrever) | voltem a
    (contactar | enviar | escrever | contactar me) | insistir | insistam | insista | assediar | utilizem | usem
    | utilizar | enviassem | contactassem | mandassem | aborrecer
QUIT   = (parem | pare | parar | para | parassem | deixem | deixar | deixe | cessem | cessar | cesse | chega |
    basta | interrompam | interromper | suspendam | parem lá | stop) [já | imediatamente | com]* [(de | com | a
    | o)]* [me | nos]* [SEND] [me | nos]* [com | comigo]* [SUCH]* [MAILS | o envio | envio de MAILS | os envios]
    [(para | a | por) (MINE | mim)] | parem com isso | (deixem | deixe | deixa) (me | nos) em paz | (me | nos)
    (deixem | deixe | deixa) em paz | (deixem | deixe | deixa) (me | nos) em paz [com (este | esse | esta |
    tanto) MAILS]
NOMORE = (não | nunca | jamais) [mais] [me | nos | se]* SEND [me | nos | com | comigo]* [mais | nunca mais |
    nunca]* [SUCH]* [MAILS] [comigo] [(para | a) (MINE | mim)] [mais] | (que)* não (me | nos)* SEND [mais]*
    [SUCH]* [MAILS] | não (enviem | envie | mandem | mande) (novas | novos | outras | quaisquer)* MAILS | (de)*
    não me (contatar | contactar) mais
VERB   = AWAY | QUIT | NOMORE
demand.remove = [LAW] [COMMA] PLEASE* VERB TAIL* [CONFIRM] | PLEASE* VERB e PLEASE* VERB TAIL* [CONFIRM] |
    PLEASE* WANT PLEASE* AWAY TAIL* [CONFIRM] | [NOW] PLEASE* (AWAY | QUIT) NOW TAIL* | NOW PLEASE* (AWAY |
    QUIT) TAIL*
request.remove = PLEASE* (pode | podem | poderia | poderiam | podes | podia | podiam | poderias | seria possível
    | é possível | dá para | você pode | vocês podem | vocês poderiam | você poderia | será que podem | importa
    se de | importam se de) PLEASE* (AWAY | NOMORE | QUIT) TAIL*
demand.leave = (quero | queremos | gostaria de | gostaríamos de | desejo | solicito | solicitamos | peço | exijo
    | pretendo | requeiro | queria | exerço | desejamos) [LAW] [COMMA | formalmente | me | imediata]* [a | o |
    que]* (sair | descadastrar | cancelar a (inscrição | assinatura | subscrição) | remoção | eliminação |
    exclusão | apagamento | descadastramento | descadastrar me | cancelamento | desinscrever | direito (ao
    esquecimento | de oposição | ao apagamento | à exclusão)) [me] [imediata | imediato | completa] [(de | do |
    da | dos)* [todos]* [MINE]] [LIST] [LAW] TAIL* [CONFIRM]
demand.no_wish = [eu] (não) [quero | desejo | queremos | desejamos | gostaria de | pretendo | aceito | autorizo
    | pretendemos | tenho interesse em | temos interesse em | quero que me | preciso | estou interessado em |
    gostaríamos de]* [mais | voltar a]* (receber | SUCH | continuar a receber | ser (contatado | contatada |
    contactado | contactada | incomodado | incomodada | contactados) | saber | ouvir falar)* [mais | nada |
    nenhum]* [SUCH]* [MAILS | contato] [vossas | vossos | suas | seus | tuas | teus] [(de | por) (vocês | vós |
    você | sua empresa | vossa empresa | vossa parte | sua parte | parte vossa) | vossos | desse tipo | deste
    tipo]* TAIL* | prefiro não receber [mais]* [SUCH]* [MAILS] TAIL* | dispenso [SUCH]* MAILS TAIL* | (preferia
    | preferiria | prefiro | preferimos) não (receber | ser (contatado | contactado | contactada)) [mais]*
    [SUCH]* [MAILS] [sobre (este | esse) assunto | deste tipo]* TAIL* | não (precisa | precisam | é preciso | é
    necessário | há necessidade de)* (me)* (SEND) [de novo | mais | novamente | SUCH | MAILS]* TAIL* | nao quero
    mais receber isso TAIL* | não quero um (segundo | terceiro | quarto | quinto) TAIL*
demand.no_more = (chega | basta | nada | não | sem | nem) [mais | de | um]* [SUCH]* MAILS [mais] [de (vocês |
    vossa parte)] TAIL* | (nenhum | nem um) (email | contato | contacto) mais TAIL* | (não) mais MAILS TAIL*
demand.object = [LAW] [COMMA] [venho por este meio] (oponho me | me oponho | revogo | retiro | nego | exerço |
    não autorizo | opomo nos) [a | ao | o | meu | minha | qualquer]* (tratamento | consentimento | uso |
    utilização | autorização | direito (de oposição | ao apagamento | ao esquecimento)) [(de | do | dos)*
    [MINE]] [para (fins)* (de)* (marketing | comerciais | publicidade)] [e (solicito | exijo) a (sua)*
    (eliminação | exclusão)] [LAW] TAIL*
bare.stop = [PLEASE]* (descadastrar | descadastro | descadastre me | me descadastre | remover | me remova |
    remova me | sair | cancelar inscrição | cancelar assinatura | cancelar subscrição | parar | pare | parem |
    stop | unsubscribe | remoção | cancelar | excluir | cancelamento | desinscrever | me tira daqui |
    desinscrição | parem já | pare já | me exclua) TAIL* | [e] nunca mais TAIL* | (stop | unsubscribe) NOW TAIL*
# --- around it ----------------------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | senhor | senhora | senhores | sr | sra | dia | tarde | a todos | equipe
    | equipa | exmo | exma | exmos]*
HELLO  = olá | oi | bom dia | boa tarde | boa noite | prezado | prezada | prezados | caro | cara | caros | exmos
    senhores | exmo senhor | boas | estimado | estimados | viva | ola
courtesy = obrigado | obrigada | não | não obrigado | não obrigada | muito obrigado | muito obrigada | por favor
    | obrigado mas não | grato | grata | (obrigado | obrigada | agradeço) (pelo | pela | o | a | por)* [seu |
    sua | vosso | vossa | seu | entrar em]* (contato | contacto | email | mensagem | oferta | compreensão |
    proposta | interesse | atenção | tempo | mail) | desculpe | desculpem | lamento | boa sorte | bom dia |
    tenha um bom dia | bom trabalho | sucesso | último aviso | já chega | chega | ok | agradeço [desde já | a
    compreensão | a atenção]* | fico (no aguardo | a aguardar) [de | da | confirmação | vossa | sua]* | aguardo
    (confirmação | a confirmação) | pela última vez | sem mais | é só isso | basta | obrigado na mesma | mesmo
    assim obrigado | passo | favor confirmar | com todo o respeito | espero que compreendam | please | thanks |
    merci | ok | ciao | cheers | hi | hello | sorry | obg | vlw | valeu | sff | agradeço (a | o)* (mensagem |
    contato | contacto | proposta | interesse | email) | grato pelo (contato | contacto | interesse) | grata
    pelo (contato | contacto | interesse) | bom fim de semana | bom final de semana | muito gentil | que gentil
    | (muito)* obrigado (por)* (lembrar | pensar em nós | lembrarem de nós) | desde já (obrigado | obrigada |
    agradeço) | tenha uma (boa | ótima | excelente) (semana | tarde) | foi mal | boa continuação | tudo de bom |
    por gentileza | por obséquio
JOIN   = e | mas | portanto | então | por isso | porque | pois | ou | senão | já que | assim | logo | caso
    contrário | por conseguinte | além disso | visto que | uma vez que | dado que | sendo assim | porém |
    contudo | todavia | entretanto | no entanto | só que
SERVICE = sua oferta | seus serviços | seu produto | a sua oferta | os seus serviços | o seu produto | isto |
    isso | esta proposta | este serviço | a proposta | vossos serviços | os vossos serviços | vossa oferta |
    esse serviço | esse produto | nada disso | a oferta | esse tipo de serviço | o serviço | o produto | a vossa
    oferta | no assunto
reason = [eu | nós] (não) (estou | estamos | tenho | temos | há | me | nos | é)* [mais | qualquer | nenhum | de
    todo | de meu]* (interessado | interessada | interessados | interesse | interessa) [(em | na | no | nos |
    por | pelo | de | nenhum)* SERVICE | no momento algum]* | sem interesse | (não) (preciso | precisamos |
    necessito | necessitamos) [de | disso | disto]* [SERVICE] | (não é) (relevante | do meu interesse | do nosso
    interesse | para (mim | nós)) [para (mim | nós)] | (já) (temos | tenho | trabalhamos | usamos) [com]* (um |
    uma)* [outro]* (fornecedor | solução | parceiro | agência | prestador | sistema) [para isso]* | (não sou |
    não somos) (a pessoa (certa | indicada | correta) | o contacto certo | o responsável) [por isto | para
    isso]* | pessoa errada | (contato | contacto | endereço | email) errado | (nunca | não) (me | nos | vos |
    lhes | dei | autorizei | pedi)* (inscrevi | cadastrei | pedi | solicitei | autorizei | dei | registei |
    subscrevi | consenti | autorizamos | pedimos) [(o meu | meu | minha | a minha | qualquer | autorização
    para)* (consentimento | autorização | permissão | email)]* [para (nada | isso | isto | receber SUCH* MAILS)
    | nada | isto | isso | SUCH* MAILS | em (nada | lugar nenhum | nenhuma lista)]* | (já) [lhes | vos | te]*
    (pedi | disse | solicitei | pedimos | escrevi | avisei) [NTIMES | isso | isto | que não | para parar | para
    pararem | a vocês]* | (esta | essa | é | esta é) [já]* (a | o | minha)* (segunda | terceira | quarta |
    última | NUMBER | quinta)* (vez | email | pedido | mensagem) [que (peço | escrevo | digo | solicito) [isto |
    isso]]* | (isto | isso | os vossos emails | já)* (é | são | está) (spam | assédio | chato | ilegal |
    irritante | inaceitável | inconveniente | incômodo | abuso | a tornar se irritante) | (estou | estamos)
    (farto | farta | cansado | cansada | fartos) [(de | desses | destes)* (receber)* [SUCH]* [MAILS]] | não sei
    (quem são | quem é | como (obtiveram | conseguiram | têm) MINE) | (ou | senão)* (vou | irei | vamos)*
    (denunciar | denuncio | denunciarei | bloquear | bloqueio | reportar | apresentar queixa | fazer (uma)*
    (queixa | denúncia) | apresento queixa | processar) [vocês | vos | à | ao | como | na | spam | anpd | cnpd |
    procon]* | (recebo | recebemos) (demasiados | muitos) MAILS | (no momento)* não temos (essa | esta)
    (necessidade | demanda) | não é para (nós | mim) | já não trabalho (nesta área | aqui | lá | na NAME | nessa
    empresa) | não trabalho mais (aqui | lá | na NAME | nessa área | nessa empresa) | estou (aposentado |
    aposentada | reformado | reformada) [desde NAME] | (já)* (escolhemos | fechamos com | contratamos | optamos
    por) (outro | outra) (fornecedor | empresa | solução)* | LAW | resposta (rápida | curta) [à (sua | vossa)*
    pergunta (rápida | curta)] | recebi [o seu | o vosso | COMMA]* ((primeiro | segundo | terceiro | e))* (email
    | mensagem) | sim | não (os | vos) (conheço | conhecemos)
NTIMES = duas vezes | três vezes | várias vezes | NUMBER vezes | antes | anteriormente | repetidamente | mil
    vezes
question = (como | onde | de onde | quem) [é que]* (conseguiram | obtiveram | conseguiu | têm | arranjaram |
    tiraram | obteve | arranjou | lhes deu | vos deu | pegaram | acharam) MINE | quem (são vocês | é você | são)
    | quantas vezes (tenho | preciso) (de | que)* (dizer | pedir) | (porque | por que) ((continuam | continua |
    insistem) (a | em) SEND [me] [SUCH]* [MAILS] | me SEND [SUCH]* [MAILS])
signoff = atenciosamente | att | cumprimentos | melhores cumprimentos | com os melhores cumprimentos | abraço |
    abraços | obrigado | obrigada | grato | grata | cordialmente | saudações | atentamente | muito obrigado | at
    te | atte | respeitosamente | com cumprimentos | um abraço
# --- suspicion ----------------------------------------------------------------------------------------------------
FUZZY  = remover | removam | descadastrar | eliminar | retirar | cancelar | receber | descadastre
suspect.unsubscribe = descadastr~ | desinscrever | desinscreva | desinscrição | desinscrevam | desassinar |
    unsubscribe | (cancelar | cancelem | cancele) ..2 (inscrição | assinatura | subscrição | cadastro) | sair
    ..3 (lista | newsletter)
suspect.remove = (remover | remova | removam | remove | retirar | retire | retirem | retira | tirar | tire |
    tirem | tira | excluir | exclua | excluam | eliminar | elimine | eliminem | apagar | apague | apaguem |
    deletar | delete | deletem | remoção | eliminação | exclusão | esqueçam | esqueça | removessem | removerem |
    retirarem | risquem | sair | apaga | elimina | bloqueiem | excluído | removido | removida | suprimam) ..5
    (me | nos | meu | minha | meus | minhas | LISTN | dados | email | endereço | EMAIL | nosso | nossos | daqui
    | contacto) | (me | nos | ser | seja | sejam) ..1 (remova | removam | retire | retirem | tire | tirem | tira
    | exclua | excluam | apague | apaguem | removido | removida | retirado | retirada | excluído | remover |
    retirar | tirar | excluir | apagados | eliminados) | (remov~ | retir~ | exclu~ | elimin~ | apag~ | risqu~)
    ..5 (me | nos | o | a | os | LISTN | registros | ficheiro | dados) | (me | nos | o) ..1 (remov~ | retir~ |
    exclu~ | elimin~ | apag~)
suspect.stop = (parem | pare | parar | para | parassem | deixem | deixar | deixe | cessem | cessar | chega |
    basta | stop | interrompam | suspendam) ..4 (enviar | mandar | escrever | contatar | contactar | incomodar |
    MAILS | email | spam | isso | isto | me | nos | paz | encher | enviando | mandando | chatear | perturbar) |
    (parar | parem | deixar | pare) ..3 receber
suspect.no_contact = (não | nunca | jamais | nem | sem) ..5 TOUCH | (nenhum | nenhuma | chega de | evite |
    evitem | preferia | prefiro | recuso | dispenso | deixem de | deixe de | parem de | deixassem de |
    desnecessário | escusam de | escusa de) ..5 TOUCH
suspect.alone = (deixem | deixe | deixa) ..3 paz | vá se | vai se | vão se | sumam | some daqui | vá à merda |
    vão à merda | foda se | desapareçam
suspect.data = oponho | oposição | rgpd | lgpd | consentimento | esquecimento | queixa | denúncia | denunciar |
    processo judicial | revogo | procon | anpd | cnpd
suspect.complaint = spam | bloqueado | bloquear | bloqueei | denunciei | assédio | bloqueados | lista negra |
    poupem | poupe | cnpd | lixo | me esquece | queixa
suspect.dead = faleceu | falecido | falecida | morreu
suspect.ensure = (garanta | garantam | assegure | assegurem | certifique~) ..8 (não | nenhum | mais) | nunca
    mais | não quero ..1 (segundo | terceiro | quarto | quinto | outro) | não contactar | não contatar | caixa
    ..6 não
suspect.bare = parem | pare | chega | basta | stop | parar
ADDRESSED = por favor | pode | podem | poderia | poderiam | podes | como (me | posso | faço para) | favor |
    gentileza | seria possível | podia | podiam | por que continuam | como faço | como é que | como paro
release.condition = se (não | o | a | for | isto | isso | houver | vocês | me | tiverem | eu) | quando | caso |
    a menos | enquanto
release.time = até | antes de | por enquanto | por agora | esta semana | este mês | na próxima semana | ainda
    não | de momento | no momento | depois de
release.reported = (clientes | usuários | utilizadores | pessoas | destinatários | alguém | muitos | chefe) ..3
    (dizem | escrevem | respondem | pedem | querem | diz | se | podem) | quase | em vez de
release.elsewhere = ligue | liguem | ligar | por telefone | em vez disso | melhor (por | ligar) | (fale | falem
    | escreva | escrevam | contacte | contate | use | usem) (com | para | a | o) (NAME | EMAIL | meu) | EMAIL |
    por whatsapp | pelo linkedin | pelo whatsapp
release.other = (remover | remova | removam | retirar | retire | tirar | tire | excluir | exclua | cancelar |
    apagar | apague) [o | a | os | as | meu | minha | nosso]* [segundo | segunda | primeiro | primeira | antigo
    | NUMBER] (anexo | reunião | item | linha | produto | cláusula | ponto | página | fatura | logo | número |
    usuário | utilizador | link | convite | agendamento) | cópia | lista de espera | lista de preços | demo |
    fatura
release.opposite = por engano | não (parem | pare | parar) | (na | pasta de) [caixa de] spam | sem querer |
    gostando
GRATEFUL = agradec~ | agradeço | grato | grata | gentileza | gostaria | agradecido
TOUCH  = envi~ | mand~ | escrev~ | contat~ | contact~ | receb~ | incomod~ | perturb~ | insist~ | voltem | saber
    | emails | email | mensagens | mensagem | MAILS | utiliz~ | spam | entre em | entrem em | procur~ | chate~ |
    aborre~ | usem
"""
