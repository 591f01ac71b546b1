"""Who may do what: one line for every address and method, one letter for every role.

+  let in: the page, or what was asked for is done
!  let in, but what was asked for is refused on the page (nothing to do there, not now, a wrong form); nothing is changed
L  sent to the login
3  403: this role may not (also: a resident at the desk, staff at a resident's pages: log in as the other)
4  404: what it asks for is not in this role's sight, and the answer does not tell that it exists
B  400: a call of the eID provider that does not come from it
5  405: nobody may use this method here

The objects in the addresses (a draft, a case, a letter …) are the owner's, and the case is Stord's.
"""

ROLES = (
    "nobody",  # has not logged in
    "owner",  # the resident whose matters the objects are
    "child",  # the same person while acting for her own child: sees the child's matters, not her own
    "other",  # another resident
    "worker",  # case worker in Stord, for every service
    "approver",  # in Stord
    "administrator",  # in Stord
    "auditor",  # in Stord
    "elsewhere",  # case worker in Bergen
    "chief elsewhere",  # administrator in Bergen
    "other service",  # case worker in Stord, for another service only
    "no role",  # at work in Stord, without any role there
)

TABLE = """
# address                    method  no ow ch ot | wo ap ad au | el ce os nr
public-front                 GET     +  +  +  +    +  +  +  +    +  +  +  +
public-services              GET     +  +  +  +    +  +  +  +    +  +  +  +
public-service               GET     +  +  +  +    +  +  +  +    +  +  +  +
public-login                 GET     +  +  +  +    +  +  +  +    +  +  +  +
public-login                 POST    +  +  +  +    +  +  +  +    +  +  +  +
public-callback              GET     B  B  B  B    B  B  B  B    B  B  B  B
public-workplaces            GET     L  3  3  3    3  3  3  3    3  3  3  3
public-workplaces            POST    L  3  3  3    3  3  3  3    3  3  3  3
public-logout                POST    +  +  +  +    +  +  +  +    +  +  +  +
public-frontchannel          GET     B  B  B  B    B  B  B  B    B  B  B  B
public-backchannel           POST    B  B  B  B    B  B  B  B    B  B  B  B
public-goodbye               GET     +  +  +  +    +  +  +  +    +  +  +  +
public-devices               GET     L  +  +  +    3  3  3  3    3  3  3  3
public-represent             GET     L  +  +  +    3  3  3  3    3  3  3  3
public-represent             POST    L  +  +  3    3  3  3  3    3  3  3  3
public-stop-acting           POST    L  +  +  +    3  3  3  3    3  3  3  3
public-privacy               GET     +  +  +  +    +  +  +  +    +  +  +  +
public-accessibility         GET     +  +  +  +    +  +  +  +    +  +  +  +
public-contact               GET     +  +  +  +    +  +  +  +    +  +  +  +
public-outbox                GET     +  +  +  +    +  +  +  +    +  +  +  +
public-health                GET     +  +  +  +    +  +  +  +    +  +  +  +
public-robots                GET     +  +  +  +    +  +  +  +    +  +  +  +
public-favicon               GET     +  +  +  +    +  +  +  +    +  +  +  +
set-language                 POST    +  +  +  +    +  +  +  +    +  +  +  +
set-color-scheme             POST    +  +  +  +    +  +  +  +    +  +  +  +
idporten-simulator           GET     B  B  B  B    B  B  B  B    B  B  B  B
idporten-simulator           POST    B  B  B  B    B  B  B  B    B  B  B  B

# One's own matters. Everybody has their own Min side; the objects are the owner's alone.
# address                    method  no ow ch ot | wo ap ad au | el ce os nr
resident-home                GET     L  +  +  +    3  3  3  3    3  3  3  3
resident-cases               GET     L  +  +  +    3  3  3  3    3  3  3  3
resident-contact             GET     L  +  +  +    3  3  3  3    3  3  3  3
resident-looks               GET     L  +  +  +    3  3  3  3    3  3  3  3
resident-mailbox             GET     L  +  +  +    3  3  3  3    3  3  3  3
resident-letter              GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-letter-pdf          GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-letter-archive      POST    L  +  4  4    3  3  3  3    3  3  3  3
resident-start               GET     L  +  +  +    3  3  3  3    3  3  3  3
resident-start               POST    L  +  +  +    3  3  3  3    3  3  3  3
resident-draft               GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-page                GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-page                POST    L  +  4  4    3  3  3  3    3  3  3  3
resident-summary             GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-send                POST    L  !  4  4    3  3  3  3    3  3  3  3
resident-discard             GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-discard             POST    L  +  4  4    3  3  3  3    3  3  3  3
resident-attachment          GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-case                GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-case-letters        GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-withdraw            GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-withdraw            POST    L  +  4  4    3  3  3  3    3  3  3  3
resident-appeal              GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-appeal              POST    L  +  4  4    3  3  3  3    3  3  3  3
resident-answer              GET     L  +  4  4    3  3  3  3    3  3  3  3
resident-answer              POST    L  +  4  4    3  3  3  3    3  3  3  3

# The desk: case workers and approvers see their organisation's cases of the services they hold a role for.
# address                    method  no ow ch ot | wo ap ad au | el ce os nr
desk-list                    GET     L  3  3  3    +  +  3  3    +  3  +  3
desk-search                  POST    L  3  3  3    +  +  3  3    +  3  +  3
desk-take                    POST    L  3  3  3    +  3  3  3    4  3  4  3
desk-case                    GET     L  3  3  3    +  +  3  3    4  3  4  3
desk-assign                  POST    L  3  3  3    +  3  3  3    4  3  4  3
desk-note                    POST    L  3  3  3    +  +  3  3    4  3  4  3
desk-ask                     POST    L  3  3  3    !  3  3  3    4  3  4  3
desk-draft                   POST    L  3  3  3    +  3  3  3    4  3  4  3
desk-propose                 POST    L  3  3  3    !  3  3  3    4  3  4  3
desk-approve                 POST    L  3  3  3    3  !  3  3    3  3  3  3
desk-send-back               POST    L  3  3  3    3  !  3  3    3  3  3  3
desk-forward                 POST    L  3  3  3    !  3  3  3    4  3  4  3
desk-preview                 POST    L  3  3  3    +  +  3  3    4  3  4  3
desk-attachment              GET     L  3  3  3    +  +  3  3    4  3  4  3
desk-letter                  GET     L  3  3  3    +  +  3  3    4  3  4  3

# The console: administrators change, auditors look.
# address                    method  no ow ch ot | wo ap ad au | el ce os nr
console-home                 GET     L  3  3  3    3  3  +  +    3  +  3  3
console-jobs                 GET     L  3  3  3    3  3  +  +    3  +  3  3
console-retry-job            POST    L  3  3  3    3  3  +  3    3  4  3  3
console-retry-letter         POST    L  3  3  3    3  3  +  3    3  4  3  3
console-services             GET     L  3  3  3    3  3  +  +    3  +  3  3
console-service              GET     L  3  3  3    3  3  +  +    3  +  3  3
console-rules                GET     L  3  3  3    3  3  +  +    3  +  3  3
console-tailoring            GET     L  3  3  3    3  3  +  +    3  +  3  3
console-confirm-rate         GET     L  3  3  3    3  3  +  3    3  +  3  3
console-confirm-rate         POST    L  3  3  3    3  3  +  3    3  !  3  3
console-set-place            GET     L  3  3  3    3  3  +  3    3  +  3  3
console-set-place            POST    L  3  3  3    3  3  +  3    3  !  3  3
console-restore-tailoring    GET     L  3  3  3    3  3  +  3    3  4  3  3
console-restore-tailoring    POST    L  3  3  3    3  3  +  3    3  4  3  3
console-states               GET     L  3  3  3    3  3  +  +    3  +  3  3
console-roles                GET     L  3  3  3    3  3  +  +    3  +  3  3
console-give-role            POST    L  3  3  3    3  3  +  3    3  !  3  3
console-take-role            GET     L  3  3  3    3  3  +  3    3  4  3  3
console-take-role            POST    L  3  3  3    3  3  +  3    3  4  3  3
console-log                  GET     L  3  3  3    3  3  3  +    3  3  3  3
console-styleguide           GET     L  3  3  3    3  3  +  +    3  +  3  3
"""

# Forms whose token another site cannot have: all but these. The switches check where the form came from instead.
WITHOUT_TOKEN = {"public-backchannel", "set-language", "set-color-scheme", "idporten-simulator"}


def expected() -> dict[tuple[str, str], dict[str, str]]:
    """(address, method) → role → letter."""
    rows = {}
    for line in TABLE.splitlines():
        if line and not line.startswith("#"):
            name, method, *letters = line.split()
            rows[name, method] = dict(zip(ROLES, letters, strict=True))
    return rows
