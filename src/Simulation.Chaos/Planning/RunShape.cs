using System.Collections.Immutable;

namespace Simulation.Chaos;

/// <summary>What a plan has to know of a run: for how long, and who is there to be hit.</summary>
public sealed record RunShape
{
    /// <summary>For how long producers send.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>At the beginning: <c>worker-0</c> and on.</summary>
    public required int Workers { get; init; }

    /// <summary><c>producer-0</c> and on.</summary>
    public required int Producers { get; init; }

    public required int Partitions { get; init; }

    /// <summary>Workers with neighbouring numbers that live in one process, and share their fate. Default 1.</summary>
    public int WorkersTogether { get; init; } = 1;

    /// <summary>The same of producers. Default 1.</summary>
    public int ProducersTogether { get; init; } = 1;

    /// <summary>The names of the run's own servers; empty when they are somebody else's.</summary>
    public ImmutableArray<string> Servers { get; init; } = [];

    /// <summary>Those that are there when these workers are.</summary>
    internal IEnumerable<string> Targets(TargetKind kind, IEnumerable<int> workers) => kind switch
    {
        TargetKind.Worker => workers.Select(Worker),
        TargetKind.Producer => Names("producer", Producers),
        TargetKind.Participant => workers.Select(Worker).Concat(Names("producer", Producers)),
        TargetKind.Server => Servers,
        TargetKind.ParticipantOrServer => workers.Select(Worker).Concat(Names("producer", Producers)).Concat(Servers.Length > 1 ? Servers : []),
        TargetKind.Partition => Names("partition", Partitions),
        _ => [],
    };

    /// <summary>Whether the target may turn out to be the leader of that kind.</summary>
    internal bool MayLead(string target, TargetKind kind) =>
        kind == TargetKind.Server ? Servers.Contains(target) : target.StartsWith("worker-", StringComparison.Ordinal);

    /// <summary>Whether what happens to the one happens to the other.</summary>
    internal bool AreTogether(string one, string other) =>
        one == other || (ProcessOf(one) is { } process && process == ProcessOf(other));

    /// <summary>Null for whoever is alone.</summary>
    private (string Kind, int Number)? ProcessOf(string target)
    {
        int dash = target.LastIndexOf('-');
        return dash < 0 || !int.TryParse(target.AsSpan(dash + 1), out int number) ? null
            : target[..dash] switch
            {
                "worker" when WorkersTogether > 1 => ("worker", number / WorkersTogether),
                "producer" when ProducersTogether > 1 => ("producer", number / ProducersTogether),
                _ => null,
            };
    }

    internal static string Worker(int number) => $"worker-{number}";

    private static IEnumerable<string> Names(string kind, int count) => Enumerable.Range(0, count).Select(number => $"{kind}-{number}");
}
