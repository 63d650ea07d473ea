/// What the machine has: processor, threads, memory, disk.
module Iqt.Cli.Findings.MachineFindings

open System
open System.Globalization
open System.IO
open System.Runtime.Intrinsics.X86

let private gigabytes (bytes: int64) =
    (float bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB"

// Named as in /proc/cpuinfo. .NET tells of the first two only, the kernel of all.
let private features = [ "avx2", "AVX2"; "avx512f", "AVX512"; "avx512_bf16", "AVX512-BF16" ]

/// The features of the processor, by the kernel's names.
let flags () : Set<string> =
    let kernel =
        try
            File.ReadLines "/proc/cpuinfo"
            |> Seq.tryFind (fun line -> line.StartsWith("flags", StringComparison.Ordinal))
        with
        | :? IOException
        | :? UnauthorizedAccessException -> None

    match kernel with
    | Some line -> Set(line.Split([| ' '; '\t'; ':' |], StringSplitOptions.RemoveEmptyEntries))
    | None ->
        Set [
            if Avx2.IsSupported then
                "avx2"
            if Avx512F.IsSupported then
                "avx512f"
        ]

let processor (flags: Set<string>) =
    let has, lacks = features |> List.partition (fun (flag, _) -> flags.Contains flag)

    let names list =
        list |> List.map snd |> String.concat ", "

    let found =
        match has, lacks with
        | _, [] -> names has
        | [], _ -> $"without {names lacks}"
        | _ -> $"{names has}; without {names lacks}"

    if not (flags.Contains "avx2") then
        Finding.Note(
            "processor",
            found,
            "libtorch has no fast convolutions for such a processor, so that training is very slow",
            "use another machine for training; in a virtual machine, let it pass the host's processor through"
        )
    elif not (flags.Contains "avx512f") then
        Finding.Good("processor", found, "libtorch has fast convolutions for it; with AVX512 they are faster still")
    else
        Finding.Good(
            "processor",
            found,
            "libtorch has its fastest convolutions for it; Iqt computes in float32 unless --precision bfloat16 is asked for (iqt bench speed tells which is faster)"
        )

/// How many threads a computation uses.
let threads (processors: int) (variable: string option) =
    match variable with
    | None
    | Some "" ->
        Finding.Good("threads", $"{processors} logical processors", "libtorch and the tensor fit use what there is")
    | Some text ->
        match Int32.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, count when count >= processors ->
            Finding.Good("threads", $"{processors} logical processors, OMP_NUM_THREADS={text}", "all are used")
        | true, count when count > 0 ->
            Finding.Note(
                "threads",
                $"{processors} logical processors, OMP_NUM_THREADS={text}",
                $"libtorch uses {count} of them",
                "unset OMP_NUM_THREADS, or name another number by iqt train --threads"
            )
        | _ ->
            Finding.Note(
                "threads",
                $"{processors} logical processors, OMP_NUM_THREADS={text}",
                "OMP_NUM_THREADS is no number above 0, so that it says nothing",
                "unset it, or set a number"
            )

/// Whether others compute here too: libtorch's threads (OpenMP) wait for each other by spinning, which takes time from both.
let load (processors: int) (others: float) (policy: string option) =
    let found = $"other programs take %.1f{others} of {processors} processors"

    if others < 0.5 then
        Finding.Good("load", found, "training has the machine to itself")
    elif policy = Some "PASSIVE" then
        Finding.Good("load", $"{found}, OMP_WAIT_POLICY=PASSIVE", "libtorch's threads sleep while they wait")
    else
        Finding.Note(
            "load",
            found,
            "libtorch's threads wait for each other by spinning: beside other programs check and train may take several times as long",
            "export OMP_WAIT_POLICY=PASSIVE while others compute (an idle machine is faster without), or iqt train --threads 1"
        )

let private smallMemory = 2_000_000_000L

/// The memory that this process may use, and what of it is free now.
let memory (total: int64) (free: int64 option) =
    let available = defaultArg free total |> min total
    let found = $"{gigabytes available} free of {gigabytes total}"

    if available < smallMemory then
        Finding.Note(
            "memory",
            found,
            "less than the 2 GB that iqt prepare takes unless told otherwise; the demo and small phantoms do with 1 GB",
            "close other programs, or use iqt prepare --memory 0.8 and iqt predict --memory 500"
        )
    else
        Finding.Good("memory", found, "iqt prepare takes 2 GB unless told otherwise (--memory)")

let private smallDisk = 5_000_000_000L
let private fullDisk = 200_000_000L

/// The free space where results would be written.
let disk (folder: string) (free: int64) =
    let found = $"{gigabytes free} free in {folder}"

    if free < fullDisk then
        // A note: it says of the folder that somebody stands in, not of the installation, and another folder mends it.
        Finding.Note(
            "disk",
            found,
            "not even the demo's phantoms fit here",
            "free some space, or change to a folder on another disk"
        )
    elif free < smallDisk then
        Finding.Note(
            "disk",
            found,
            "enough for the demo and for tiny or half-scale phantoms; an HCP subject takes 1 to 2 GB",
            "write to a folder on another disk"
        )
    else
        Finding.Good("disk", found, "an HCP subject takes 1 to 2 GB, prepared another 0.1 GB")

// What a full machine could still give, by the kernel's own estimate.
let private freeMemory () =
    try
        File.ReadLines "/proc/meminfo"
        |> Seq.tryFind (fun line -> line.StartsWith("MemAvailable:", StringComparison.Ordinal))
        |> Option.map (fun line -> 1024L * Int64.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]))
    with
    | :? IOException
    | :? UnauthorizedAccessException
    | :? FormatException -> None

// Seconds that all processors have computed (proc(5): user, nice, system, idle, iowait, irq, softirq, in hundredths), and this
// process of it.
let private computed () =
    let ticks =
        (File.ReadLines "/proc/stat" |> Seq.head).Split(' ', StringSplitOptions.RemoveEmptyEntries)

    let total =
        [ 1; 2; 3; 6; 7 ]
        |> List.sumBy (fun i -> Double.Parse(ticks[i], CultureInfo.InvariantCulture))

    total / 100.0, Environment.CpuUsage.TotalTime.TotalSeconds

// Processors that others take now. The load average would still speak of the build a minute ago.
let private others () =
    try
        let clock = Diagnostics.Stopwatch.StartNew()
        let before, ownBefore = computed ()
        Threading.Thread.Sleep 400
        let after, own = computed ()
        let busy = (after - before) - (own - ownBefore)
        Some(max 0.0 (busy / clock.Elapsed.TotalSeconds))
    with
    | :? IndexOutOfRangeException
    | :? IOException
    | :? UnauthorizedAccessException
    | :? FormatException -> None

let private freeDisk (folder: string) =
    try
        disk folder (DriveInfo folder).AvailableFreeSpace
    with
    | :? IOException
    | :? UnauthorizedAccessException
    | :? ArgumentException as e ->
        Finding.Note("disk", $"{folder}: {e.Message}", "its free space is not known", "change to a folder of your own")

/// Everything about this machine.
let all () : Finding list = [
    processor (flags ())
    threads Environment.ProcessorCount (Option.ofObj (Environment.GetEnvironmentVariable "OMP_NUM_THREADS"))
    match others () with
    | Some others ->
        load Environment.ProcessorCount others (Option.ofObj (Environment.GetEnvironmentVariable "OMP_WAIT_POLICY"))
    | None -> ()
    memory (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) (freeMemory ())
    freeDisk Environment.CurrentDirectory
]
