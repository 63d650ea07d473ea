#!/usr/bin/env bash
# Kills a small training with SIGKILL at random moments, goes on each time, and compares the final weights, byte by
# byte, with those of a run that was never stopped.
#     kill-training.sh [KILLS=20] [COMMAND...]      for example: kill-training.sh 20 dotnet iqt.dll
set -euo pipefail
kills=${1:-20}
shift || true
[ $# -gt 0 ] || set -- iqt
folder=$(mktemp -d)
child=
trap '[ -z "$child" ] || kill -9 "$child" 2>/dev/null; rm -rf "$folder"' EXIT
iqt=("$@")

train() { # RUN: begins or goes on
  if [ -f "$1/settings.json" ]; then
    exec "${iqt[@]}" train --resume --data "$folder/prepared" --out "$1"
  else
    exec "${iqt[@]}" train espcn-rn --set Blocks=1 --data "$folder/prepared" --out "$1" --epochs 8 --threads 1 --clip-norm 1
  fi
}

weights() { (cd "$1/checkpoints" && sha256sum best.safetensors last.safetensors); }

"${iqt[@]}" simulate --subjects 3 --scale tiny --out "$folder/phantoms" >/dev/null 2>&1
"${iqt[@]}" prepare "$folder/phantoms" --out "$folder/prepared" --patches 24 >/dev/null 2>&1
start=$(date +%s%N)
(train "$folder/whole") >/dev/null 2>&1
milliseconds=$((($(date +%s%N) - start) / 1000000))
expected=$(weights "$folder/whole")
echo "never stopped: $milliseconds ms"

killed=0 finished=0
while [ "$killed" -lt "$kills" ]; do
  run=$folder/run$finished
  while :; do
    (train "$run") >"$folder/log" 2>&1 &
    child=$!
    # RANDOM has 15 bits; sleeps from 0 to 9/10 of the whole time.
    sleep "$(awk -v r=$RANDOM -v t=$milliseconds 'BEGIN { printf "%.3f", 0.9 * t / 1000 * r / 32768 }')"
    if [ "$killed" -lt "$kills" ] && kill -9 "$child" 2>/dev/null; then
      wait "$child" 2>/dev/null || true
      killed=$((killed + 1))
      epochs=$([ -f "$run/metrics.jsonl" ] && wc -l <"$run/metrics.jsonl" || echo 0)
      echo "kill $killed: in run $finished, after $epochs finished epochs"
    else
      wait "$child" || { cat "$folder/log"; exit 1; }
      break
    fi
  done
  child=
  finished=$((finished + 1))
  if [ "$(weights "$run")" != "$expected" ]; then
    echo "run $((finished - 1)): the weights differ from those of the run that was never stopped"
    exit 1
  fi
done
echo "$killed kills, $finished runs: final weights equal byte by byte"
