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

    /// <summary>The names of the run's own servers; empty when they are somebody else's.</summary>
    public ImmutableArray<string> Servers { get; init; } = [];

    /// <summary>Those that are there when that many workers are.</summary>
    internal IEnumerable<string> Targets(TargetKind kind, int workers) => kind switch
    {
        TargetKind.Worker => Names("worker", workers),
        TargetKind.Producer => Names("producer", Producers),
        TargetKind.Participant => Names("worker", workers).Concat(Names("producer", Producers)),
        TargetKind.Server => Servers,
        TargetKind.ParticipantOrServer => Names("worker", workers).Concat(Names("producer", Producers)).Concat(Servers.Length > 1 ? Servers : []),
        TargetKind.Partition => Names("partition", Partitions),
        _ => [],
    };

    /// <summary>Whether the target may turn out to be the leader of that kind.</summary>
    internal bool MayLead(string target, TargetKind kind) =>
        kind == TargetKind.Server ? Servers.Contains(target) : target.StartsWith("worker-", StringComparison.Ordinal);

    internal static string Worker(int number) => $"worker-{number}";

    private static IEnumerable<string> Names(string kind, int count) => Enumerable.Range(0, count).Select(number => $"{kind}-{number}");
}
