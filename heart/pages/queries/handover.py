"""The list at the end of a shift: every open call, who answers for it, and who could."""

from dataclasses import dataclass

from dispatch.models import CallOwner
from heart.accounts.models import User
from heart.pages.queries.board import BoardCall, board_calls
from heart.roles import GRANTS, Permission, Role


@dataclass(frozen=True, slots=True)
class OwnedCall:
    """An open call with its owner, if somebody was named."""

    row: BoardCall
    owner: User | None
    is_mine: bool

    @property
    def is_chosen(self) -> bool:
        """Whether it is one that the person who leaves has to hand over."""
        return self.is_mine or self.owner is None


def owned_calls(user: User) -> list[OwnedCall]:
    """Every open call in the order of the board, in a constant number of queries.

    A call without a named owner is its call-taker's.
    """
    owners = {
        each.call_id: each.owner
        for each in CallOwner.objects.exclude(call__status="closed").select_related("owner")
    }
    return [
        OwnedCall(row, owner, owner == user)
        for row in board_calls()
        for owner in [owners.get(row.call.pk, row.call.taken_by)]
    ]


def possible_owners() -> list[User]:
    """Everybody whose role may close calls, by name."""
    roles = [role for role in Role if Permission.CLOSE_CALL in GRANTS[role]]
    return list(
        User.objects.filter(is_active=True, role__in=roles).order_by("first_name", "last_name")
    )
