#!/usr/bin/env bash
# A Slurm of one node on this machine, for tests; needs root and Debian's slurm-wlm and munge.
#     one-node-slurm.sh start DIR     prints the path for SLURM_CONF, or a line that says why not (exit code 3)
#     one-node-slurm.sh stop DIR
set -euo pipefail
action=$1 dir=$2

missing() { echo "$1"; exit 3; }

start() {
  [ "$(id -u)" = 0 ] || missing "Slurm can't be started: this is not root"
  for program in slurmctld slurmd sbatch squeue munged; do
    command -v $program >/dev/null || missing "Slurm can't be started: $program is not installed (Debian: slurm-wlm munge)"
  done
  mkdir -p "$dir"/{state,spool,log}
  local port=$((20000 + RANDOM % 20000))
  cat >"$dir/slurm.conf" <<CONF
ClusterName=iqt
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CryptoType=crypto/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
KillWait=2
MinJobAge=10
NodeName=localhost NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(($(awk '/MemTotal/ { print $2 }' /proc/meminfo) / 1024 - 500))
PartitionName=main Nodes=localhost Default=YES State=UP
CONF
  # A key and a socket of its own: a munge of the system stays untouched.
  head -c 1024 /dev/urandom >"$dir/munge.key"
  chmod 600 "$dir/munge.key"
  chown -R munge:munge "$dir/munge.key"
  chmod 755 "$dir"
  install -d -o munge -g munge -m 755 "$dir/munge"
  su munge -s /bin/bash -c "munged --force --key-file=$dir/munge.key --socket=$dir/munge/socket --pid-file=$dir/munge/pid --log-file=$dir/munge/log --seed-file=$dir/munge/seed" 2>"$dir/log/munged.txt" \
    || missing "Slurm can't be started: munged ended: $(tail -1 "$dir/log/munged.txt")"
  sed -i "s|$dir/munge.socket|$dir/munge/socket|" "$dir/slurm.conf"
  export SLURM_CONF=$dir/slurm.conf
  # No descriptor of the caller may stay open in a daemon: who reads this script's output would wait for ever.
  slurmctld </dev/null >/dev/null 2>&1
  slurmd -N localhost </dev/null >/dev/null 2>&1
  for _ in $(seq 100); do
    if [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; then
      echo "$SLURM_CONF"
      return
    fi
    sleep 0.1
  done
  stop
  missing "Slurm can't be started: its node did not become idle"
}

stop() {
  for pid in "$dir"/slurmd.pid "$dir"/slurmctld.pid "$dir"/munge/pid; do
    [ -f "$pid" ] || continue
    local process
    process=$(cat "$pid")
    kill "$process" 2>/dev/null || continue
    # A daemon that ends writes its state: who removes the folder must not be overtaken.
    for _ in $(seq 100); do
      kill -0 "$process" 2>/dev/null || break
      sleep 0.1
    done
  done
}

$action
