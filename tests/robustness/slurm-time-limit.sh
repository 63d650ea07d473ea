#!/usr/bin/env bash
# A training longer than Slurm's time limit of one minute: the task is killed, submitted again and goes on until it is
# done; its weights and all results are those of the same study on the local engine.
#     slurm-time-limit.sh IQT.DLL
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dll=$(realpath "$1")
folder=$(mktemp -d)
chmod 755 "$folder" # munged, a user of its own, has files below it
trap '"$here/one-node-slurm.sh" stop "$folder/slurm" || true; rm -rf "$folder"' EXIT

cat >"$folder/long.fsx" <<FSX
#I "$(dirname "$dll")"
#r "TorchSharp.dll"
#r "Argu.dll"
#r "Iqt.Reversible.dll"
#r "Iqt.Diffusion.dll"
#r "Iqt.Training.dll"
#r "Iqt.Experiments.dll"
open Iqt.Diffusion.Phantom
open Iqt.Experiments
open Iqt.Experiments.Studies

let long () =
    study "long" {
        title "Longer than the limit"
        phantoms 4 PhantomScale.Tiny 1UL
        patches 60
        testSubjects 1
        subjects 3
        network "espcn-rn2" "espcn-rn" [ ("Blocks", 2) ]
        setting "epochs" ${EPOCHS:-40}
    }

exit (Script.run [ ("standard", long) ] fsi.CommandLineArgs)
FSX

SLURM_CONF=$("$here/one-node-slurm.sh" start "$folder/slurm") || { echo "skipped: $SLURM_CONF"; exit 0; }
export SLURM_CONF
iqt() { dotnet "$dll" "$@"; }
iqt experiment run "$folder/long.fsx" --out "$folder/cluster" --engine slurm --poll-seconds 2 --attempts 12 --slurm-options "--time=1"
grep -h "DUE TO TIME LIMIT" "$folder"/cluster/logs/*.log || { echo "no task ran into the limit: raise EPOCHS"; exit 1; }
iqt experiment run "$folder/long.fsx" --out "$folder/local" --workers 1
run=units/train-espcn-rn2-3-seed0/run/checkpoints
for name in best last; do
  cmp "$folder/cluster/$run/$name.safetensors" "$folder/local/$run/$name.safetensors"
done
for result in "$folder"/local/units/*/result.json; do
  cmp "$folder/cluster/${result#"$folder/local/"}" "$result"
done
echo "killed by the time limit, resumed: weights and results equal byte by byte"
