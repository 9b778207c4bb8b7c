"""The authorisation table: every route, the methods it answers, and who may ask. Reviewed as a table.

`public` anyone · `account` whoever is signed in · `officer` whoever acts in a post · `simulated` anyone, on a 模拟 ledger
only · `signature` anyone: the signature inside is the authority · role names: officers in one of these roles · `closed` nobody.
There is no e-mail and no open sign-up, so allauth's pages for both are closed.
What an officer then sees is cut by `domains.scope`, what they may do is decided by `judge`.
"""

TABLE = """
healthz                                         GET       public
health                                          GET       public
metrics                                         GET       public
i18n/setlang/                                   POST      public

accounts/login/                                 GET,POST  public
accounts/logout/                                GET,POST  account
accounts/inactive/                              GET       public
accounts/reauthenticate/                        GET,POST  account
accounts/password/change/                       GET,POST  account
accounts/2fa/                                   GET       account
accounts/2fa/authenticate/                      GET,POST  public
accounts/2fa/reauthenticate/                    GET,POST  account
accounts/2fa/totp/activate/                     GET,POST  account
accounts/2fa/totp/deactivate/                   GET,POST  account
accounts/2fa/recovery-codes/                    GET       account
accounts/2fa/recovery-codes/generate/           GET,POST  account
accounts/2fa/recovery-codes/download/           GET       account
accounts/2fa/webauthn/                          GET       account
accounts/2fa/webauthn/add/                      GET,POST  account
accounts/2fa/webauthn/reauthenticate/           GET,POST  account
accounts/2fa/webauthn/keys/<int:pk>/remove/     GET,POST  account
accounts/2fa/webauthn/keys/<int:pk>/edit/       GET,POST  account
accounts/2fa/webauthn/login/                    GET,POST  public

accounts/sessions/                              GET,POST  account

accounts/signup/                                -         closed
accounts/email/                                 -         closed
accounts/confirm-email/                         -         closed
accounts/password/set/                          -         closed
accounts/password/reset/                        -         closed
accounts/login/code/confirm/                    -         closed
accounts/^confirm-email/(?P<key>[-:\\w]+)/$     -         closed
accounts/password/reset/key/done/               -         closed
accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$  -  closed
accounts/password/reset/done/                   -         closed

api/                                            GET       public
api/openapi.json                                GET       public
api/docs                                        GET       public
api/acts                                        GET,POST  signature
api/acts/<str:act>                              GET,POST  signature
api/acts/<str:act>/check                        POST      signature
api/acts/<str:act>/schema                       GET       public
api/nouns                                       GET       public
api/head                                        GET       public
api/entries                                     GET       public
api/entries/<str:ref>                           GET       public
api/<str:noun>                                  GET       public
api/<str:noun>/<path:id>                        GET       public

/                                               GET       public
search                                          GET       public
pairs                                           GET       public
pairs/map/<slug:scheme>                         GET       public
pairs/counties                                  GET       public
pairs/key-counties                              GET       public
^pairs/province/(?P<code>\\d{6})$              GET       public
figures                                         GET       public
figures/aid                                     GET       public
figures/findings                                GET       public
money                                           GET       public
projects                                        GET       public
open-data                                       GET       public
open-data/<slug:name>                           GET       public
open-data/<slug:name>.<slug:form>               GET       public
notices                                         GET       public
notice/<id:id>                                  GET       public
notice/<id:id>/raise                            GET,POST  public
complaint                                       GET,POST  public
complaint/status                                GET,POST  public
inbox                                           GET       officer
inbox/<slug:number>                             GET,POST  officer
inbox/<slug:number>/file/<int:at>               GET       officer

ledger/vkey                                     GET       public
ledger/checkpoint                               GET       public
ledger/final                                    GET       public
ledger/cosignatures                             POST      signature
ledger/cosigned/<int:size>                      GET       public
ledger/objections                               POST      signature
ledger/snapshot                                 GET       public
ledger/snapshot/<path:rest>                     GET       public
ledger/tile/<path:rest>                         GET       public
ledger/proof/<slug:ref>.json                    GET       public
ledger/proof/<slug:ref>                         GET       public
ledger/entry/<slug:ref>                         GET       public
ledger/consistency                              GET       public
ledger/trust.json                               GET       public
ledger/log                                      GET       public
p/                                              GET       public
p/<slug:code>                                   GET       public
proof/<slug:ref>                                GET       public
explorer                                        GET       public
explorer/verify                                 GET       public
explorer/<slug:ref>                             GET       public

funds                                           GET       public
funds/ledger                                    GET       officer
funds/lineage/<id:id>                           GET       public
export/<noun:noun>.<slug:form>                  GET       public
imports                                         GET,POST  data_desk,county_office
imports/template                                GET       data_desk,county_office
imports/opening                                 GET,POST  county_office
imports/opening/template                        GET       county_office
imports/opening/<slug:batch>                    GET,POST  county_office
imports/opening/<slug:batch>/sign               GET,POST  county_office
imports/<slug:batch>                            GET,POST  data_desk,county_office
imports/<slug:batch>/annotated                  GET       data_desk,county_office
imports/<slug:batch>/sign                       GET       data_desk,county_office
imports/<slug:batch>/remove                     POST      data_desk,county_office

preferences/text                                POST      public
styleguide                                      GET       public
demo                                            GET,POST  simulated
demo/key                                        GET       simulated
demo/confirm                                    POST      simulated
demo/forward                                    POST      simulated
enrol/<id:id>                                   GET,POST  public
enrol/<id:id>/letter                            GET       admin
enrol/<id:id>/offer                             POST      public
posts                                           GET,POST  account

workbench                                       GET       account
workbench/bell                                  GET       account
declare                                         GET,POST  village,township,owner
declare/change/<id:project>                     GET       village,township,owner
declare/<slug:draft>                            GET       village,township,owner
declare/<slug:draft>/check                      GET       village,township,owner
declare/<slug:draft>/done                       GET       village,township,owner
declare/<slug:draft>/remove                     POST      village,township,owner
declare/<slug:draft>/<slug:section>             GET,POST  village,township,owner
review                                          GET       officer
review/batch/<slug:draft>                       GET,POST  officer
review/batch/<slug:draft>/sign                  GET       officer
review/batch/<slug:draft>/result                GET       officer
review/<id:code>                                GET       officer
review/<id:code>/decide                         POST      officer
review/<id:code>/<id:id>                        GET       officer
project/new/declare                             GET       village,township,owner
project/<id:project>/amend                      GET       village,township,owner
project/<id:project>/resubmit                   GET       village,township,owner

documents/scan                                  GET,POST  officer
documents/<slug:kind>/<id:id>                   GET       public
documents/<slug:kind>/<id:id>/pdf               GET       public
documents/<slug:kind>/<id:id>/docx              GET       public
documents/<slug:kind>/<id:id>/picture           GET       public
files/                                          GET       account
files/uploads                                   POST      account
files/uploads/<upload_id:upload>                GET,PUT,DELETE  account
files/uploads/<upload_id:upload>/finish         POST      account
files/<file_hash:digest>                        GET       public
files/<file_hash:digest>/open                   GET       public
files/<file_hash:digest>/download               GET       public

choose/<noun:noun>/<verb:verb>/<str:path>       GET       officer
receipt/<id:act_id>                             GET       account
account                                         GET       account
key/<id:id>/rotate                              GET,POST  officer
project/<id:id>                                 GET       public
<noun:noun>                                     GET       public
<noun:noun>/<id:id>                             GET       public
<noun:noun>/<id:id>/<verb:verb>                 GET,POST  officer
"""

NOUNS = """
open    agreement allocation asset award contract epoch funding_line ledger lot notice objection organisation pairing
open    parameter_change project release ruleset setting state_root transfer validator_change validators
open    witness_policy witness_steps
staff   invitation key person post
audit   finding hold hold_target
region  appraisal budget change claim contract_change correction fiscal_year frozen_month intake line_move
region  month_adjustment opening payment payment_split refund settlement
"""
"""Who sees an object: `open` everybody · `staff` administrators and auditors of the region, and oneself ·
`audit` audit, discipline, finance, offices, leaders and the owner, of the region · `region` officers of the region,
measured on their own side of the pair. The authz drill holds the pages and the API to this."""

STAFF = "admin registrar rulemaker rulekeeper node auditor audit_head discipline"
AUDIT = """auditor audit_head east_auditor discipline county_finance county_office county_leaders province_office
east_office owner county_treasury"""
