"""Compares what mrtrix.sh made; exits with 1 where Iqt is more than 1e-9 mm²/s from the float64 solve."""

import sys

import nibabel
import numpy

stem, work = sys.argv[1:3]
image = nibabel.load(stem + ".nii.gz")
mask = nibabel.load(f"{work}/ols_mask.nii.gz").get_fdata() > 0
b = numpy.loadtxt(stem + ".bval")
g = numpy.nan_to_num(numpy.loadtxt(stem + ".bvec"))
g = g if g.shape[0] == 3 else g.T
length = numpy.linalg.norm(g, axis=0)
g = g / numpy.where(length == 0, 1, length)

# Iqt reads signals as float32; voxels at its floor for signals (1e-4 of the largest) follow another rule than MRtrix's.
signals = numpy.asarray(image.dataobj, float)[mask].astype(numpy.float32).astype(float)
clean = signals.min(axis=1) > 1e-4 * signals.max(axis=1)
logs = numpy.log(signals[clean])
x, y, z = g
columns = [numpy.ones(len(b)), -b * x * x, -2 * b * x * y, -2 * b * x * z, -b * y * y, -2 * b * y * z, -b * z * z]
design = numpy.stack(columns, axis=1) * [1, *[1e-3] * 6]
solutions = [numpy.linalg.lstsq(design, logs.T, rcond=None)[0].T]
for _ in range(2):
    weights = numpy.exp(2 * solutions[-1][:, 1:] @ design[:, 1:].T)
    normal = numpy.einsum("vm,mi,mj->vij", weights, design, design)
    right = numpy.einsum("vm,mi,vm->vi", weights, design, logs)
    solutions.append(numpy.linalg.solve(normal, right[..., None])[..., 0])

axes = image.affine[:3, :3] / numpy.linalg.norm(image.affine[:3, :3], axis=0)
left, _, right = numpy.linalg.svd(axes)
frame = left @ right @ numpy.diag([-1 if numpy.linalg.det(axes) > 0 else 1, 1, 1])


def in_scanner(solution):
    xx, xy, xz, yy, yz, zz = 1e-3 * solution[:, 1:].T
    tensors = numpy.moveaxis(numpy.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]), 2, 0)
    turned = frame @ tensors @ frame.T
    return numpy.stack([turned[:, i, j] for i, j in [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)]], axis=1)


print(f"{clean.sum()} of {clean.size} voxels without a signal at the floor; largest difference in mm²/s")
worst = 0
for name, reweightings, theirs in [("ols", 0, "mrtrix0"), ("wls1", 1, None), ("wls2", 2, "mrtrix2")]:
    ours = nibabel.load(f"{work}/{name}_model-tensor_param-diffusivity_dwimap.nii.gz").get_fdata()[mask][clean]
    solve = in_scanner(solutions[reweightings])
    worst = max(worst, numpy.abs(ours - solve).max())
    line = f"{name}: iqt and float64 {numpy.abs(ours - solve).max():.1e}"
    if theirs:
        mrtrix = nibabel.load(f"{work}/{theirs}.nii").get_fdata()[mask][clean]
        line += f", iqt and dwi2tensor {numpy.abs(ours - mrtrix).max():.1e} (median {numpy.median(numpy.abs(ours - mrtrix).max(axis=1)):.1e}), dwi2tensor and float64 {numpy.abs(mrtrix - solve).max():.1e}"
    print(line)

half, mrgrid = nibabel.load(f"{work}/half.nii.gz"), nibabel.load(f"{work}/mrtrix-half.nii")
shape = [min(sizes) for sizes in zip(half.shape, mrgrid.shape)]
region = tuple(slice(size) for size in shape)
ours, theirs = half.get_fdata()[region], mrgrid.get_fdata()[region]
print(f"downsampled: {half.shape} and mrgrid {mrgrid.shape}; relative to the largest value they differ by {numpy.abs(ours - theirs).max() / theirs.max():.1e}, affines by {numpy.abs(half.affine - mrgrid.affine).max():.1e} mm")
sys.exit(int(worst > 1e-9))
