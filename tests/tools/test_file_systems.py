from __future__ import annotations

import pytest

from scanner.tools.file_systems import MOUNTS, network_file_system

LINES = r"""27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 27 0:40 / /mnt/share rw shared:1 master:2 - nfs4 server:/x rw
31 30 0:41 / /mnt/share/local rw - xfs /dev/sdb rw
32 27 0:42 / /mnt/with\040space rw - cifs //server/x rw
33 27 0:43 / /home/me/sshfs rw - fuse.sshfs me@host: rw
34 27 0:44 / /media/stick rw - fuseblk /dev/sdc rw
35 27 0:45 / /mnt/twice rw - nfs server:/x rw
36 35 8:1 / /mnt/twice rw - ext4 /dev/sdd rw
37 27 0:46 / /mnt/ntfs rw - fuse.ntfs-3g /dev/sde rw
broken line
"""


@pytest.fixture
def mounts(tmp_path):
    path = tmp_path / "mountinfo"
    path.write_text(LINES)
    return str(path)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", ""),
        ("/mnt/share", "nfs4"),
        ("/mnt/share/not/there/yet", "nfs4"),
        ("/mnt/share-not", ""),
        ("/mnt/share/local/x", ""),
        ("/mnt/with space/x", "cifs"),
        ("/home/me/sshfs/x", "fuse.sshfs"),
        ("/media/stick/x", ""),
        ("/mnt/twice/x", ""),
        ("/mnt/ntfs/x", ""),
    ],
)
def test_network_file_systems_are_told(path, kind, mounts):
    assert network_file_system(path, mounts) == kind


def test_links_are_followed(tmp_path, mounts):
    (tmp_path / "link").symlink_to("/mnt/share")
    assert network_file_system(str(tmp_path / "link" / "x"), mounts) == "nfs4"


def test_nothing_is_known_where_the_system_does_not_say(tmp_path):
    assert network_file_system("/mnt/share", str(tmp_path / "gone")) == ""


def test_this_machine_is_asked(tmp_path):
    assert isinstance(network_file_system(str(tmp_path), MOUNTS), str)
