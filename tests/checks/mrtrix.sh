#!/usr/bin/env bash
# Holds `iqt fit` against MRtrix's dwi2tensor and a plain float64 solve (numpy), and `iqt downsample` against mrgrid, on
# the series named. No part of the test suite: MRtrix is not asked of anyone who builds Iqt.
#
#   tests/checks/mrtrix.sh SERIES.nii.gz [B]        SERIES.bval and SERIES.bvec beside it; B: the shell, 1000 unless named
#
# Needs the built command (dotnet build -c Release) and Debian's mrtrix3 and python3-nibabel.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
series="${1:?name a series}" shell="${2:-1000}"
stem="${series%.nii.gz}"
python=/usr/bin/python3

if ! command -v dwi2tensor > /dev/null || ! "$python" -c "import nibabel" 2> /dev/null; then
  echo "skipped: dwi2tensor or nibabel is not to be had (Debian: apt-get install mrtrix3 python3-nibabel)"
  exit 0
fi

dwi2tensor --version | head -1
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
iqt() { dotnet "$root/cli/Iqt/bin/Release/net10.0/iqt.dll" "$@" > /dev/null 2>&1; }

iqt fit "$series" --shell "$shell" --method ols --order mrtrix --out "$work/ols"
mask="$work/ols_mask.nii.gz"
iqt fit "$series" --shell "$shell" --mask "$mask" --reweight 1 --order mrtrix --out "$work/wls1"
iqt fit "$series" --shell "$shell" --mask "$mask" --reweight 2 --order mrtrix --out "$work/wls2"
for iterations in 0 2; do
  dwi2tensor -quiet "$series" -fslgrad "$stem.bvec" "$stem.bval" -mask "$mask" -ols -iter "$iterations" "$work/mrtrix$iterations.nii"
done

iqt downsample "$series" --factor 2 --out "$work/half.nii.gz"
mrgrid -quiet "$series" regrid -scale 0.5 -interp linear -oversample 2 "$work/mrtrix-half.nii"
"$python" "$root/tests/checks/mrtrix_compare.py" "$stem" "$work"
