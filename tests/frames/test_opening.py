"""What a film is said to be, and each way in which it is none."""

from __future__ import annotations

import os
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from scanner.frames.failures import FilmError
from scanner.frames.opening import decodes, open_moving
from scanner.model.moving import Coding, FilmObstacle, MovingPicture, StartTimecode, Transfer
from tests.frames.films import Film, made, made_sound

NTSC = Fraction(30_000, 1001)


def described(path: Path, format_name: str) -> MovingPicture:
    with open_moving(str(path), format_name) as film:
        return film.description


def obstacle_of(path: Path, format_name: str) -> FilmObstacle:
    with pytest.raises(FilmError) as caught, open_moving(str(path), format_name):
        pass
    assert caught.value.why.isprintable()
    return caught.value.obstacle


def test_without_pyav_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    path = tmp_path / "film.avi"
    path.write_bytes(b"RIFF")

    with (
        pytest.raises(FilmError, match=r"pip install media-provenance-scanner\[video\]") as caught,
        open_moving(str(path), "avi"),
    ):
        pass
    assert caught.value.obstacle is FilmObstacle.NO_LIBRARY


@pytest.mark.parametrize("format_name", ["r3d", "wav", "jpeg", "hls", "concat", "unknown"])
def test_a_format_not_named_is_never_opened(tmp_path: Path, format_name: str) -> None:
    assert not decodes(format_name)
    assert obstacle_of(tmp_path / "absent", format_name) is FilmObstacle.NOT_DECODED


