"""One replica at one moment, saved by real tools: each gives what ``crawl`` gives, or a problem."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.savers.kept import SAVERS, Kept, Saver, keep
from tests.savers.moment import HOST
from tests.savers.truth import facts_of
from tests.world import program

pytestmark = [pytest.mark.slow, pytest.mark.peer]
_PATHS = {"problems"}  # a problem of a file that was rejected names its path

_URLS = "SELECT DISTINCT url FROM captures"
_OTHERS = {"site.warc.gz", "site.warc.zst", "site.wacz", "site.tar.gz"}
_BOX_ALONE = "'The harbour in winter'"  # what a side box calls what is a VIDEO on its own page


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return keep(tmp_path_factory.mktemp("kept"))


def here(saver: Saver) -> Saver:
    if saver.lacks:
        pytest.skip(saver.lacks)
    return saver


def of_savers(is_meant: Callable[[Saver], bool]) -> pytest.MarkDecorator:
    meant = [saver for saver in SAVERS if is_meant(saver)]
    return pytest.mark.parametrize("saver", meant, ids=lambda saver: saver.name)


each_saver = of_savers(lambda saver: True)


@each_saver
def test_what_is_saved_is_what_crawl_gives_or_a_problem(kept: Kept, db: Path, saver: Saver) -> None:
    folder = kept.before.folder(here(saver))
    outcome = program.ingest(db, folder)
    found, truth = facts_of(db), kept.before.truth
    assert found.false_beside(truth) == [], outcome.err
    if saver.tells == "all":
        assert found.lacking_of(truth) == [], outcome.err
    elif saver.tells == "part":
        assert program.count(db, "problems") >= len(kept.before.site.paths)
    else:
        files = sum(path.is_file() for path in folder.rglob("*"))
        assert not any(found.rows.values())
        assert program.count(db, "problems") == files
        assert outcome.exit_code == (0 if saver.is_read else 3)


@each_saver
def test_each_page_says_who_told_its_url_and_its_instant(
    kept: Kept, db: Path, saver: Saver
) -> None:
    program.ingest(db, kept.before.folder(here(saver)))
    told = program.query(db, "SELECT DISTINCT url_from, instant_from FROM captures")
    assert told == ([(saver.url_from, saver.instant_from)] if saver.is_read else [])


@of_savers(lambda saver: saver.tells == "all" and saver.url_from is not None)
def test_each_page_is_known_by_its_own_address(kept: Kept, db: Path, saver: Saver) -> None:
    program.ingest(db, kept.before.folder(here(saver)))
    urls = {str(url).removesuffix(".html") for (url,) in program.query(db, _URLS)}
    assert {f"https://{HOST}{path}" for path in kept.before.site.paths} <= urls


@each_saver
def test_a_dry_run_promises_what_is_done(kept: Kept, db: Path, saver: Saver) -> None:
    folder = kept.before.folder(here(saver))
    promised = program.run("ingest", str(folder), "--db", str(db), "--dry-run")
    assert not db.exists()
    told = re.findall(r"(\d+) (new|rejected)", promised.err.rpartition("there are: ")[2])
    done = re.search(
        r"captures: (\d+) stored, 0 known, (\d+) rejected", program.ingest(db, folder).err
    )
    assert done is not None
    counts = {word: int(count) for count, word in told}
    assert counts.get("new", 0) == int(done[1])
    assert int(done[2]) - counts.get("rejected", 0) == saver.waiting


@of_savers(lambda saver: saver.numbers)
def test_a_manifest_makes_nothing_of_it_false(
    kept: Kept, tmp_path: Path, db: Path, saver: Saver
) -> None:
    saved = kept.before.folder(here(saver))
    pages = {path.stem: path for path in saved.glob("page-*.*") if path.is_file()}
    folder = shutil.copytree(saved, tmp_path / "saved")
    lines = [
        f"{pages[f'page-{number}'].name}\thttps://{HOST}{path}\t{kept.before.site.timestamp}\n"
        for number, path in enumerate(kept.before.site.paths)
    ]
    (folder / "manifest.tsv").write_text("".join(["file\turl\tcaptured_at\n", *lines]))
    assert program.ingest(db, folder).exit_code == 0
    found, truth = facts_of(db), kept.before.truth
    assert found.false_beside(truth) == []
    assert saver.tells != "all" or found.lacking_of(truth) == []
    assert len(program.query(db, _URLS)) == len(kept.before.site.paths)


@each_saver
def test_the_one_edit_between_two_moments_is_found(kept: Kept, db: Path, saver: Saver) -> None:
    folders = [moment.folder(here(saver)) for moment in (kept.after, kept.before)]
    for folder in folders:
        program.ingest(db, folder)
    found, truth = facts_of(db), kept.after.truth
    assert found.false_beside(truth) == []
    assert saver.tells != "all" or found.lacking_of(truth) == []


def single_pages(kept: Kept) -> list[Path]:
    """The files of both moments that hold one page each."""
    folders = [folder for moment in (kept.before, kept.after) for folder in moment.folders.values()]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if path.parent.name != "hts-cache" and path.name not in _OTHERS]


@pytest.mark.parametrize("seed", range(12))
def test_no_handful_of_files_tells_anything_false(kept: Kept, db: Path, seed: int) -> None:
    """Each from another saver, in any order: what is told is true, though it is not all."""
    chosen = Random(seed).sample(single_pages(kept), 4 + 7 * seed)
    for begin in range(0, len(chosen), 20):
        program.ingest(db, *chosen[begin : begin + 20])
    found, truth = facts_of(db), kept.after.truth
    told = [row for row in found.false_beside(truth) if not row.startswith("discovered: ")]
    assert [row for row in told if _BOX_ALONE not in row] == []
    subjects = program.count(db, "statements") + program.count(db, "counters")
    assert len(found.rows["discovered"]) == subjects


def everything(kept: Kept, *moments: str) -> list[Path]:
    """The crawl's captures of the first moment, and what each saver saved at the *moments*."""
    named = [getattr(kept, moment) for moment in moments]
    return [kept.crawl, *(folder for moment in named for folder in moment.folders.values())]


