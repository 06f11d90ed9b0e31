using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>One member with its worker, its connection and its bad luck.</summary>
internal sealed class ModelMember(ModelWorld world, MemberCore core, ModelClock clock)
{
    private static readonly IReadOnlySet<int> Nothing = new SortedSet<int>();

    private readonly SortedSet<int> _running = [];
    private readonly Dictionary<WatchKind, ModelWatch> _watches = [];
    private OwnershipLease? _lease;
    private TimeSpan _stalledUntil;
    private TimeSpan _cutUntil;
    private long _tick;
    private int _life;

    public MemberCore Core => core;

    public bool IsUp { get; private set; } = true;

    private TimeSpan LocalNow => clock.At(world.Now);

    /// <summary>The worker looks at the lease before it begins anything; a process that is stopped does not begin anything either, until it goes on.</summary>
    public IReadOnlySet<int> ActsOnNow => IsUp && _lease?.IsTrustedAt(LocalNow) == true ? _running : Nothing;

    public override string ToString() => $"{core.Membership?.Identity}";

    public void Crash()
    {
        IsUp = false;
        CloseAll();
    }

    /// <summary>The process stands still; everything reaches it afterwards.</summary>
    public void Stall(TimeSpan duration) => _stalledUntil = Later(_stalledUntil, world.Now + duration);

    /// <summary>The connection is dead: requests end unknown, watches are silent until it is back.</summary>
    public void Cut(TimeSpan duration) => _cutUntil = Later(_cutUntil, world.Now + duration);

    /// <summary>Trouble that comes in trouble must not shorten it: what waits for its end would come out of order.</summary>
    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    public void Leave() => Take(new OwnerLeaves());

    public void Take(Input input) => TakeIf(input, () => true);

    /// <param name="input">What happened.</param>
    /// <param name="stillMatters">Looked at when the member gets round to it, as the actor does with what comes from a closed watch.</param>
    private void TakeIf(Input input, Func<bool> stillMatters) => WhenAwake(() =>
    {
        if (!stillMatters())
        {
            return;
        }

        foreach (var effect in core.Handle(input, LocalNow))
        {
            Perform(effect);
        }

        ScheduleTick();
    });

    private void WhenAwake(Action action)
    {
        if (!IsUp)
        {
            return;
        }

        if (world.Now < _stalledUntil)
        {
            world.At(_stalledUntil - world.Now, () => WhenAwake(action));
            return;
        }

        action();
    }

    private void ScheduleTick()
    {
        var number = ++_tick;
        if (core.WakeAfter(LocalNow) is { } reading)
        {
            world.At(clock.Until(reading, world.Now) + TimeSpan.FromTicks(10), () =>
            {
                if (number == _tick)
                {
                    Take(new Tick());
                }
            });
        }
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Store store:
                Send(store);
                break;
            case OpenWatch open:
                Open(open);
                break;
            case CloseWatch close:
                Close(close.Kind);
                break;
            case TellOwner tell:
                ActAsWorker(tell.Message);
                break;
        }
    }

    /// <summary>The write arrives or not, its answer arrives or not, and a write that was given up may still arrive later.</summary>
    private void Send(Store store)
    {
        var isCut = world.Now < _cutUntil;
        if (isCut || world.InTrouble())
        {
            if (!isCut || world.Draw(4) == 0)
            {
                world.At(world.Sometime(), () => world.Store.Apply(store));
            }

            world.At(world.Sometime(), () => ReadBack(store));
            return;
        }

        world.At(world.Soon(), () =>
        {
            var revision = world.Store.Apply(store);
            if (revision is null || world.InTrouble())
            {
                ReadBack(store);
            }
            else
            {
                world.At(world.Sometime(), () => Take(new Settled(store, true, revision.Value, null)));
            }
        });
    }

    private void ReadBack(Store store)
    {
        if (world.Now < _cutUntil)
        {
            world.At(_cutUntil - world.Now + world.Soon(), () => ReadBack(store));
            return;
        }

        world.At(world.Sometime(), () =>
        {
            var found = world.Store.Read(store.Key);
            world.At(world.Sometime(), () => Take(new Settled(store, false, 0, found)));
        });
    }

    private void Open(OpenWatch open)
    {
        Close(open.Kind);
        var watch = new ModelWatch(world, open, () => _cutUntil, TakeIf);
        _watches[open.Kind] = watch;
        watch.Begin();
    }

    private void Close(WatchKind kind)
    {
        if (_watches.Remove(kind, out var watch))
        {
            watch.Stop();
        }
    }

    private void CloseAll()
    {
        foreach (var kind in _watches.Keys.ToArray())
        {
            Close(kind);
        }
    }

    private void ActAsWorker(object message)
    {
        switch (message)
        {
            case MemberIdClaimed claimed:
                _lease = claimed.Lease;
                break;
            case UnitsGranted granted:
                _running.UnionWith(granted.Units);
                break;
            case UnitsRevoked revoked:
                Release(revoked.Units, _life);
                break;
            case Fenced:
                var life = ++_life;
                world.At(world.Sometime(), () => WhenAwake(() =>
                {
                    if (life == _life)
                    {
                        _running.Clear();
                        Take(new OwnerHoldsNothing());
                    }
                }));
                break;
            case LeaderElected elected:
                world.NoteLeader(this, elected.Epoch);
                break;
        }
    }

    /// <summary>What is in flight takes its time, and some units longer than others.</summary>
    private void Release(ImmutableArray<int> units, int life)
    {
        foreach (var unit in units)
        {
            world.At(world.Sometime(), () => WhenAwake(() =>
            {
                if (life == _life)
                {
                    _running.Remove(unit);
                    Take(new OwnerReleased([unit]));
                }
            }));
        }
    }
}
