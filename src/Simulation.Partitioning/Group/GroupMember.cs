using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Partitioning;

/// <summary>
/// One worker's part in its group: joins, keeps the worker's id alive, tells it which units it may work on and which it must give back, and
/// leads the group when it is its turn. What it says and hears is in GroupProtocol.cs. <see cref="MemberCore"/> decides; this does.
/// </summary>
public sealed class GroupMember : ReceiveActor
{
    private static readonly object WakeKey = new();
    private static readonly Tick TimeToLook = new();

    private readonly IKeyValueBucket _bucket;
    private readonly GroupOptions _options;
    private readonly IActorRef _worker;
    private readonly MemberClock _clock;
    private readonly MemberCore _core;
    private readonly Func<Store, ActorTask> _store;
    private readonly Dictionary<WatchKind, WatchLoop> _watches = [];

    /// <summary>What the core has not heard yet: what an effect brings at once waits until the input that caused it is done with.</summary>
    private readonly Queue<Input> _inputs = new();

    /// <summary>Told already: a server without room refuses the same thing again and again.</summary>
    private readonly HashSet<string> _refusals = [];

    /// <summary>After a refusal: a server without room is asked less and less often, until it takes something.</summary>
    private TimeSpan _pause;
    private TimeSpan? _wakeAt;
    private bool _startsAfterRelease;

    private GroupMember(IKeyValueBucket bucket, GroupOptions options, GroupPlan plan, int? preferredNumber, IActorRef? worker, MemberClock clock)
    {
        _clock = clock;
        _store = StoreAsync;
        _bucket = bucket;
        _options = options;
        _pause = options.RetryDelay;
        _worker = worker ?? Context.Parent ?? throw new ArgumentNullException(nameof(worker), "A group member without a parent needs a worker.");
        _core = new MemberCore(options with { IsPlanted = Context.IsPlanted, Clock = clock }, plan, preferredNumber, NextIncarnation);

        Receive<Tick>(tick =>
        {
            _wakeAt = null;
            Feed(tick);
        });
        Receive<UnitsReleased>(released => Feed(new OwnerReleased(released.Units)));
        Receive<HoldingNothing>(_ => ContinueAfterFence());
        Receive<LeaveGroup>(_ => Feed(new OwnerLeaves()));
        Receive<GroupPlan>(grown => Feed(new PlanGrown(grown)));
    }

    /// <param name="bucket">A <see cref="GroupBucket"/> over the worker's own connection.</param>
    /// <param name="options">The same for all members.</param>
    /// <param name="plan">The same for all members.</param>
    /// <param name="preferredNumber">The id to try first if it is free; null for the lowest free one.</param>
    /// <param name="worker">Whom to tell; null for the parent.</param>
    /// <param name="clock">By which its leases go, and the worker's <see cref="OwnershipLease"/>; null for one that never jumps.</param>
    public static Props Props(
        IKeyValueBucket bucket, GroupOptions options, GroupPlan plan, int? preferredNumber = null, IActorRef? worker = null, MemberClock? clock = null)
    {
        options.ThrowIfInconsistent();
        return Kernel.Props.Create(() => new GroupMember(bucket, options, plan, preferredNumber, worker, clock ?? new MemberClock()));
    }

    protected override void PreStart() => Feed(new Start());

    protected override void PostStop()
    {
        _core.Membership?.Trust.End();
        foreach (var watch in _watches.Values)
        {
            watch.Close();
        }
    }

    /// <summary>What the failed incarnation had granted is still held, so that has to stop first.</summary>
    protected override void PostRestart(Exception reason)
    {
        _startsAfterRelease = true;
        _worker.Tell(new Fenced($"the group member failed: {reason.Message}"), Self);
    }

    private void ContinueAfterFence()
    {
        Feed(_startsAfterRelease ? new Start() : new OwnerHoldsNothing());
        _startsAfterRelease = false;
    }

    /// <summary>Never the same twice, although a new actor of the same name draws the same numbers.</summary>
    private ulong NextIncarnation() => Context.IsPlanted(PlantedBugs.IdClaimedTwice) ? 1 : StableHash.Spread(Context.Random.NextUInt64() + (ulong)Context.Now.UtcTicks);

    private void Feed(Input input)
    {
        _inputs.Enqueue(input);
        if (_inputs.Count > 1)
        {
            return;
        }

        for (; _inputs.TryPeek(out var next); _inputs.Dequeue())
        {
            foreach (var effect in _core.Handle(next, _clock.At(Context.Uptime)))
            {
                Perform(effect);
            }
        }

        Wake();
    }

