"""Loads an exported network into the authors' own PyTorch model and compares their outputs.

    python3 authors.py MODELS.PY COMMAND...

MODELS.PY is the file of that name from the authors' repository (it is not part of this project). Needs PyTorch.
Trains a tiny network with COMMAND (for example: dotnet iqt.dll), exports it, loads it strictly, predicts one patch with
both, and imports the authors' state back.
"""
import contextlib
import gzip
import importlib.util
import io
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch


def load_file(path):
    """safetensors without its package: a length, a JSON header, the numbers."""
    data = Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    types = {"F32": np.float32, "F64": np.float64, "I64": np.int64}
    tensors = {}
    for name, entry in header.items():
        first, last = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = torch.from_numpy(np.frombuffer(data[first:last], types[entry["dtype"]]).reshape(entry["shape"]).copy())
    return tensors, metadata


def save_file(tensors, path):
    names = {torch.float32: "F32", torch.int64: "I64"}
    header, body = {}, b""
    for name, tensor in tensors.items():
        numbers = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(numbers)]}
        body += numbers
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + body)


def save_nifti(volumes, path):
    """[volumes, z, y, x] in float32 on a 2 mm grid, NIfTI-1."""
    count, z, y, x = volumes.shape
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 4 if count > 1 else 3, x, y, z, count, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 16, 32)
    struct.pack_into("<8f", header, 76, 1, 2, 2, 2, 1, 1, 1, 1)
    struct.pack_into("<3f", header, 108, 352, 1, 0)
    struct.pack_into("<2h", header, 252, 0, 2)
    struct.pack_into("<12f", header, 280, -2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0)
    header[123] = 2
    header[344:348] = b"n+1\0"
    Path(path).write_bytes(bytes(header) + volumes.tobytes())


def load_nifti(path):
    """[volumes, z, y, x] of a float32 NIfTI-1 file."""
    data = gzip.decompress(Path(path).read_bytes())
    _, x, y, z, count, *_ = struct.unpack_from("<8h", data, 40)
    offset = int(struct.unpack_from("<f", data, 108)[0])
    return np.frombuffer(data, np.float32, x * y * z * count, offset).reshape(count, z, y, x)


def main():
    specification = importlib.util.spec_from_file_location("models", sys.argv[1])
    models = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(models)
    command = sys.argv[2:] or ["iqt"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def iqt(*arguments):
            return subprocess.run([*command, *map(str, arguments)], check=True, capture_output=True, text=True).stdout

        iqt("simulate", "--subjects", 3, "--scale", "tiny", "--out", folder / "phantoms")
        iqt("prepare", folder / "phantoms", "--out", folder / "prepared", "--patches", 24)
        iqt("train", "espcn-rn", "--set", "Blocks=2", "--data", folder / "prepared", "--out", folder / "run", "--epochs", 2)
        iqt("export", folder / "run", "--out", folder / "authors.safetensors")
        state, metadata = load_file(folder / "authors.safetensors")
        network = models.ESPCN_RN(2, memory_efficient=False)
        network.load_state_dict(state)
        network.eval()

        # A brain of 7³ voxels is the middle of one training tile: the tile is it with a margin of 2 zeros, and the tile's
        # output is its whole high-resolution image.
        normalization = json.loads(metadata["iqt.normalization"])
        tensors = (1e-3 * (1 + 0.1 * np.random.default_rng(1).standard_normal((6, 7, 7, 7)))).astype(np.float32)
        numbers = {key: torch.tensor(value).reshape(1, -1, 1, 1, 1) for key, value in normalization.items() if key != "scope"}
        tile = torch.nn.functional.pad(torch.from_numpy(tensors)[None], (2,) * 6)
        with torch.no_grad(), contextlib.redirect_stdout(io.StringIO()):
            output = network((tile - numbers["inputMeans"]) / numbers["inputDeviations"])
        shuffled = output.reshape(1, 6, 2, 2, 2, 7, 7, 7).permute(0, 1, 5, 2, 6, 3, 7, 4).reshape(1, 6, 14, 14, 14)
        theirs = (shuffled * numbers["targetDeviations"] + numbers["targetMeans"])[0].numpy()

        save_nifti(tensors, folder / "tensors.nii")
        save_nifti(np.ones((1, 7, 7, 7), np.float32), folder / "mask.nii")
        save_file(network.state_dict(), folder / "back.safetensors")
        iqt("import", folder / "back.safetensors", "--out", folder / "imported.safetensors", "--like", folder / "run")
        for model in (folder / "run", folder / "imported.safetensors"):
            files = json.loads(iqt("predict", model, folder / "tensors.nii", "--tensors", "--mask", folder / "mask.nii",
                                   "--out", folder / ("out-" + model.name), "--json"))["files"]
            difference = np.abs(load_nifti(files[0]) - theirs).max()
            largest = np.abs(theirs).max()
            print(f"{model.name}: largest difference from the authors' model {difference:.1e} mm²/s, largest value {largest:.1e}")
            # float32 through 40 convolutions; a wrong name changes the values themselves.
            if not difference < 1e-4 * largest:
                sys.exit("the outputs differ")


main()
