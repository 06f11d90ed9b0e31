using System.Globalization;
using Simulation.Actors;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Host.Run;
using Simulation.Kernel;
using Simulation.Persistence;

namespace Simulation.Host.Checkpoints;

/// <summary>The checkpoints of a run in the real world: a store, and a keeper in an actor system of its own, so that neither harms the other.</summary>
internal sealed class Checkpointing : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly SqlStore _store;
    private readonly IActorRef _keeper;
    private readonly CheckpointSignal? _signal;

    private Checkpointing(ActorSystem system, SqlStore store, IActorRef keeper, Checkpoint? newest, CheckpointSignal? signal)
    {
        (_system, _store, _keeper, Newest, _signal) = (system, store, keeper, newest, signal);
        Tap = new JournalTap(keeper);
        signal?.Tell(() => keeper.Tell(new TakeCheckpoint()));
    }

    /// <summary>From before this process; null for none.</summary>
    public Checkpoint? Newest { get; }

    /// <summary>Where they are.</summary>
    public string Location => _store.Location;

    /// <summary>Hears what goes into the journal.</summary>
    public IFoldObserver Tap { get; }

    /// <returns>Null for a run without checkpoints.</returns>
    /// <exception cref="UserErrorException">The store cannot be used.</exception>
    public static async Task<Checkpointing?> OpenAsync(RunRequest request)
    {
        CheckpointingSection options = request.Config.Checkpointing;
        if (!options.Enabled)
        {
            return null;
        }

        string place = PlaceOf(options, request.Folder);
        try
        {
            return await OpenAsync(request, place);
        }
        catch (PersistenceException damaged) when (damaged.Problem == PersistenceProblem.Damaged && options.Store is null)
        {
            string aside = PutAside(place);
            request.Log.Warning($"Checkpoints: {damaged.Message} It is put aside as {aside}; the run is resumed from its logs, and begins a new one");
            return await OpenAsync(request, place);
        }
    }

    public void Follow(IActorRef coordinator, Resumption? resumption) => _keeper.Tell(new Conduct(coordinator, resumption?.InterruptedAt));

    public async ValueTask DisposeAsync()
    {
        _signal?.Tell(null);
        await _system.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static async Task<Checkpointing> OpenAsync(RunRequest request, string place)
    {
        SqlStore? store = null;
        ActorSystem system = ActorSystem.Create("checkpoints", Dispatchers.Real(), request.Seed, request.Log);
        try
        {
            store = SqlStore.At(place);
            var recovered = new TaskCompletionSource<Checkpoint?>(TaskCreationOptions.RunContinuationsAsynchronously);
            var history = HistoryKeeping.Of(new FileHistoryStore(request.Folder.In(RunHistory.FolderName), request.Folder.RunId), request.Config.History.Keep);
            var options = new KeeperOptions(request.Folder.RunId, request.Config.Checkpointing.Interval, Recovered, request.Instruments, history);
            var services = new PersistenceServices(store, store, Stored.Types) { Keep = request.Config.Checkpointing.Keep };
            IActorRef keeper = system.ActorOf(KeeperHome.Props(options, services), "keeper");
            return new Checkpointing(system, store, keeper, await recovered.Task, request.CheckpointSignal);

            void Recovered(Checkpoint? newest, Exception? failure)
            {
                if (failure is not null)
                {
                    recovered.SetException(failure);
                }
                else
                {
                    recovered.SetResult(newest);
                }
            }
        }
        catch (Exception error)
        {
            await system.DisposeAsync();
            await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (error is PersistenceException { Problem: not PersistenceProblem.Damaged } unusable)
            {
                throw new UserErrorException(ExitCode.Unavailable,
                    $"checkpoints cannot be kept: {unusable.Message} Or run without them, --set checkpointing.enabled=false: a run can be resumed from its logs alone", error);
            }

            throw;
        }
    }

    private static string PlaceOf(CheckpointingSection options, RunFolder folder)
    {
        if (options.Store is { } url)
        {
            return url;
        }

        string path = Path.GetFullPath(options.Path, folder.Path);
        try
        {
            return Path.Combine(Directory.CreateDirectory(path).FullName, $"{folder.RunId}.db");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"checkpoints cannot be kept in {path}: {error.Message}; choose another checkpointing.path", error);
        }
    }

    /// <summary>With what SQLite keeps beside it.</summary>
    private static string PutAside(string database)
    {
        string aside = database;
        for (int number = 1; File.Exists(aside); number++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{database}.damaged-{number}");
        }

        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(database + suffix))
            {
                File.Move(database + suffix, aside + suffix);
            }
        }

        return aside;
    }
}