    private void Wake()
    {
        var wakeAt = _core.WakeAfter(_clock.At(Context.Uptime));
        if (wakeAt == _wakeAt)
        {
            return;
        }

        _wakeAt = wakeAt;
        if (wakeAt is { } time)
        {
            Timers.StartSingleTimer(WakeKey, TimeToLook, time - _clock.At(Context.Uptime));
        }
        else
        {
            Timers.Cancel(WakeKey);
        }
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Store store:
                Context.Spawn(_store, store);
                break;
            case OpenWatch open:
                Close(open.Kind);
                var watch = _watches[open.Kind] = new WatchLoop(open);
                Context.Spawn(FollowAsync, watch);
                break;
            case CloseWatch close:
                Close(close.Kind);
                break;
            case TellOwner tell:
                _worker.Tell(tell.Message, Self);
                break;
            default:
                throw new InvalidOperationException($"Nobody knows how to perform {effect}.");
        }
    }

    private void Close(WatchKind kind)
    {
        if (_watches.Remove(kind, out var watch))
        {
            watch.Close();
        }
    }

    private async ActorTask StoreAsync(Store store)
    {
        await DelayRarelyAsync(store);
        KeyValueOutcome outcome;
        try
        {
            outcome = await Write(store);
        }
        catch (JetStreamException error)
        {
            outcome = new KeyValueOutcome(KeyValueResult.Unknown, 0, error.Message);
        }

        await Context.BuggifyDelay("group.answer-late", _options.SafetyMargin);
        if (outcome.IsDone)
        {
            _pause = _options.RetryDelay;
        }

        if (outcome.IsDone && !Context.Buggify("group.answer-lost"))
        {
            Feed(new Settled(store, true, outcome.Revision, null));
            return;
        }

        if (outcome.Result == KeyValueResult.Rejected)
        {
            string refusal = $"{store.Kind} of {store.Key} was refused: {outcome.Text}";
            Log(_refusals.Add(refusal) ? LogLevel.Warning : LogLevel.Debug, refusal);
            await Context.Delay(_pause);
            _pause = _pause < _options.RenewInterval / 4 ? _pause * 2 : _options.RenewInterval / 2;
        }

        var found = await ReadUntilAnsweredAsync(store.Key);
        Feed(new Settled(store, false, 0, found));
    }

    /// <summary>A member's own lease is late by less than what would cost it the lease, or there would be nothing but rebalances.</summary>
    private ActorTask DelayRarelyAsync(Store store) => store.Cell == Cell.Lease
        ? Context.BuggifyDelay("group.renewal-late", _options.RenewInterval)
        : Context.BuggifyDelay("group.leader-write-late", _options.LeaseTtl);

    private ActorTask<KeyValueOutcome> Write(Store store) => store.Kind switch
    {
        StoreKind.Create => _bucket.CreateAsync(store.Key, store.Value),
        _ when store.Cell == Cell.Assignment && Context.IsPlanted(PlantedBugs.NoFencing) => _bucket.PutAsync(store.Key, store.Value),
        _ => _bucket.UpdateAsync(store.Key, store.Value, store.Revision),
    };

    private async ActorTask<KeyValueEntry?> ReadUntilAnsweredAsync(string key)
    {
        while (true)
        {
            try
            {
                return await _bucket.GetAsync(key);
            }
            catch (JetStreamException error)
            {
                Log(LogLevel.Debug, $"{key} cannot be read: {error.Message}");
            }

            await Context.Delay(_options.RetryDelay);
        }
    }

    private async ActorTask FollowAsync(WatchLoop loop)
    {
        while (!loop.IsClosed)
        {
            try
            {
                await FollowOnceAsync(loop);
            }
            catch (JetStreamException error)
            {
                Log(LogLevel.Debug, $"The watch of {loop.Filter} begins anew: {error.Message}");
            }

            await Context.Delay(_options.RetryDelay);
        }
    }

    private async ActorTask FollowOnceAsync(WatchLoop loop)
    {
        var watch = _bucket.Watch(loop.Filter);
        loop.Follow(watch);
        Feed(new WatchBegan(loop.Kind));
        while (!loop.IsClosed)
        {
            var change = await watch.NextAsync();
            await Context.BuggifyDelay("group.watch-lags", _options.SafetyMargin);
            if (loop.IsClosed || change.Stopped)
            {
                return;
            }

            Feed(change.Entry is { } entry ? new WatchChanged(loop.Kind, entry) : new WatchCaughtUp(loop.Kind));

            if (Context.Buggify("group.watch-breaks"))
            {
                watch.Stop();
                return;
            }
        }
    }

    private void Log(LogLevel level, string message) => Context.System.Log.Write(level, Self.Path, message);

    /// <summary>One watch as the core asked for it, over however many watches of the bucket it takes.</summary>
    private sealed class WatchLoop(OpenWatch open)
    {
        private IKeyValueWatch? _current;

        public WatchKind Kind => open.Kind;

        public string Filter => open.Filter;

        public bool IsClosed { get; private set; }

        public void Follow(IKeyValueWatch watch) => _current = watch;

        public void Close()
        {
            IsClosed = true;
            _current?.Stop();
        }
    }
}
