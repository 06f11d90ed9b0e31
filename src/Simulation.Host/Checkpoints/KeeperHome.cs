using System.Collections.Immutable;
using Simulation.Kernel;
using Simulation.Persistence;

namespace Simulation.Host.Checkpoints;

/// <summary>
/// Where the keeper lives. One whose store failed has ended, as persistent actors do, and after a while there is another: an hour without a
/// database or without room does not cost the checkpoints of a night. What happens meanwhile waits here.
/// </summary>
internal sealed class KeeperHome : ReceiveActor
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly KeeperOptions _options;
    private readonly PersistenceServices _persistence;
    private readonly Queue<Happened> _waiting = new();
    private IActorRef? _keeper;
    private Conduct? _conduct;
    private bool _hasBegun;

    private KeeperHome(KeeperOptions options, PersistenceServices persistence)
    {
        IKernelLog log = Context.System.Log;
        (_options, _persistence) = (options with { Recovered = Recovered }, persistence);
        Receive<Happened>(Pass);
        Receive<NotKept>(TakeBack);
        Receive<Conduct>(conduct =>
        {
            _conduct = conduct;
            _keeper?.Tell(conduct, Self);
        });
        Receive<TakeCheckpoint>(take => _keeper?.Tell(take, Self));
        Receive<Ended>(_ =>
        {
            _keeper = null;
            Timers.StartSingleTimer(nameof(Begin), new Begin(), Pause);
        });
        Receive<Begin>(_ => MakeKeeper());

        void Recovered(Checkpoint? newest, Exception? failure)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                options.Recovered(newest, failure);
            }
            else if (failure is null)
            {
                log.Write(LogLevel.Info, "", "Checkpoints are taken again"); // In the keeper's turn.
            }
        }
    }

    public static Props Props(KeeperOptions options, PersistenceServices persistence) => Kernel.Props.Create(() => new KeeperHome(options, persistence));

    protected override void PreStart() => MakeKeeper();

    private void MakeKeeper()
    {
        _keeper = Context.ActorOf(Keeper.Props(_options, _persistence), "keeper");
        Context.WatchWith(_keeper, new Ended());
        while (_waiting.TryDequeue(out Happened? happened))
        {
            _keeper.Tell(happened, Self);
        }

        if (_conduct is not null)
        {
            _keeper.Tell(_conduct, Self);
        }
    }

    private void Pass(Happened happened)
    {
        if (_keeper is null)
        {
            _waiting.Enqueue(happened);
        }
        else
        {
            _keeper.Tell(happened, Self);
        }
    }

    private void TakeBack(NotKept notKept)
    {
        _keeper = null;
        foreach (Happened happened in notKept.Events)
        {
            _waiting.Enqueue(happened);
        }
    }

    private sealed record Ended;

    private sealed record Begin;
}

/// <summary>From a keeper that ends: these could not be stored, or nobody knows.</summary>
internal sealed record NotKept(ImmutableArray<Happened> Events);
