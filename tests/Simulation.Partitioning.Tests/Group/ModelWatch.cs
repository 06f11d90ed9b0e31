using Simulation.JetStream;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>Gives entries in order, each with a delay of its own; breaks now and then and begins anew.</summary>
internal sealed class ModelWatch(ModelWorld world, OpenWatch open, Func<TimeSpan> silentUntil, Action<Input, Func<bool>> deliver)
{
    private TimeSpan _lastDelivery;
    private bool _isStopped;
    private int _run;

    public void Begin() => world.At(world.Sometime(), Start);

    public void Stop()
    {
        _isStopped = true;
        world.Store.Written -= Follow;
    }

    private void Start()
    {
        if (_isStopped)
        {
            return;
        }

        _run++;
        Deliver(new WatchBegan(open.Kind));
        foreach (var entry in world.Store.Live.Where(entry => Matches(entry.Key)))
        {
            Deliver(new WatchChanged(open.Kind, entry));
        }

        Deliver(new WatchCaughtUp(open.Kind));
        world.Store.Written += Follow;
    }

    private void Follow(KeyValueEntry entry)
    {
        if (!Matches(entry.Key))
        {
            return;
        }

        if (world.InTrouble() && world.Draw(10) == 0)
        {
            world.Store.Written -= Follow;
            Begin();
            return;
        }

        Deliver(new WatchChanged(open.Kind, entry));
    }

    private void Deliver(Input input)
    {
        var run = _run;
        var at = world.Now + world.Sometime();
        at = at < silentUntil() ? silentUntil() : at;
        _lastDelivery = at < _lastDelivery ? _lastDelivery : at;
        world.At(_lastDelivery - world.Now, () => deliver(input, () => !_isStopped && run == _run));
    }

    private bool Matches(string key) =>
        open.Filter == key || (open.Filter.EndsWith('*') && key.StartsWith(open.Filter[..^1], StringComparison.Ordinal));
}
