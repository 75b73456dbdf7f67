"""The user's own tables, and fresh releases: `geoties.add`, `geoties.remove`, `geoties.update`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from geoties.asked import PathLike
from geoties.graph.snapshots import data_directory
from geoties.knowledge import KnowledgeGraph

if TYPE_CHECKING:
    from geoties.graph.adding import Addition
    from geoties.graph.updating import Update


def add(
    path: PathLike,
    store: PathLike | None = None,
    *,
    source: str = "",
    title: str = "",
    licence: str = "",
    mapping: PathLike | None = None,
    kind: str = "",
    dry_run: bool = False,
    keep_good: bool = False,
    replace: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Addition:
    """Add a table of the user's own to the graph of a data directory.

    The result has the account of every row, and the graph that has the table: `snapshot`, None
    if it was not added. Raises `UserError` where the file cannot be read.
    """
    from geoties.graph.adding import add_table
    from geoties.graph.measures.derived import yearly_vote_agreement
    from geoties.loaders.user_tables import Given

    given = Given(Path(path), Path(mapping) if mapping else None, source, title, licence, kind)
    return add_table(
        data_directory(store),
        given,
        dry_run=dry_run,
        keep_good=keep_good,
        replace=replace,
        say=say,
        derive=yearly_vote_agreement,
    )


def remove(
    source: str, store: PathLike | None = None, *, say: Callable[[str], None] = lambda _: None
) -> KnowledgeGraph:
    """Take a table of the user's own, or their own release of a source, out of the graph."""
    from geoties.graph.adding import is_own_table, remove_table
    from geoties.graph.measures.derived import yearly_vote_agreement
    from geoties.graph.updating import forget, own_release

    directory, derive = data_directory(store), yearly_vote_agreement
    loader = "" if is_own_table(directory, source) else own_release(directory, source)
    if loader:
        return KnowledgeGraph(forget(directory, loader, say=say, derive=derive))
    return KnowledgeGraph(remove_table(directory, source, say=say, derive=derive))


def update(
    source: str,
    store: PathLike | None = None,
    *,
    address: str = "",
    cache: PathLike | None = None,
    pause: float = 1.0,
    say: Callable[[str], None] = lambda _: None,
) -> Update:
    """Download the newest release of a source and put it into the graph of a data directory.

    The only thing that uses the network. `address` is another than the
    publisher's; `cache` where downloads are kept; `pause` the seconds between two requests.
    """
    from geoties.graph.measures.derived import yearly_vote_agreement
    from geoties.graph.updating import update as make
    from geoties.loaders.downloads_cache import cache_directory
    from geoties.loaders.downloads_client import Client

    client = Client(cache_directory(cache), pause=pause, say=say)
    return make(
        data_directory(store),
        source,
        client,
        address=address,
        say=say,
        derive=yearly_vote_agreement,
    )
