"""The state machine of a case: which act leads from where to where. Its diagram is generated from this table."""

from django.db import models


class Status(models.TextChoices):
    """Where a case stands. The values are stored and shown by `case.status.<value>` in the texts."""

    RECEIVED = "received"  # in, not yet looked at by the rules
    WAITING_REGISTER = "waiting_register"  # a register was away: goes on by itself
    REVIEW = "review"  # a control point stopped automation: a person must act
    WAITING_APPLICANT = "waiting_applicant"  # the resident was asked for something
    APPROVAL = "approval"  # proposed; a second pair of eyes must approve
    DECIDED = "decided"
    FORWARDED = "forwarded"  # an appeal upheld here goes to the appeal body
    WITHDRAWN = "withdrawn"


class Act(models.TextChoices):
    """What may be done with a case."""

    DECIDE = "decide"  # the rules, alone
    POSTPONE = "postpone"  # a register is away
    STOP = "stop"  # at a control point
    ASK = "ask"
    ANSWER = "answer"
    PROPOSE = "propose"
    APPROVE = "approve"
    RETURN = "return"
    FORWARD = "forward"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[Status, Act], Status] = {
    (Status.RECEIVED, Act.DECIDE): Status.DECIDED,
    (Status.RECEIVED, Act.POSTPONE): Status.WAITING_REGISTER,
    (Status.RECEIVED, Act.STOP): Status.REVIEW,
    (Status.WAITING_REGISTER, Act.DECIDE): Status.DECIDED,
    (Status.WAITING_REGISTER, Act.STOP): Status.REVIEW,
    (Status.REVIEW, Act.ASK): Status.WAITING_APPLICANT,
    (Status.WAITING_APPLICANT, Act.ANSWER): Status.REVIEW,
    (Status.WAITING_APPLICANT, Act.PROPOSE): Status.APPROVAL,
    (Status.APPROVAL, Act.ANSWER): Status.REVIEW,  # what came late must be looked at before anyone approves
    (Status.REVIEW, Act.PROPOSE): Status.APPROVAL,
    (Status.APPROVAL, Act.APPROVE): Status.DECIDED,
    (Status.APPROVAL, Act.RETURN): Status.REVIEW,
    (Status.REVIEW, Act.FORWARD): Status.FORWARDED,
    **{
        (status, Act.WITHDRAW): Status.WITHDRAWN
        for status in (
            Status.RECEIVED,
            Status.WAITING_REGISTER,
            Status.REVIEW,
            Status.WAITING_APPLICANT,
            Status.APPROVAL,
        )
    },
}
ON_DESK = frozenset({Status.WAITING_REGISTER, Status.REVIEW, Status.WAITING_APPLICANT, Status.APPROVAL})
CLOSED = frozenset({Status.DECIDED, Status.FORWARDED, Status.WITHDRAWN})


class NotAllowedNowError(Exception):
    """The act does not fit where the case stands; `status` and `act` say which."""

    def __init__(self, status: str, act: str) -> None:
        super().__init__(f"a case that is {status} cannot be subject to {act}")
        self.status = status
        self.act = act


def after(status: str, act: Act) -> Status:
    """Return where `act` leads from `status`. Raises NotAllowedNowError."""
    try:
        return TRANSITIONS[(Status(status), act)]
    except KeyError:
        raise NotAllowedNowError(status, act) from None


def diagram() -> str:
    """Return the state machine as a Mermaid diagram (docs/reference/case-states.md is generated from it)."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.RECEIVED}"]
    lines += [f"    {start} --> {end}: {act}" for (start, act), end in TRANSITIONS.items()]
    lines += [f"    {status} --> [*]" for status in sorted(CLOSED)]
    return "\n".join(lines) + "\n"
