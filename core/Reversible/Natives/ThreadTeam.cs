using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Iqt.Reversible.Natives;

/// <summary>Runs parts of a computation on the very threads that libtorch computes with.</summary>
/// <remarks>
/// libtorch's threads (OpenMP) go on spinning for a while after each operation, waiting for the next. Other threads beside them find
/// the cores taken: on two cores the second one costs more than it saves. So parts are handed to that team itself, through the entry
/// point that compilers use for a parallel region (<c>GOMP_parallel</c>, libgomp manual, "Implementing PARALLEL construct"). Where
/// libtorch brings another OpenMP, one thread takes all parts.
/// </remarks>
internal static unsafe class ThreadTeam
{
    private static readonly Lazy<(nint Enter, nint Member)?> Team = new(Find);

    /// <summary>Calls <paramref name="part"/> for 0, …, <paramref name="parts"/> − 1 in any order and returns when all are done.</summary>
    /// <exception cref="Exception">The first that a part threw; the rest of the parts may not have run.</exception>
    public static void Run(int parts, Action<int> part)
    {
        int threads = get_num_threads();
        if (threads > 1 && parts > 1 && Team.Value is not null)
        {
            RunInTeam(threads, parts, part);
        }
        else
        {
            for (int i = 0; i < parts; i++)
            {
                part(i);
            }
        }
    }

    private static void RunInTeam(int threads, int parts, Action<int> part)
    {
        var work = new Work(threads, parts, part);
        var handle = GCHandle.Alloc(work);
        try
        {
            var enter = (delegate* unmanaged<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void>)Team.Value!.Value.Enter;
            enter(&Member, GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }

        work.Failure?.Throw();
    }

    // What each thread of the team runs. An exception must not cross native frames.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Member(nint handle)
    {
        var number = (delegate* unmanaged<int>)Team.Value!.Value.Member;
        ((Work)GCHandle.FromIntPtr(handle).Target!).Join(number());
    }

    // The library that libtorch was linked with lies beside it; a second OpenMP of the system would have threads of its own.
    private static (nint Enter, nint Member)? Find()
    {
        string[] loaded = LoadedFiles.Paths();
        string? folder = Path.GetDirectoryName(Array.Find(loaded, file => Path.GetFileName(file) == "libtorch_cpu.so"));
        string? library = Array.Find(loaded, file => Path.GetFileName(file).StartsWith("libgomp", StringComparison.Ordinal) && Path.GetDirectoryName(file) == folder);
        return library is not null
            && NativeLibrary.TryLoad(library, out nint handle)
            && NativeLibrary.TryGetExport(handle, "GOMP_parallel", out nint enter)
            && NativeLibrary.TryGetExport(handle, "omp_get_thread_num", out nint member) ? (enter, member) : null;
    }

    /// <summary>
    /// Parts in as many shares as threads, neighbours together: one pass after another finds its part of a tensor in the cache of
    /// the same core. Whoever is done with a share helps with the next.
    /// </summary>
    private sealed class Work(int threads, int parts, Action<int> part)
    {
        private readonly int[] _taken = new int[threads];

        public ExceptionDispatchInfo? Failure { get; private set; }

        public void Join(int member)
        {
            try
            {
                for (int i = 0; i < threads; i++)
                {
                    TakeFrom((member + i) % threads);
                }
            }
            catch (Exception e)
            {
                Failure ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        private void TakeFrom(int share)
        {
            int first = (int)((long)parts * share / threads), end = (int)((long)parts * (share + 1) / threads);
            for (int i = first + Interlocked.Increment(ref _taken[share]) - 1; i < end; i = first + Interlocked.Increment(ref _taken[share]) - 1)
            {
                part(i);
            }
        }
    }
}
