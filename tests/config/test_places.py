"""The socket has room for its address wherever the project lies."""

import socket
from pathlib import Path

import pytest

from dugnad.config.embedded.places import private_folder, socket_folder


def test_the_socket_lies_in_the_home_folder(tmp_path: Path) -> None:
    assert socket_folder(Path("/srv/dugnad/.dugnad")) == Path("/srv/dugnad/.dugnad/socket")


@pytest.mark.parametrize("name", ["d" * 150, "æ" * 60])
def test_a_long_path_gets_a_short_folder_where_a_socket_can_be_made(name: str, tmp_path: Path) -> None:
    folder = socket_folder(tmp_path / name)
    assert folder == socket_folder(tmp_path / name)
    assert folder != socket_folder(tmp_path / f"{name}x")
    private_folder(folder)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(folder / ".s.PGSQL.5432"))
    finally:
        (folder / ".s.PGSQL.5432").unlink()
        folder.rmdir()


def test_a_folder_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "socket").mkdir(mode=0o755)
    assert private_folder(tmp_path / "socket").stat().st_mode & 0o777 == 0o700


def test_a_folder_planted_as_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(PermissionError, match="belongs to someone else"):
        private_folder(tmp_path / "link")
