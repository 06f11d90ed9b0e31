using System.Diagnostics;
using Simulation.Host.Configuration;
using Simulation.Host.Virtual;

namespace Simulation.Host.Exploring;

/// <summary>Runs one seed after another, several at a time, each in a world and on a thread of its own.</summary>
internal sealed class Explorer(ExploreOptions options)
{
    private readonly Lock _lock = new();
    private readonly Stopwatch _took = new();
    private ulong _next = options.Seeds.First;
    private bool _isExhausted;
    private volatile bool _isStopping;

    /// <summary>One at a time, in the order in which seeds end.</summary>
    public event Action<SeedResult>? Ended;

    public ExploreTotals Totals { get; } = new();

    public TimeSpan Took => _took.Elapsed;

    /// <summary>The seeds that are under way are finished.</summary>
    public void Stop() => _isStopping = true;

    public async Task RunAsync()
    {
        _took.Start();
        await Task.WhenAll(Enumerable.Range(0, options.Parallel)
            .Select(_ => Task.Factory.StartNew(TakeSeeds, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        _took.Stop();
    }

    private void TakeSeeds()
    {
        while (TakeSeed() is { } seed)
        {
            SeedResult result = SeedRunner.Run(
                Swarm.Draw(options.Config, seed, options.Planted),
                deaths: options.ProcessDies ? ProcessDeath.Draw(seed, options.Config.Simulation.Duration) : []);
            lock (_lock)
            {
                Totals.Add(result);
                Ended?.Invoke(result);
                _isStopping |= options.UntilViolation && result.IsViolation;
            }
        }
    }

    private ulong? TakeSeed()
    {
        lock (_lock)
        {
            if (_isStopping || _isExhausted || _took.Elapsed >= options.AtMost)
            {
                return null;
            }

            ulong seed = _next;
            _isExhausted = seed == options.Seeds.Last;
            _next = seed + 1;
            return seed;
        }
    }
}
