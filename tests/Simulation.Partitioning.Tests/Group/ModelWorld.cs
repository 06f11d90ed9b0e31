using Simulation.JetStream;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>
/// Members of a group in model time, over a network that delays, loses, forgets answers and delivers late, with clocks that run at different
/// speeds. After every step it checks that no unit is held twice; see <see cref="Violation"/>.
/// </summary>
internal sealed class ModelWorld
{
    public static readonly GroupOptions Options = new() { LeaseTtl = TimeSpan.FromSeconds(6) };

    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly List<ModelMember> _members = [];
    private readonly Random _random;
    private readonly ModelMember?[] _holders;
    private readonly GroupPlan _plan;
    private readonly Dictionary<long, ModelMember> _leaders = [];
    private long _order;
    private (long Epoch, long Version) _newest;

    public ModelWorld(int seed, int units, string strategy)
    {
        _random = new Random(seed);
        _holders = new ModelMember?[units];
        _plan = new GroupPlan([.. Enumerable.Repeat(1.0, units)], AssignmentStrategies.Create(strategy, new StrategyOptions()));
        Store.Written += CheckOrder;
    }

    public ModelStore Store { get; } = new();

    public TimeSpan Now { get; private set; }

    /// <summary>How often something goes wrong with a request, 0 to 1.</summary>
    public double Trouble { get; set; }

    /// <summary>The first thing that must not happen and did.</summary>
    public string? Violation { get; private set; }

    public IReadOnlyList<ModelMember> Members => _members;

    public IEnumerable<ModelMember> Working => _members.Where(member => member.IsUp && !member.Core.HasLeft);

    public ModelMember Join(GroupOptions? options = null)
    {
        var clock = new ModelClock(TimeSpan.FromSeconds(_random.Next(1, 1000)), 0.97 + (0.06 * _random.NextDouble()));
        var member = new ModelMember(this, new MemberCore(options ?? Options, _plan, null, () => (ulong)_random.NextInt64()), clock);
        _members.Add(member);
        At(Soon(), () => member.Take(new Start()));
        return member;
    }

    public void At(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, ++_order));

    public TimeSpan Soon() => TimeSpan.FromMilliseconds(_random.Next(1, 60));

    /// <summary>Mostly soon; in trouble sometimes much later.</summary>
    public TimeSpan Sometime() => InTrouble() ? TimeSpan.FromMilliseconds(_random.Next(1, 9000)) : Soon();

    public bool InTrouble() => _random.NextDouble() < Trouble;

    public int Draw(int exclusiveMax) => _random.Next(exclusiveMax);

    /// <summary>An epoch belongs to one leader, who may lose sight of its lease and find it again.</summary>
    public void NoteLeader(ModelMember leader, long epoch)
    {
        if (_leaders.TryAdd(epoch, leader) || _leaders[epoch] == leader)
        {
            return;
        }

        Violation ??= $"at {Now} {leader} leads epoch {epoch}, which was led by {_leaders[epoch]}";
    }

    /// <summary>Runs until then, or to the first violation.</summary>
    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        while (Violation is null && _events.TryPeek(out _, out var next) && next.At <= end)
        {
            var action = _events.Dequeue();
            Now = next.At;
            action();
            CheckOwners();
        }

        Now = end;
    }

    /// <summary>Who acts as the owner of a unit right now.</summary>
    public ModelMember[] HoldersOf(int unit) => [.. _members.Where(member => member.ActsOnNow.Contains(unit))];

    private void CheckOwners()
    {
        Array.Clear(_holders);
        foreach (var member in _members)
        {
            foreach (var unit in member.ActsOnNow)
            {
                if (_holders[unit] is { } other)
                {
                    Violation ??= $"at {Now} unit {unit} is held by {other} and {member}";
                }

                _holders[unit] = member;
            }
        }
    }

    private void CheckOrder(KeyValueEntry entry)
    {
        if (entry.Key == GroupKeys.Assignment)
        {
            var document = GroupCodec.DecodeAssignment(entry.Value.Span);
            if (document.Version != _newest.Version + 1 || document.Epoch < _newest.Epoch)
            {
                Violation ??= $"at {Now} {(document.Epoch, document.Version)} followed {_newest}";
            }

            _newest = (document.Epoch, document.Version);
        }
    }
}

/// <param name="Offset">What it showed when the world began.</param>
/// <param name="Rate">Its seconds per true second.</param>
internal sealed record ModelClock(TimeSpan Offset, double Rate)
{
    public TimeSpan At(TimeSpan trueTime) => Offset + (trueTime * Rate);

    public TimeSpan Until(TimeSpan reading, TimeSpan trueTime) => (reading - At(trueTime)) / Rate;
}