class TestWithPyAV:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        pytest.importorskip("av", reason="films need the extra `video`")

    def test_a_movie(self, tmp_path: Path) -> None:
        film = Film(gop=50, b_frames=2, sample_aspect=Fraction(4, 3), stream_metadata={"timecode": "01:00:00:00"})
        said = described(made(tmp_path / "film.mov", film), "mov")

        assert (said.container, said.codec, said.profile, said.coding) == ("mov", "h264", "High", Coding.LONG_GOP)
        assert (said.width, said.height, said.sample_aspect) == (160, 90, Fraction(4, 3))
        assert (said.rate, said.variable_rate, said.duration, said.start) == (25, False, 4, 0)
        assert said.timecode == StartTimecode("01:00:00:00", Fraction(25), drop_frame=False)
        assert (said.video_streams, said.audio_streams, said.data_streams) == (1, 0, 1)
        assert (said.transfer, said.interlaced) == (Transfer.SDR, False)

    @pytest.mark.parametrize(("written", "drop"), [("00:59:59;28", True), ("00:59:59:28", False)])
    def test_drop_frame_is_what_the_file_says(self, tmp_path: Path, written: str, drop: bool) -> None:
        film = Film(rate=NTSC, frames=10, stream_metadata={"timecode": written})
        said = described(made(tmp_path / "film.mov", film), "mov")

        assert said.timecode == StartTimecode(written, NTSC, drop_frame=drop)

    def test_no_timecode_is_none(self, tmp_path: Path) -> None:
        assert described(made(tmp_path / "film.mov", Film(frames=10)), "mov").timecode is None

    def test_mxf_has_its_timecode_in_the_package(self, tmp_path: Path) -> None:
        film = Film("mpeg2video", "mxf", frames=30, rate=NTSC, container_metadata={"timecode": "10:00:00;00"})
        said = described(made(tmp_path / "film.mxf", film), "mxf")

        assert said.timecode == StartTimecode("10:00:00;00", NTSC, drop_frame=True)

    @pytest.mark.parametrize(
        ("codec", "pixel_format", "options"),
        [
            ("prores_ks", "yuv422p10le", {}),
            ("mjpeg", "yuvj420p", {}),
            ("libx264", "yuv420p", {"x264-params": "keyint=1"}),
        ],
    )
    def test_whole_pictures_are_told(self, tmp_path: Path, codec: str, pixel_format: str, options: dict[str, str]) -> None:
        film = Film(codec, pixel_format=pixel_format, options=options, frames=30)

        assert described(made(tmp_path / "film.mov", film), "mov").coding is Coding.INTRA

    def test_key_frames_in_a_matroska_index_do_not_make_it_whole_pictures(self, tmp_path: Path) -> None:
        path = made(tmp_path / "film.mkv", Film(gop=10, frames=60))

        assert described(path, "mkv").coding is Coding.LONG_GOP

    @pytest.mark.parametrize(("transfer", "expected"), [(16, Transfer.PQ), (18, Transfer.HLG), (1, Transfer.SDR)])
    def test_transfer_is_told(self, tmp_path: Path, transfer: int, expected: Transfer) -> None:
        film = Film("libx264", pixel_format="yuv420p10le", frames=5, colours={"color_trc": transfer, "color_primaries": 9})

        assert described(made(tmp_path / "film.mov", film), "mov").transfer is expected

    def test_a_camera_curve_is_told(self, tmp_path: Path) -> None:
        metadata = {"com.apple.proapps.customGamma": "com.panasonic.v-log"}
        options = {"movflags": "use_metadata_tags"}
        film = Film(frames=5, container_metadata=metadata, container_options=options)

        assert described(made(tmp_path / "film.mov", film), "mov").transfer is Transfer.LOG

    def test_a_catalogue_is_no_log(self, tmp_path: Path) -> None:
        film = Film(frames=5, container_metadata={"comment": "gamma of the blog, catalog c3"})

        assert described(made(tmp_path / "film.mov", film), "mov").transfer is Transfer.SDR

    def test_a_variable_rate_is_told(self, tmp_path: Path) -> None:
        times = [number * 2 if number < 20 else 40 + (number - 20) * 5 for number in range(40)]
        film = Film(frames=40, rate=Fraction(60), times=times)

        assert described(made(tmp_path / "film.mov", film), "mov").variable_rate

    def test_interlace_is_told(self, tmp_path: Path) -> None:
        film = Film("mpeg2video", "mxf", frames=20, options={"flags": "+ildct+ilme", "top": "1"}, colours={"field_order": 2})

        assert described(made(tmp_path / "film.mxf", film), "mxf").interlaced

    def test_sound_only(self, tmp_path: Path) -> None:
        assert obstacle_of(made_sound(tmp_path / "song.mov"), "mov") is FilmObstacle.NO_VIDEO

    @pytest.mark.parametrize("format_name", ["mov", "mkv", "mxf", "avi", "mpeg-ts", "mpeg-ps", "mpeg-video", "flv", "asf", "ogv"])
    def test_garbage(self, tmp_path: Path, format_name: str) -> None:
        path = tmp_path / "garbage"
        path.write_bytes(bytes(range(256)) * 500)

        assert obstacle_of(path, format_name) in (FilmObstacle.BROKEN, FilmObstacle.NO_VIDEO, FilmObstacle.CODEC_UNKNOWN)

    def test_a_movie_without_its_end_has_no_index(self, tmp_path: Path) -> None:
        path = made(tmp_path / "film.mov", Film())
        path.write_bytes(path.read_bytes()[:3000])

        assert obstacle_of(path, "mov") is FilmObstacle.TRUNCATED

    def test_an_unknown_codec(self, tmp_path: Path) -> None:
        path = made(tmp_path / "film.mov", Film(frames=10))
        path.write_bytes(path.read_bytes().replace(b"avc1", b"zzz9").replace(b"avcC", b"zzzC"))

        assert obstacle_of(path, "mov") is FilmObstacle.CODEC_UNKNOWN

    def test_an_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "film.mov"
        path.write_bytes(b"")

        assert obstacle_of(path, "mov") is FilmObstacle.BROKEN

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "film.mov")

        assert obstacle_of(tmp_path / "film.mov", "mov") is FilmObstacle.BROKEN

    def test_another_file_is_out_of_reach(self, tmp_path: Path) -> None:
        """A playlist called a movie is no movie; nor is a movie's demuxer chosen by its content."""
        inner = made(tmp_path / "inner.ts", Film("mpeg2video", "mpegts", frames=10))
        path = tmp_path / "list.m3u8"
        path.write_text(f"#EXTM3U\n#EXTINF:1,\n{inner}\n#EXT-X-ENDLIST\n")

        for format_name in ("mov", "mkv", "mpeg-ts", "avi"):
            assert obstacle_of(path, format_name) in (FilmObstacle.BROKEN, FilmObstacle.NO_VIDEO)

    def test_names_that_look_like_addresses_are_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = made(tmp_path / "film.mov", Film(frames=10))
        path.rename(tmp_path / "concat:a|b.mov")
        monkeypatch.chdir(tmp_path)

        assert described(Path("concat:a|b.mov"), "mov").codec == "h264"
