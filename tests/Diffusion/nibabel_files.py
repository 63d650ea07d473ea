"""NIfTI files by nibabel, for the round trips of NibabelTests.fs.

write FOLDER  makes files of every type, byte order and version, and theirs.tsv with what is in them
check FOLDER  reads the files that ours.tsv lists and compares them with what it says; prints each difference

Values of a file are listed in a file beside it as little-endian float64, x fastest.
"""

import itertools
import sys
from pathlib import Path

import nibabel
import nibabel.eulerangles
import numpy

TYPES = ["uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]
SHAPES = [(3, 4, 5), (3, 4, 5, 2), (2, 3, 2, 2, 3)]
# Oblique, mirrored, voxels of different sizes; exact in float32 would be asking too little.
AFFINE = numpy.array([[-1.9, 0.3, 0.1, 40.5], [0.285, 1.99, -0.2, -30.25], [0.16, 0.19, 2.49, 7.125], [0, 0, 0, 1]])
ROTATION = nibabel.eulerangles.euler2mat(0.3, -0.2, 0.1)
FORMS = {
    (1, "single"): nibabel.Nifti1Image,
    (1, "pair"): nibabel.Nifti1Pair,
    (2, "single"): nibabel.Nifti2Image,
    (2, "pair"): nibabel.Nifti2Pair,
}


def write(folder):
    random = numpy.random.default_rng(1)
    rows = []
    cases = itertools.product(TYPES, "<>", FORMS.items(), [False, True])
    for number, (kind, order, ((version, form), make), scaled) in enumerate(cases):
        shape = SHAPES[number % len(SHAPES)]
        info = numpy.iinfo(kind) if numpy.dtype(kind).kind in "iu" else None
        low, high = (max(info.min, -(2**52)), min(info.max, 2**52)) if info else (-1000, 1000)
        stored = random.integers(low, high, shape, endpoint=True).astype(kind)
        if info is None:
            stored = (stored / 7).astype(kind)
        slope, intercept = (0.25, -3.0) if scaled else (1.0, 0.0)
        header = make.header_class(endianness=order)
        header.set_data_shape(shape)
        header.set_data_dtype(kind)
        header.set_xyzt_units("mm", "sec")
        # nibabel stores (values - intercept) / slope: given these values, the samples drawn above.
        image = make(stored * slope + intercept if scaled else stored, square(), header, dtype=kind)
        image.header.set_slope_inter(slope, intercept)
        image.set_sform(AFFINE if number % 2 else square(), code=number % 4 + 1)
        image.set_qform(square(), code=(number // 2) % 4 + 1)
        if number % 3 == 0:
            image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"a note"))
        packed = ".gz" if number % 5 == 0 else ""
        name = f"theirs{number:03}" + (".nii" if form == "single" else ".img") + packed
        nibabel.save(image, folder / name)
        back = nibabel.load(folder / name)
        save_values(folder / f"{name}.f64", back.get_fdata(dtype=numpy.float64))
        rows.append(describe(name, back))
    (folder / "theirs.tsv").write_text("\n".join("\t".join(row) for row in rows) + "\n")


def square():
    affine = numpy.eye(4)
    affine[:3, :3] = ROTATION @ numpy.diag([-2.0, 1.5, 2.5])
    affine[:3, 3] = [10, -20, 30.5]
    return affine


def save_values(path, values):
    path.write_bytes(numpy.asarray(values, "<f8").tobytes(order="F"))


def describe(name, image):
    header = image.header
    return [
        name,
        "x".join(str(size) for size in image.shape),
        str(header.get_data_dtype().newbyteorder("=")),
        "big" if header.endianness == ">" else "little",
        "2" if isinstance(image, (nibabel.Nifti2Image, nibabel.Nifti2Pair)) else "1",
        str(int(header["sform_code"])),
        str(int(header["qform_code"])),
        " ".join(repr(float(number)) for number in image.affine[:3].ravel()),
        " ".join(repr(float(number)) for number in header.get_qform()[:3].ravel()),
        str(len(header.extensions)),
    ]


def check(folder):
    bad = 0
    for line in (folder / "ours.tsv").read_text().splitlines():
        wanted = line.split("\t")
        image = nibabel.load(folder / wanted[0])
        found = describe(wanted[0], image)
        for column in (1, 2, 3, 4, 5, 6, 9):
            if found[column] != wanted[column]:
                bad += 1
                print(f"{wanted[0]}: column {column} is {found[column]} to nibabel, {wanted[column]} was written")
        for column in (7, 8):
            mine, theirs = (numpy.array(row[column].split(), float) for row in (wanted, found))
            if numpy.abs(mine - theirs).max() > 1e-4:
                bad += 1
                print(f"{wanted[0]}: affine {theirs} to nibabel, {mine} was written")
        values = numpy.frombuffer((folder / (wanted[0] + ".f64")).read_bytes(), "<f8").reshape(image.shape, order="F")
        read = image.get_fdata(dtype=numpy.float64)
        if not numpy.allclose(values, read, rtol=1e-12, atol=0):
            bad += 1
            print(f"{wanted[0]}: values differ by up to {numpy.abs(values - read).max()}")
    return bad


if __name__ == "__main__":
    command, where = sys.argv[1], Path(sys.argv[2])
    sys.exit(write(where) if command == "write" else min(check(where), 100))
