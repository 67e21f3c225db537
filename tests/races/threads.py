"""Many people at once: threads that begin together, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def at_once(*everybody: Callable[[], T]) -> list[T | Exception]:
    """Run all at the same moment; gives for each its result, or the exception it ended with."""
    together = Barrier(len(everybody))

    def one(do: Callable[[], T]) -> T | Exception:
        try:
            connections["default"].ensure_connection()
            together.wait(timeout=30)
            return do()
        except Exception as error:  # noqa: BLE001 - the caller asserts which
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(everybody)) as pool:
        return list(pool.map(one, everybody))


def winners(results: list[T | Exception]) -> list[T]:
    """The results of those that were not refused."""
    return [result for result in results if not isinstance(result, Exception)]


def refusals(results: list[T | Exception]) -> list[type[Exception]]:
    """What the others were refused with."""
    return [type(result) for result in results if isinstance(result, Exception)]
