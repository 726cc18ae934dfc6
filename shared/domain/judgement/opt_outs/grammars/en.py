"""English."""

GRAMMAR = """
# --- who and what -------------------------------------------------------------------------------------------------
HOLDER = my | our | my personal | my work | my business | our company | my company s
DATUM  = name | names | address | addresses | email address | email addresses | contact | contacts | contact
    details | contact info | contact information | contact data | details | info | information | data | personal
    data | personal information | personal details | company | domain | records | entry | team | organisation |
    organization | name and email | name and email address
MINE   = HOLDER DATUM [(and | or) [HOLDER] DATUM]
ME     = me | us | MINE | (me | us) and [to] (my | our) (colleagues | team | staff | company) [at EMAIL] | this
    (address | email address | mailbox | inbox) | EMAIL | (me | us) and (MINE | my colleagues | my team)
YOUR   = your | this | the | these | any | all | every | all of | any of | all your | all of your | any of your
    | all these | all of these | any and all | whatever | ur | any future | all future | future | further | any
    further | any other | more | any more | anymore | such | those | these stupid | your stupid
KIND   = mailing | email | emails | marketing | sales | contact | distribution | newsletter | outreach | cold |
    prospect | prospecting | send | sending | current | stupid | damn | bloody | fucking | annoying | automated
    | unsolicited | promotional | commercial | drip | campaign | customer | entire | whole | active | spam |
    unwanted | daily | weekly | goddamn | internal | company | lead | leads | client | crm | mailing list |
    follow up | junk | useless | silly | other | generic | mass | bulk
LISTS  = list | lists | mailing | mailings | mailout | mailouts | database | databases | db | campaign |
    campaigns | sequence | sequences | cadence | drip | outreach | distribution | newsletter | newsletters |
    records | record | system | systems | crm | contacts | emails | email | messages | subscription |
    subscriptions | marketing | blasts | blast | mailer | mailers | files | listing | communications |
    correspondence | spam | rotation | email chain | directory | mailing lists | automation
LIST   = YOUR KIND* LISTS [of yours] | (this | these | that | it | it all | here | all of (this | it | that) |
    whatever this is) | YOUR KIND* (lists | databases | emails | systems) and (databases | systems | lists |
    records) | [your] KIND LISTS | everything [you (send | have)] | LIST_YOU
LIST_YOU = (whatever | any | the | every) [KIND] (list | lists) (this is | [that] (you have me on | i am on |
    you are using | we are on | you got me from))
OFF    = from | off | off of | out of | of | on | form | frm | fom
MAILS  = email | emails | message | messages | spam | junk | crap | stuff | shit | solicitation | solicitations
    | newsletter | newsletters | offers | communication | communications | pitches | pitch | marketing |
    correspondence | nonsense | garbage | bs | rubbish | mailings | mailers | advertising | adverts | ads |
    promotions | follow up | follow ups | followups | reminders | rubbish | sales emails | sales pitches |
    marketing material | marketing emails | requests | enquiries | bullshit | sequences | material
MAIL_THING = [YOUR] KIND* MAILS | these | this | this kind of (email | message | thing | MAILS) | anything (else
    | more | further) | [any] more | more of (these | this | them | those | your (emails | messages)) | any more
    of (these | this | them | those) [emails | messages] | them | those | [any] more of your KIND* MAILS | [any]
    more of (these | those | this) KIND* MAILS | nothing | [any] KIND* MAILS of this (kind | sort | nature)

# --- politeness, time, source -------------------------------------------------------------------------------------
PLEASE = please | kindly | just | do | would you please | yo | pleeease | oi | honestly | look | also |
    immediately | permanently | simply | then | again | therefore | politely | urgently | for god s sake | for
    the love of god | for the last time | for the second time | for the third time | once again | once more | do
    me a favor and | do me a favour and | do us (both | all) a (favor | favour) and | be so kind as to | be so
    kind and | go ahead and | be kind enough to | as requested | i repeat | seriously | at last | finally | one
    last time | one more time | hereby
WISH   = (i | we) [would | really | now | hereby | must | will | kindly | politely | respectfully | just | have
    to | need to | do | only] (ASK (you | you guys | you all) | ask | request | demand) to | (i | we) (am | are)
    [now | hereby | kindly | politely | again | formally | once again] (asking | requesting | telling |
    instructing | ordering) [you] [again | nicely | politely | kindly] to | (i | we) [would | hereby | must |
    now | kindly] (ask | request | demand | insist | prefer | like | require) (that | if) you | you (must |
    should | need to | have to | can | may | are to | are hereby requested to) | make sure to | make sure you |
    be sure to | i (want | need | would like | expect) you to | it would be (great | nice | kind | appreciated)
    if you (could | would) | (would | will) be (great | nice | kind | good | appreciated) if you (could | would)
    | would appreciate if you (could | would) | (i | we) would [really | much | greatly] appreciate (it if you
    (could | would) | if you (could | would) | you) | i would be (grateful | obliged | glad | thankful) if you
    (could | would) | if you (could | would) (please | kindly) | asking [you] [again | nicely] to | requesting
    [you] to | all i ask is that you | appreciate if you could
ASK    = ask | like | want | request | urge | beg | wish | need | demand | instruct | prefer for
POLITE = will you (please | kindly) | (can | could | would | ca not) (you | u | someone | somebody | you guys)
    [please | kindly | just | possibly | maybe | at least | also | not] | would it be possible to | is it
    possible to | (may | can | could) i (ask | request) [that] you [to | please] | any chance (you | of you)
    (could | can) | do you mind if i ask you to
TAIL   = please | thanks | thank you [very much | so much] | thx | cheers | asap | a s a p | immediately | at
    once | again | right away | straight away | permanently | for good | forever | effective immediately | going
    forward | in [the] future | from now on | anymore | any more | any longer | any further | ever | ever again
    | at all | once and for all | altogether | completely | entirely | as soon as possible | with immediate
    effect | without delay | at your earliest convenience | already | kindly | in advance | and thank you | and
    thanks | in any (form | way) | for any reason | promptly | for the last time | moving forward | either |
    dude | guys | man | mate | sir | folks | will you | would you | ok | okay | effective today | for the love
    of god | ta | many thanks | no thanks | that would be (great | appreciated | nice | lovely | good) | if
    (possible | you (can | could | do not mind | would) | that is (ok | alright)) | man | lads | bro | mate |
    ladies | so much | i would appreciate it | much appreciated | would be (great | appreciated) | cheers mate |
    sharpish | it would be appreciated | and have a (good | nice | great) (day | one | weekend)
FROM_YOU = from (you | your (company | team | side | organisation | organization | firm | colleagues | people) |
    you guys | your company or partners | anyone at your company) | by (you | your company | anyone from your
    company | email)
NOW    = now | right now | now please | today please
LAW    = (under | pursuant to) ARTICLE | (under | pursuant to | as per | per | in accordance with | according to
    | based on | citing | in line with | in compliance with) [the] [ARTICLE [of | under] [the]] [uk | eu] (gdpr
    | ccpa | can spam act | can spam | dpa | data protection act | law | privacy law) | ARTICLE (gdpr | of the
    gdpr | uk gdpr) | as required by [the] (law | gdpr)
ARTICLE = (article | art | art .) NUMBER

# --- what is demanded ---------------------------------------------------------------------------------------------
REMOVE = remove | delete | take | drop | strike | scratch | pull | get | exclude | scrub | cross | erase | purge
    | withdraw | cut | keep | leave | clear | wipe | bin
UNSUB  = unsubscribe | unsub | desubscribe | deregister | unenroll | disenroll
AWAY   = REMOVE ME [TAIL] (off | from | off of | from | out of) LIST | (remove | delete | erase | exclude |
    scrub | purge) ME | (take | get | leave | cross | strike) ME off | (take | get) me out of (this | here) |
    (remove | delete | erase | take | purge | drop | scrub | wipe | pull) (it | that | this (email | contact |
    recipient)) (from | off | off of | out of) your KIND* LISTS | take (off | out) ME | remove ME and (do not |
    never) WRITE ME [AGAIN] | remove (all | any) [of] (MINE | [the] data [about | on] (me | us)) [from LIST] |
    leave ME (off | out of) LIST | delete all (emails | contacts) | remove (me | us) completely | (remove |
    delete | take) ME [off] (form | frm) LIST | you (can | may) [happily | safely | now | gladly]* (remove |
    take | delete | drop) ME [off] [OFF LIST] | REMOVE HOLDER (email | emails | inbox | email and (address |
    name)) [off] (from | off | off of | out of) LIST | unsubscribe HOLDER (email | emails)
OUT    = UNSUB ME [from LIST] | UNSUB from LIST | opt ME out [of | from] [LIST] | opt out [of | from] LIST |
    deactivate ME [from LIST] | UNSUB (ME) [from] your emails | sign ME off [from] [LIST] | turn (these | the |
    your) emails off | UNSUB HOLDER (email | emails) [from LIST]
WRITE  = email | contact | message | write | write to | spam | solicit | reach out | reach out to | get in touch
    | get in touch with | follow up with | follow up | send emails to | pitch to | cold email | contact or email
    | email or call | call or email | email or contact | contact or call | email or phone | write or call | try
    to contact | be in touch | correspond with
WRITING = emailing | mailing | contacting | messaging | writing | writing to | spamming | pestering | bothering
    | harassing | soliciting | hounding | bugging | stalking | pitching | reaching out | reaching out to |
    hassling | annoying | chasing | following up | following up with | hitting up | mailing to | sending to |
    targeting | disturbing | trying to contact | selling to | cold emailing
ME_TOO = ME | people | everyone | (me | us) and my (team | colleagues | staff) | anyone at (my | our) company |
    (our | my) (staff | employees | people | colleagues | support desk | office) | [this] (mailbox | office)
AGAIN  = again | anymore | any more | ever again | ever | any further | further | any longer | in [the] future |
    about (this | anything | it) | with (this | these | anything | your MAILS) | like this | from now on | at
    all
STOP   = stop | quit | cease | cease and desist | cease and desist from | discontinue | refrain from | give up |
    end | desist from | stop with | no more | halt
QUIET  = STOP WRITING [ME_TOO] [with MAIL_THING | about this | at this (address | email)] | STOP sending [out]
    [(me | us) | to (me | us)] [MAIL_THING] [to (ME | my inbox | here)] | STOP sending [me] (MAIL_THING) and
    remove me | STOP [all | any | with] [of] [YOUR] KIND* (MAILS | contact | communication | outreach | emailing
    | harassment | spamming | contact attempts) [(with | to) ME] | STOP all (contact | communication) | stop (it
    with | with) YOUR KIND* MAILS | enough (with | of) YOUR KIND* MAILS | cut it out | knock it off | stop this
    | stop it | stop that | stop the (madness | nonsense | harassment) | (lose | forget | burn | shred | bin)
    (MINE | my (number | phone number | email) [and [my] (email | number | address | email address)] | (me |
    us)) | leave (me | us) [the (hell | fuck)] (alone | be | in peace) | stop (filling | clogging | cluttering)
    [up] my inbox [with (this | MAIL_THING)] | spare me [YOUR KIND* MAILS | the MAILS] | (put | add | place) ME
    (on | to | onto) (your | the | a | any) (do not contact | do not email | dnc | suppression | opt out | no
    contact | block | blocked | unsubscribe | exclusion | do not mail | donotcontact) [list] | (mark | flag |
    tag | list | set) ME as (do not (contact | email) | dnc | unsubscribed | opted out | not interested) | (add
    | put) ME to [your] (suppression | dnc | do not contact) list | suppress (me | us | this address) | block ME
    (from | on) LIST | (consider | count) (me | us) (unsubscribed | opted out | out) | take the hint and STOP
    WRITING [me]
NOT_WRITE = (do not | never | no longer | not) [ever | dare | you dare | bother to | try to | bother] WRITE
    [ME_TOO] [or (call | phone | text | ring | contact | message | WRITE) [ME_TOO]] [AGAIN] [AGAIN] | (do not |
    never) [ever] (call | phone | ring | text) [me | us] or WRITE [ME_TOO] [AGAIN] | (do not | never) [ever]
    send ((me | us) | to (me | us)) MAIL_THING [AGAIN] | (do not | never) [ever] send ([any] more KIND* MAILS |
    any (further | other | more) KIND* MAILS | [YOUR] KIND* MAILS) [to (me | us | this address)] [AGAIN] | (do
    not | never) [ever] send MAIL_THING (to (me | us | this address) [AGAIN] | AGAIN) | (do not | never) [ever]
    send [me | us] (this | these | anything | that) [MAILS] AGAIN | do not send to this address [AGAIN] | (do
    not | never) [ever] (email | contact | write) (this address | here) [AGAIN] | (do not | never | no longer)
    [ever | dare] (bother | approach | pester | harass | disturb | annoy | target | chase | ping | hit up |
    pitch | pitch to | sell to) ME_TOO [AGAIN] [AGAIN]
SURE   = (make sure | ensure | see to it) [that] (i | we) (do not | no longer | never | will not) [ever] (get |
    receive | see | hear) (MAIL_THING | from you) [FROM_YOU] [AGAIN] | refrain from (any | all | further)
    [further] (contact | communication | MAILS) [with ME] | (ensure | make sure | see to it) [that] (ME | MINE |
    i) (is | are | am) [permanently | completely]* GONE [OFF LIST] | (make sure | ensure) (it | this) (stops |
    does not happen again)
ERASE  = (delete | erase | destroy | wipe | remove | purge) [all] [of] [the | any] [(my | our) [personal |
    contact | private] | personal] (data | information | details | records | info) [[that] you (hold | have |
    store | keep | hold on | have on | process) [on | about | concerning | of | for] [me | us]] [held | stored]
    [(on | about | concerning | relating to) (me | us)] [from LIST] [LAW] | (delete | erase | remove)
    (everything | anything | all | whatever) [that] you (have | hold | store | keep | got | have got) [on |
    about] [me | us | file] [LAW] | forget (everything about me | about me | i exist) | (process | honor |
    honour | respect | action) (my | this) (opt out | opt out request | unsubscribe request | request to be
    removed | right to erasure | wish | request)
VERB   = AWAY | OUT | QUIET | NOT_WRITE | SURE | ERASE
demand.remove = [LAW] [COMMA] (PLEASE | WISH)* VERB [LAW] [FROM_YOU] TAIL* [CONFIRM] | [NOW] (PLEASE | WISH)*
    (AWAY | OUT | QUIET | ERASE) NOW TAIL* | NOW (PLEASE | WISH)* (AWAY | OUT | QUIET | ERASE) TAIL*
demand.remove = (PLEASE | WISH)* VERB (and | or | & ) [PLEASE] [to] VERB TAIL*
request.remove = (PLEASE | COMMA)* POLITE VERB [LAW] [FROM_YOU] TAIL*
request.remove = (PLEASE)* (can | could | would | will) you [PLEASE] stop | (PLEASE | COMMA)* POLITE REMOVE_IT
    [from LIST] TAIL*
REMOVE_IT = (remove | delete) (it | this | that) | unsubscribe
request.remove = would you mind [please] (removing | deleting | unsubscribing | taking) ME [off | from | out]
    [of] [LIST] TAIL* | (would you mind | do you mind) not WRITING [ME] [AGAIN] | (can | could | may) (i | we)
    [please] (be | get) (GONE | taken) [OFF LIST] TAIL* | would you mind (stopping | not sending) (with)*
    MAIL_THING
CONFIRM = and [please] (confirm [BY] | let me know [when (done | it is done)] | send (me | us) (a | your)
    confirmation)
BY     = (once | when | that | as soon as) (this | it | that) (is | has been) (done | completed | deleted |
    removed) | deletion | removal | when done | once done | by email | this
GONE   = removed | unsubscribed | taken off | taken | deleted | opted out | excluded | left alone | dropped |
    struck | left out | erased | excluded | off
BE     = to be (GONE | left in peace) [OFF LIST] | (to)* (unsubscribe | opt out) [OFF LIST] | off LIST | out [of
    LIST] | off
demand.leave = [PLEASE]* (i | we) [really | just | now | hereby | would | do | kindly | only] (like | want |
    wish | choose | prefer | need | ask | request | demand | decided | have decided | love) (BE | (my | our)
    (name | email | data | address | information | details | email address) (GONE | removed | deleted | off |
    erased) [OFF LIST]) TAIL* | (i | we) (am | are) [hereby | now | formally] (asking | requesting) (BE | (the)*
    (removal | deletion) (of | from) (MINE | LIST)) TAIL* | (requesting | asking | wishing | want | wanting |
    would like | like) BE TAIL* | please let (me | us) (unsubscribe | opt out | go | out) [OFF LIST] | (i | we)
    [hereby | would rather | rather | now | am | are | will | do] (opt | opting) out [OFF LIST] TAIL* | (opting
    | opt) out (OFF LIST | please | now | here | thanks) TAIL* | (i | we) [hereby | now] (unsubscribe | am
    unsubscribing | are unsubscribing) [OFF LIST] TAIL* | i want (out | off) [of | from] [LIST] TAIL* | (i | we)
    (want | need | would like) (MINE (deleted | removed | gone | erased) | (this | it | these emails) to stop)
    TAIL* | [i | we] would [really | much | greatly] appreciate (being | to be) GONE [OFF LIST] TAIL* | please
    (have | get) (me | us | MINE) GONE [OFF LIST] TAIL* | (i | we) would like off LIST | please (count | leave)
    (me | us) out TAIL* | (i | we) would [really | much | greatly] appreciate (it if you | if you) [(could |
    would) [please]] (removed | took | deleted | unsubscribed | stopped | remove) (ME | WRITING ME) [off] [OFF
    LIST] TAIL* | (i | we) would prefer not to be (on LIST | contacted | emailed) TAIL* | i would rather not
    (get | receive | be sent) (MAIL_THING | more emails) TAIL* | [please] (consider | treat | take) this [email
    | message] [as] [my | a | our | my formal] [formal] (unsubscribe | opt out | removal | formal | erasure |
    deletion) [notice | request | demand] TAIL* | (this is | here is) (my | a | our) [formal] (opt out |
    unsubscribe | removal | erasure | deletion) [request] TAIL* | (i | we) would (be (grateful | obliged | glad
    | thankful) | appreciate it | prefer it) if (i | we) (did not | do not | no longer | could stop) (receive |
    get | receiving | getting | received | got | hear | see) [any] [MAIL_THING] [from (you | your (company |
    team))] [about (this | it)] [AGAIN] TAIL* | [there is] (no need | you need not | you do not need | you do
    not have) to (keep ME on LIST | WRITE [ME] (again | anymore | any more | any further | ever again) | follow
    up again | send [me | us] MAIL_THING (again | anymore)) TAIL* | (i | we) would (rather | prefer) not (be
    (contacted | emailed | messaged | on LIST) | hear from you | to be (contacted | emailed)) [about (this |
    it)] [AGAIN]* TAIL*
NOT_WANT = [(i | we)] [really | just | absolutely | certainly | definitely | simply | do | also] (do not | no
    longer | never | do no longer) [ever | really | even | actually] (want | wish | care | need | like | desire
    | consent | agree | intend)
WANT_NOT = (i | we) (would like | want | wish | prefer | would prefer | would rather | would much rather | ask |
    request) [to | rather] not [to]
demand.no_wish = [PLEASE]* (NOT_WANT to | WANT_NOT | i have no (wish | desire | interest) to | (i | we) have no
    (wish | desire) to) (receive | get | read | see | have | be sent | be receiving | be getting) [MAIL_THING]
    [FROM_YOU] [AGAIN]* TAIL* | (NOT_WANT to | WANT_NOT | (i | we) (have no (wish | desire) to | am not
    interested in | are not interested in) ) [be | being] (contacted | emailed | messaged | solicited | spammed
    | bothered | pitched | approached | on LIST | part of LIST | hear from (you | your company) | hearing from
    (you | your company)) [FROM_YOU] AGAIN* TAIL* | NOT_WANT to hear (from (you | your company | you people |
    you guys) | about (this | it)) AGAIN* TAIL* | NOT_WANT you to WRITE [ME_TOO] AGAIN* TAIL* | NOT_WANT [any]
    [more] MAIL_THING [FROM_YOU] AGAIN* TAIL* | (i | we) do not accept (MAIL_THING | solicitations) TAIL* | (i |
    we) (am | are) not interested in (receiving | getting) MAIL_THING [FROM_YOU] TAIL* | (i | we) (want | wish
    to receive | will accept) no [more | further] KIND* (MAILS | contact) [FROM_YOU] TAIL* | (i | we) do not
    want [your] (MAILS | emails) TAIL* | (NOT_WANT) (a | another | any) (second | third | fourth | fifth | sixth
    | more) [one | email | message] TAIL*
demand.no_more = [PLEASE]* no (more | further | additional) [of] [YOUR] KIND* (MAILS | contact | communication |
    correspondence | this | these | outreach) [to (me | us | this address)] [FROM_YOU] TAIL* | no (more |
    further) (contact | emails | messages) TAIL* | not (another | one more) (email | message | word) [FROM_YOU]
    TAIL* | no (emails | solicitation | solicitations | cold emails | marketing [emails] | sales emails) (please
    | thanks | thank you | anymore) TAIL*
demand.object = [LAW] [COMMA] (i | we) [hereby | also | formally | now | therefore] (object to | withdraw |
    revoke | do not consent to | no longer consent to | deny) [you | your] [the | any | my | our | all] [further
    | previous | prior] (processing [MINE] | use [MINE] | using [MINE] | consent | consent to (be contacted |
    processing | marketing | receive emails | this | any processing | all processing) | direct marketing |
    marketing | receiving marketing) [of (MINE | my personal data | our data)] [FOR] [LAW] TAIL* | [LAW] [COMMA]
    (i | we) [hereby | would like to | wish to | want to | am | now | formally] (request | requesting | demand |
    demanding | exercise | exercising | invoke | invoking | ask for) [the | my | our | immediate | full |
    complete | a]* (erasure | deletion | removal | right to be forgotten | right to erasure | right to object |
    right of erasure | right to deletion) [of (MINE | all my [personal] data | my data | all [personal] data
    [about | on] me | any data you hold [on | about] [me | us])] [FROM | from LIST] [LAW] TAIL* | you (do not |
    no longer) have (my | our) (consent | permission) to (WRITE ME | process my data) [AGAIN] TAIL* (and | so)
    [please] (stop | VERB) | [LAW] [COMMA] (i | we) [hereby | now | formally]* (request | demand | require) [the
    | immediate | full | complete]* (erasure | deletion | removal) of (all | any) (my [personal] (data |
    information) | [personal] (data | information) [that] you (hold | have | store | process | keep) [(on |
    about | concerning) (me | us)] | [personal] data (on | about) (me | us)) TAIL*
FOR    = for (direct marketing | marketing | marketing purposes | advertising | direct marketing purposes | any
    purpose | sales)
FROM   = from LIST
bare.stop = [PLEASE]* (stop | stop stop | stop stop stop | quit it | remove | delete | unsubscribe | unsub | opt
    out | opting out | stop all | cease | optout | unsubscribe all | stopall) [now] TAIL* | [PLEASE]* never
    again TAIL* | (stop | unsubscribe) NOW TAIL*
bare.stop = subject unsubscribe | remove me please | [please] do not (contact | email | contact or email) TAIL*

# --- what may stand around it -------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | there | sir | madam | sir or madam | all | team | guys | folks | mr |
    mrs | ms | dear]*
HELLO  = hi | hello | hey | dear | good morning | good afternoon | good evening | good day | greetings | hiya |
    to whom it may concern | yo | hi there
courtesy = please | thanks | thank you | thx | many thanks | thanks (a lot | so much | a bunch | again | anyway
    | in advance | but no | but no thanks | very much) | thank you (so much | very much | in advance | but no |
    again | anyway) | no | nope | yes | ok | okay | look | listen | hello | hi | sorry | cheers | ta | nah |
    (thanks | thank you) for (reaching out | (the | your) (email | message | offer | note | time | understanding
    | help | cooperation | interest | prompt attention | attention | outreach | follow up | emails |
    persistence) | understanding | contacting (me | us) | writing | getting in touch | thinking of (me | us)) |
    no (thanks | thank you) | not interested thanks | good luck [with (it | everything | your (business | search
    | product | company | sales))] | best of luck | all the best | have a (nice | good | great | lovely) (day |
    one | week | weekend) | much appreciated | appreciated | appreciate it | i appreciate it | (i | we) [do |
    really] appreciate (the | your) (offer | email | message | persistence | time | interest | outreach | note)
    | nothing personal | no (offense | offence | hard feelings) | it is a (no | hard no | pass) [from (me | us)]
    | [i will | we will | i | we] pass | wish you (well | the best) | i wish you (well | the best) | [please]
    confirm [BY] | please confirm [once | when | that] [i have been | i am | my data has been] [GONE] |
    appreciate the (persistence | offer | email) | i hope you understand | i understand | with respect | (that |
    this) is all | last (warning | chance) | final (warning | notice | request) | second request | [this is my]
    (second | third | final | last) (request | warning | notice) | as (above | i said | stated | mentioned |
    requested) | i mean it | period | end of story | full stop | enough | enough is enough | enough already |
    seriously | come on | really | immediately | asap | effective immediately | for real | i said | for good |
    never again | (i am | we are) out | it is urgent | goodbye | bye | bye bye | [i] hope (you are (well | doing
    well) | all is well | this finds you well) | appreciate (the | your) (note | thought | message | outreach |
    email | follow up | interest | time | offer) | (it | this | that)* (sounds | looks) like a (good | great |
    nice | fine | decent | interesting) (product | service | tool | offer | company) | (enjoy | have) (your |
    the) (day | weekend | evening) | that is (kind | very kind) [of you] [to think of us] | mate | nah mate | no
    thank you | wishing you (all the best | well | luck | every success) | good luck [out there] | nice (pitch |
    try | email) | thank you (for (asking | checking | following up)) | thanks for (asking | checking in |
    following up | the follow up | checking) | lol | haha | sorry mate | sorry but no | respectfully | it is not
    you | no worries | i know you are just doing your job | i am sure it is a (good | great) (product | service)
    | with all due respect | for the ORDINAL time | again | one more time | i repeat
JOIN   = and | so | but | then | therefore | plus | also | as | because | since | hence | thus | or | & | and so
    | or else | otherwise | either way | to be clear | in short | once again | again | for the last time | and
    please | so please | thereby | that said | again please | anyway | this is why | i am asking this way | so i
    am asking this way | and i mean it
SUBJ   = i | we | i am | we are | i ve
NOTSO  = not | really not | not at all | never | no longer | absolutely not | not really | definitely not |
    simply not | just not | not even remotely | zero percent
THIS   = this | that | it | these | these emails | your (email | emails | offer | service | services | product |
    products | company | messages | spam | solution | software | tool) | the (offer | service | product | email
    | emails | list | newsletter) | this (service | product | offer | email | list | kind of thing | stuff |
    sort of thing) | any of (this | it | these) | (anything | what) you (offer | sell | are selling | have to
    offer | are offering) | this at all | your kind of (service | product)
VENDOR = vendor | provider | supplier | solution | agency | partner | tool | system | service | contractor |
    software | company | vendors | suppliers | someone | somebody | one
reason = [SUBJ] NOTSO [at all] interested [in THIS] [at all | thanks | thank you | in the slightest | in the
    least | whatsoever] | (i | we) have no interest [in THIS] [whatsoever | at all] | no interest [in THIS |
    here | at all] | uninterested | zero interest | (i | we) (have | got) no (need | use) for THIS | no need
    [for THIS] | (i | we) (do not | no longer | never | will not | wo not | do no longer) (need | want | use |
    buy | require) THIS | (i | we) do not (need | want | require) (any | your) (help | services | service) | not
    (for (us | me) | relevant | of interest | needed | required | a fit | applicable | a good fit | a match) [to
    (me | us) | for (us | me)] | not (my | our) (thing | area | department | field | cup of tea) | THIS (is |
    are) [not] [really | just | clearly | very | so | getting | becoming | getting very | completely | totally]
    (spam | unsolicited | unwanted | harassment | annoying | illegal | old | ridiculous | relevant [to (me | us)
    | for (me | us)] | of interest [to (me | us)] | a waste of time | irrelevant | not wanted | tiresome |
    unacceptable | for (me | us) | out of hand | a nuisance | rude | junk | a pain | unprofessional |
    embarrassing) | (i | we) (am | are) not the (right | correct) (person | contact | company | address) [for
    this | for that | here | anymore] | wrong (person | address | contact | company | email | guy | department |
    inbox) | you (have | have got | got) the wrong (person | address | contact | company | email | guy | inbox)
    | (i | we) am not (your | a) (customer | target | target audience | client) | (i | we) (never | did not |
    have not | have never) [ever | even] (signed up | sign up | subscribe | subscribed | asked | ask | consent |
    consented | agree | agreed | request | requested | opt in | opted in | register | registered | gave you
    (permission | consent) | give you (permission | consent | my (email | address)) | gave you my (email |
    address | data)) [for | to] [THIS | any of this | your (list | newsletter | emails | mailing list) | LIST |
    be on LIST | be contacted | EMAILS_TO_ME | receive MAIL_THING | receive anything] | you (do not | never)
    (have | had | got) (my | our) (consent | permission) [EMAILS_TO_ME] | (this | it) is without (my | our)
    consent | nobody here asked for (this | it) | (i | we) [have] [already | now | repeatedly | previously |
    specifically | clearly] (asked | told | requested | said | written | emailed | replied | said no | told you
    no | asked for this) [you | so | no | this | it | that] [NTIMES]* | [this | that] is [now] [the | my | your]
    ORDINAL (time | email | message | request | reminder) [i am (asking | writing | saying) [this | it | you] |
    i have asked | i ask | that i (ask | am asking) | i am telling you | from you | you have sent [me] | now |
    this (week | month) | i write this | i am writing this] | (i | we) (do not | have no idea | do not even)
    (know | who) [you | who] [who you are | you are] | i do not know (you | who you are | how you got (my | our)
    (email | address | data | details) | where you got (my | our) (email | address | data)) | i have no idea who
    you are | (i | we) (have | had)* [already] (unsubscribed | opted out) [NTIMES]* [OFF LIST] | (i | we) [have]
    [already] (clicked | used | tried | hit | pressed) [on] (the | your) (unsubscribe | opt out) (link | button)
    [NTIMES]* [and (still | nothing (happened | happens)) [get | getting | receive] [these | emails | this]] |
    your (unsubscribe | opt out) (link | button) (does not work | is broken | leads to an error page | does
    nothing | is not working) | (i | we) (already | currently | do)* (have | use | work with | are working with
    | got) [already] [a | an | our | another] [good | great | different | long term | existing | internal | own]
    (VENDOR | NAME) [for (this | that | it)] [already] [in place] | (i | we) (am | are) [all | very | quite |
    perfectly]* (set | good | fine | happy | covered | sorted | ok | satisfied) [already] [as we are] [with
    (what we have | our (current | existing | present)* (VENDOR | setup | one) | NAME)] [for this] | all (set |
    good) [here] | (i | we) (handle | do | run | manage) (this | it | that | all of this | everything) [in house
    | ourselves | internally] | (i | we) get (too many | enough | tons | hundreds | dozens | a lot) [of] (these
    | this | them | emails | spam | such emails) [already | every (day | week)] | (i | we) (keep | am still |
    still) (getting | receiving | get | receive | seeing) (these | this | your (emails | messages | spam) |
    emails | MAIL_THING) [FROM_YOU] | you keep (emailing | writing | spamming | contacting | sending | messaging
    | bothering) [ME] [MAIL_THING] | (i | we) have had enough [of (this | these | YOUR KIND* MAILS)] | (i | we)
    (am | are) (retired | a competitor | no longer in business | closing | sick of (this | these) | tired of
    (this | these | YOUR KIND* MAILS | getting these) | fed up [with (this | these)] | annoyed | not a (prospect
    | customer)) | (i | we) no longer (work (here | there | at NAME) | handle this) | (it | this) is a (shared |
    personal | private) (inbox | address | email | mailbox) | (your | these) emails (are not | are un)* wanted
    [here] | (i | we) would rather not (get | receive | be sent) (these | this | MAIL_THING) | stop wasting (my
    | our | your) time | (it | this) (does not | do not) (interest | concern | apply to) (me | us) | does not
    (concern | interest) (me | us) | i mean it | (i | we) (will | would) never (buy | use) (THIS | from you) |
    not (now and not ever | now or ever | now or in the future) | there is no (interest | need) [here | from our
    side] | i have said no | (i | we) [have | am | are] [just | recently | already | now]* (signed with | chosen
    | gone with | decided on | picked | went with | signed up with | committed to) (another | a different |
    someone | somebody | a new)* [VENDOR | else] [for (NUMBER | two | three | several) (years | months)] | (i |
    we) (am | have) [now | been | just | recently]* retired [since (NAME | NUMBER) | last (month | year)] [and
    no longer (make these decisions | handle this | work | need this)] | (it | this | that | THIS) (is | are)
    not [really] (relevant | of interest | a priority | a fit | something (we | i) (need | use | want)) [(to |
    for) (my | our | me | us | this) [role | business | team | work | company | industry | office]] | not a
    (good | great | right)* (fit | match) [for (us | me)] | all set (on this front | for this | with this |
    thank you) | (i | we) (am | are) all set on this front | (i | we) do not (do | handle | work in | deal with)
    (this | purchasing | procurement | sales | marketing | that) [anymore | any more] | (i | we) (left | have
    left) (the company | NAME) | (i | we) have no (use | need | budget) for (this | it | that | THIS) | (my |
    our) (mind is made up | answer is no | decision is final | answer is final) | the answer is no | still not
    interested | (i | we) (will not | would never) be (buying | interested | needing (this | it)) | i know what
    (this | it) is and i do not want it | this has gone on long enough | (it | this) is not for (me | us) | LAW
    | (there is | i see | you have | your email has) no (unsubscribe | opt out) (link | option | button) [in
    (your | this | these) (email | emails)] | [congratulations | well done] [COMMA] you have [just] (earned |
    won) [yourself | yourselves] a (spot | place | seat) (in | on) (my | our) (spam (filter | folder) | block
    list | blocklist | blocked senders list) | (this | that) is [now] the ORDINAL time i have (told | asked |
    written to | emailed) you [COMMA] | or i (report | block) you [to [the] (ico | ftc | AUTHORITY |
    authorities)] | (you | this) (are | is) (spamming | harassing) (me | us | people) | [i] (got | received |
    saw | read) (your | all) ((first | second | third | fourth | previous | last | other) [and])* (email |
    emails | message | messages | one) | (quick | short | simple) (answer | reply | request) [to your [quick |
    short | simple] question] | yes | it is a no [from (me | us)] | asking [you] (for the last time | again |
    nicely | one more time | one last time) | you have (emailed | written to | contacted | messaged) (me | us)
    [NUMBER | two | three | four | five | six | several | many]* (times | twice | NTIMES) | (i | we) have a
    [strict | clear]* no (cold email | cold emails | cold emailing | solicitation | spam) policy | (i | we) do
    not (respond to | answer | accept) (cold emails | cold email | unsolicited emails)
EMAILS_TO_ME = to (WRITE ME | send (me | us) (MAIL_THING) | use (MINE) | contact me)
NTIMES = twice | once | before | already | NUMBER times | three times | four times | five times | several times
    | many times | multiple times | repeatedly | last (week | month | year | time) | now | again | three times
    now | countless times | a dozen times | nicely | politely
ORDINAL = second | third | fourth | fifth | sixth | seventh | eighth | tenth | last | final | umpteenth | NUMBER
    | hundredth | 3rd | nth
reason = [or | otherwise | next time] (i | we) (will | am going to | are going to | shall | am | are | have |
    will be | will have to) [now | also | just | have to | be | already] (report | reporting | reported | mark |
    marking | marked | flag | block | blocking | blocked | file a complaint | filing a complaint | complain)
    [(you | this | it | your (company | domain | email | emails | address) | you and your company)] [(to | with)
    [the | your] (ico | ftc | authorities | authority | data protection authority | regulator | police | isp |
    provider | gdpr | dpa | spamhaus | AUTHORITY) | as (spam | junk | phishing) | for (spam | spamming |
    harassment)] | (or | otherwise)* (i | we) (will | shall) (take legal action | take action | sue [you] | get
    my lawyer involved | contact (my | our) (lawyer | lawyers | attorney)) | legal action (will follow | may
    follow) | (you | this) (are | is) (violating | a violation of | in breach of | in violation of) [the] (gdpr
    | can spam act | can spam | law | my privacy)
AUTHORITY = bbb | attorney general | spam authority | relevant authorities | data protection officer
question = (how | where) did you [even] (get | find | obtain | come by | acquire) (MINE | me | my contact | my
    email | our email) [from] | (who | how) (gave | give) you (MINE | (permission | consent) to (WRITE ME)) |
    why (do you keep | are you [still] | am i [still] | do i [still] [keep]) (WRITING | getting | receiving |
    get | sending | on) [ME] [MAIL_THING | LIST] | who are you [people | guys] | what is this | seriously | how
    many times do i (have to | need to) (ask | say (this | it) | tell you) | why | ok | what part of no do you
    not understand | are you (deaf | serious | kidding | kidding me) | how did i (get | end up) on LIST | who
    (is | are) this | what part of no do you [people | guys | folks] not understand | which part of no (was |
    is) unclear
signoff = best | [with] best (regards | wishes) | [with] kind regards | regards | kind regards | warm regards |
    thanks | thank you | many thanks | cheers | sincerely | yours sincerely | yours faithfully | yours | thanks
    and regards | all the best | br | rgds | respectfully | cordially | thx | warmly | ta | yours truly | take
    care | with thanks | best from

# --- what may be a demand -----------------------------------------------------------------------------------------
FUZZY  = unsubscribe | unsubscribed | unsubscribing | subscription | remove | removed | removing | delete |
    deleted | emailing | emails | contacting | mailing | spamming | receive | sending
suspect.unsubscribe = UNSUB | unsubscribed | opt ..2 out | opting out | opted out | unsubscribing |
    unsubscription | optout | suppress ..1 ME | suppression list | do not contact list
suspect.remove = (remove | removing | removed | delete | deleting | deleted | erase | erased | exclude | purge |
    purged | scrub | strike | drop | forget | lose | wipe | scratch | cancel | destroy | clear | unlist | cut |
    bin) ..3 (me | us | MINE | LISTS | data | EMAIL | address | contact | from | info) | (taking | getting |
    leaving | pulling | crossing | striking | knocking) ..4 (off | out) | (strike | removal | remove | deletion
    | erase) ..5 (my | our | me | us | this address | LISTS) | off ..4 (list | mailings | sequence | emails |
    email | cadence | outreach | database | rotation) | scrub ..3 from | unlist | (it | this | that | everything
    | all | them | data | mine) ..2 (deleted | removed | erased | gone) | (trash | delete | bin) ..6 (next |
    every | all future) | (remove~ | delet~ | strike | take | erase~) ..3 (him | her | his | their | it | that |
    example) ..4 (list | lists | records | database | system | off) | (lose | forget | delete | burn) ..2
    (number | email) | (my | our) (address | email | data | details | name | contact) ..6 (delete | remove |
    erase) (it | them)
suspect.remove = (take | taken | get | got | leave | pull | keep | kept | cross | strike | struck | knock | sign
    | want | be | count | count) ..4 (off | out) | off ..3 (list | lists | emails | database | mailing) | out of
    ..3 (list | lists | database)
suspect.stop = (stop | quit | cease | discontinue | refrain | desist | halt | enough | end | stopped | lay off |
    knock off | cut) ..4 (WRITING | sending | MAILS | contact | contacting | communication | outreach |
    harassing | harassment | spamming | emailing | writing | emails | bombarding | flooding | filling | it |
    this | that | hitting | blasting | wasting | clogging | these | your | me) | stop ..3 (receiving | getting)
suspect.no_contact = (do not | never | not | no longer | without | rather not | nor | stop | instead of | avoid
    | opposed to) ..5 TOUCH | NEEDLESS ..5 TOUCH | (decline | opt against | refuse) ..4 TOUCH
suspect.no_more = (no more | no further | any more | any further | anymore | not another | zero more) ..3 (MAILS
    | contact | emails | email | messages | texts | of (this | these) | outreach | from you) | no (emails | solicitation
    | solicitations | spam | soliciting | cold) | no more (please | thanks | thank you)
suspect.alone = leave ..2 (alone | in peace | be) | go away | get lost | fuck | fuck you | piss off | bugger off
    | sod off | buzz off | f off | screw you | get stuffed | go to hell | shut up | drop dead | stfu | gtfo
suspect.complaint = (report | reported | reporting | mark | marked | marking | flag | flagged | flagging | block
    | blocked | blocking | blacklist | blacklisted) ..4 (spam | junk | phishing | you | your (domain | email |
    emails | address | company) | authorities | ico | ftc | harassment | sender) | (hear | hearing) from ..2
    (lawyer | lawyers | attorney | solicitor | counsel)
suspect.complaint = (spam | junk) (folder | filter) | block list | blocklist | cease and desist | legal action |
    unsolicited | harassment | spam | spammer | spammers | spamming | lawsuit | sue you
suspect.data = (right to | object to | withdraw | revoke | erasure | deletion | gdpr | ccpa | do not consent |
    no consent | not consent | never consented | never gave | never signed up | not sign up | not subscribe |
    never subscribed | never opted | can spam) | (data | address | email) ..3 (deleted | removed | erased)
suspect.dead = (passed away | deceased | has died | died | no longer with us | is dead | late husband | late
    wife)
suspect.ensure = (see to it | make sure | ensure | please arrange | arrange) ..8 (none | no more | no further |
    stop | stops | end | not | never) | never again | (do not | not) want ..2 (second | third | fourth | fifth |
    sixth | another | any | one more) | (box | tick | checkbox | flag) ..8 do not (contact | email | call) | do
    not (contact | email | mail) ..8 (tick | box | flag | list | mark) | (asked | told | consider this) ..4
    (stop | third request | second request | last request | final request | remove) | close (my | our) file
suspect.bare = stop | cease | enough
ADDRESSED = please | kindly | can you | could you | would you | will you | ca not you | how do i | how can i |
    how do we | may i ask | can i | could i | is there a way | why do you keep | why are you still | would it be
    possible | who do i | where do i | can we be | would you mind | mind (removing | taking) | any chance
release.condition = if (the | this | it | i | we | that | our | there | these | not | he | she | they | you
    (have | need | want | send | offer | are | do | can (not | do | offer | show | prove) | fix)) | unless |
    once (you | we | i | the) | in case | as long as
release.time = until | till | before (we | i | the | next | NAME | NUMBER | march) | for now | this (week |
    month | quarter | year) | next (week | month | quarter | year) | on (weekends | a friday | fridays |
    mondays) | after NUMBER | for (a | the next) (few | week | month | while)
release.reported = (they | he | she | customers | clients | users | recipients | prospects | people |
    subscribers | someone | everyone | everybody | leads | most | boss | ceo | manager) ..2 (say | says | said |
    told | tells | write | writes | wrote | reply | replies | replied | want | ask | asks | asked | hit | click
    | unsubscribe | opt) | almost | nearly | was about to | was going to | we used to | rather than | instead of
    | tempted to
release.elsewhere = (call | phone | ring | whatsapp) (me | us | my | the | NUMBER | on) | (but | and | just |
    please) text (me | us) | instead | by phone | use (my | the | our | EMAIL | NAME) | (talk | speak | write |
    reach out | forward | better) to (NAME NAME | EMAIL | my) | (contact | email | ask | try | use | is) EMAIL |
    start calling | on (linkedin | whatsapp | here | my (mobile | phone | cell)) | contact NAME NAME | replaced
    by
release.other = (remove | removing | delete | deleting | erase | stop | take | cancel | drop | cut | end |
    removal of | strike) [the | that | this | your | our | my | those | all | any | me off the | me off]
    (attachment | attachments | clause | line | item | items | second | first | third | page | slide | logo |
    meeting | call | calls | invite | trial | plan | free | demo | test | duplicate | duplicates | number |
    phone | link | section | user | users | seat | seats | cc | bcc | thread | copy | order | product | old |
    invoice | offer | draft | file | files | button | waitlist | waiting | NUMBER | fee | fees | setup | option
    | row | column | paragraph | quote | feature | by | event | calendar | appointment | presses | annual |
    pilot | contract | cold | presentation | deck | footer | banner | image) | (can not | never | do not | not)
    stop | stop by | unsubscribe (rate | rates | link | page | handling | option | button | flow | users |
    contacts | NUMBER | from (hubspot | mailchimp)) | unsubscribes | opt out (rate | rates | link | page | flow
    | handling | of (the | our | this) (plan | contract | trial)) | opted out of | unsubscribed from NAME
release.opposite = (do not | never | not) (stop | remove | unsubscribe | delete | want to (unsubscribe | be
    removed | opt out) | opt out) | keep them coming | by (mistake | accident | error) | accidentally | just
    kidding | (in | into | from) (my | our | the | your) (spam | junk) [folder | filter] | landed in | found
    (you | your | this | it) in
GRATEFUL = appreciate | appreciated | grateful | thankful | obliged | if you (could | would | can | do not mind)
    | would be (great | nice | kind | good | better | best)
NEEDLESS = no need | need not | not necessary | unnecessary | no point | pointless | do not bother | please do
    not | not need | do not need | no reason
TOUCH  = email~ | contact~ | messag~ | write | writing | wrote | written | text | texting | spam~ | solicit~ |
    reach out | reaching out | bother~ | approach~ | pester~ | harass~ | send | sending | sent | hear from |
    hearing from | receive | receiving | received | ping | pitch~ | disturb~ | follow up | following up | in
    touch | keep me | correspond~ | newsletters | outreach | mailings | on your | on any | on this | get these |
    get this | getting | get any | get more | calls or emails | circle back | nudge~ | chase | chasing | keep
    trying | try again
"""
