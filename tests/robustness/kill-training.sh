#!/usr/bin/env bash
# Kills a small training with SIGKILL at random moments spread over the whole of it, goes on each time, and compares
# both final checkpoints, byte by byte, and the metrics, apart from seconds, with those of a run that was never stopped.
#     kill-training.sh [KILLS=20] [COMMAND...]      for example: kill-training.sh 20 dotnet iqt.dll
# EPOCHS (default 40) are the epochs of a run, SEED that of the moments.
set -euo pipefail
kills=${1:-20}
shift || true
[ $# -gt 0 ] || set -- iqt
epochs=${EPOCHS:-40}
RANDOM=${SEED:-$$}
folder=$(mktemp -d)
child=
trap '[ -z "$child" ] || kill -9 "$child" 2>/dev/null; rm -rf "$folder"' EXIT
iqt=("$@")

train() { # RUN: begins or goes on
  if [ -f "$1/settings.json" ]; then
    exec "${iqt[@]}" train --resume --data "$folder/prepared" --out "$1"
  else
    exec "${iqt[@]}" train espcn-rn --set Blocks=1 --data "$folder/prepared" --out "$1" --epochs "$epochs" --threads 1 --clip-norm 1 \
      --setting stopPatience="$epochs" # all of them
  fi
}

weights() { (cd "$1/checkpoints" && sha256sum best.safetensors last.safetensors); }

metrics() { sed -E 's/"seconds":[^,}]*//' "$1/metrics.jsonl"; }

lines() { [ -f "$1/metrics.jsonl" ] && wc -l <"$1/metrics.jsonl" || echo 0; }

# The epoch that the last checkpoint ends; it stands in the JSON at the file's beginning.
saved() {
  local file=$1/checkpoints/last.safetensors
  [ -f "$file" ] || { echo none; return; }
  head -c 65536 "$file" | grep -aoE '"epoch":"[0-9]+"' | grep -oE '[0-9]+' | head -1 || true
}

now() { echo $(($(date +%s%N) / 1000000)); }

"${iqt[@]}" simulate --subjects 3 --scale tiny --out "$folder/phantoms" >/dev/null 2>&1
"${iqt[@]}" prepare "$folder/phantoms" --out "$folder/prepared" --patches 24 >/dev/null 2>&1

start=$(now)
(train "$folder/whole") >"$folder/log" 2>&1 &
child=$!
while [ "$(lines "$folder/whole")" = 0 ] && kill -0 "$child" 2>/dev/null; do sleep 0.02; done
first=$(($(now) - start))
wait "$child" || { cat "$folder/log"; exit 1; }
child=
whole=$(($(now) - start))
[ "$(lines "$folder/whole")" = "$epochs" ] || { echo "the run stopped before its last epoch"; exit 1; }
epoch=$(((whole - first) / (epochs - 1)))
expected=$(weights "$folder/whole")
echo "never stopped: $epochs epochs in $whole ms, the first after $first ms, then one every $epoch ms"

# The moment of a kill, in epochs: one in each of as many equal parts of the run, at random, every fourth at the end of an
# epoch, where its files are written. Epochs are counted in the metrics, not on the clock: what else the machine does
# then moves no kill to the start of a process.
begun=$((first - epoch))
moment() { # KILL (0 for the first) RANDOM (15 bits)
  awk -v k="$1" -v r="$2" -v n="$kills" -v e="$epochs" 'BEGIN {
    at = (k + r / 32768) * e / n
    if (k % 4 == 3) at = at < 1 ? 1 : int(at)
    printf "%d %.3f\n", int(at), at - int(at) }'
}

live() { # PID RUN EPOCHS PART: until so many epochs and that part of the next are done
  local seconds
  seconds=$(awk -v p="$4" -v t="$epoch" 'BEGIN { print p * t / 1000 }')
  if [ "$(lines "$2")" -ge "$3" ]; then
    # No epoch is to end: its part of one begins when the process has started and read its data.
    seconds=$(awk -v s="$seconds" -v t="$begun" 'BEGIN { print s + t / 1000 }')
  else
    while [ "$(lines "$2")" -lt "$3" ] && kill -0 "$1" 2>/dev/null; do sleep 0.005; done
  fi
  [ "$4" = 0.000 ] || sleep "$seconds"
}

killed=0 finished=0 early=0 inside=0 ending=0 progress=0
while [ "$killed" -lt "$kills" ]; do
  run=$folder/run$finished
  while :; do
    before=$(lines "$run")
    (train "$run") >"$folder/log" 2>&1 &
    child=$!
    if [ "$killed" -lt "$kills" ]; then
      random=$RANDOM # of this shell: a subshell has numbers of its own
      read -r target part < <(moment "$killed" "$random")
      live "$child" "$run" "$target" "$part"
    fi
    if [ "$killed" -lt "$kills" ] && kill -9 "$child" 2>/dev/null; then
      wait "$child" 2>/dev/null || true
      killed=$((killed + 1))
      after=$(lines "$run") checkpoint=$(saved "$run")
      [ "$after" -le "$before" ] || progress=$((progress + 1))
      if [ "$after" = 0 ]; then
        early=$((early + 1)) where="before an epoch had ended"
      elif [ "$after" != "$checkpoint" ] || [ -n "$(find "$run" -name '*.tmp' -print -quit)" ]; then
        ending=$((ending + 1)) where="while an epoch's files were written (checkpoint of epoch $checkpoint)"
      else
        inside=$((inside + 1)) where="inside an epoch"
      fi
      echo "kill $killed: run $finished, $before to $after of $epochs epochs finished, $where"
    else
      wait "$child" || { cat "$folder/log"; exit 1; }
      break
    fi
  done
  child=
  if [ "$(weights "$run")" != "$expected" ]; then
    echo "run $finished: the weights differ from those of the run that was never stopped"
    exit 1
  fi
  if [ "$(metrics "$run")" != "$(metrics "$folder/whole")" ]; then
    echo "run $finished: the metrics differ from those of the run that was never stopped"
    diff <(metrics "$run") <(metrics "$folder/whole") | head
    exit 1
  fi
  finished=$((finished + 1))
done
echo "$killed kills: $inside inside a later epoch, $ending while an epoch's files were written, $early before the first had ended;" \
  "$progress of the killed processes had finished an epoch or more"
echo "$finished runs: both checkpoints equal byte by byte, metrics equal apart from seconds"
echo "$expected"