@pytest.fixture(scope="module")
def mixed(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Everything of both moments, in one database a seed; and at once."""
    folders = everything(kept, "before", "after")
    root = tmp_path_factory.mktemp("mixed")
    found = {}
    for seed in range(3):
        found[f"seed {seed}"] = root / str(seed) / "embassy.db"
        order = Random(seed).sample(folders, len(folders))
        step = 4 + 5 * seed
        for begin in range(0, len(order), step):
            program.ingest(found[f"seed {seed}"], *order[begin : begin + step])
    found["at once"] = root / "once" / "embassy.db"
    program.ingest(found["at once"], *folders)
    return found


def test_mixed_files_of_one_moment_tell_no_change(kept: Kept, db: Path) -> None:
    program.ingest(db, *everything(kept, "before"))
    found, truth = facts_of(db), kept.before.truth
    assert found.false_beside(truth) == found.lacking_of(truth) == []
    assert len(program.report_rows(db)) == len(truth.rows["discovered"])


def test_mixed_files_of_two_moments_tell_the_one_edit_once(
    kept: Kept, mixed: dict[str, Path]
) -> None:
    for name, db in mixed.items():
        found, truth = facts_of(db), kept.after.truth
        assert found.false_beside(truth) == found.lacking_of(truth) == [], name
        rows = program.report_rows(db)
        assert len(rows) == len(truth.rows["discovered"]) + len(truth.rows["changes"]), name


def test_no_order_of_the_files_makes_another_history(mixed: dict[str, Path]) -> None:
    first, *others = mixed.values()
    names = [name for name in program.TABLES if name not in _PATHS]
    for other in others:
        assert program.table_differences(first, other, names) == []


def test_the_raw_captures_of_all_savers_make_the_same_history(mixed: dict[str, Path]) -> None:
    db = mixed["at once"]
    assert program.run("verify", "--db", str(db)).exit_code == 0
    again = db.with_name("again.db")
    made = program.run("rebuild", "--from", str(db.parent / "captures"), "--db", str(again))
    assert made.exit_code == 0, made.err
    names = [name for name in program.TABLES if name not in _PATHS]
    assert program.table_differences(db, again, names) == []
