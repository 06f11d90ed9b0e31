using System.Collections.Immutable;
using Simulation.History;

namespace Simulation.Host.Exploring;

/// <summary>What one seed came to.</summary>
internal sealed record SeedResult
{
    public required SeedCase Case { get; init; }

    public required SeedOutcome Outcome { get; init; }

    /// <summary>What is wrong, in classes: those of the verdict, <c>stuck</c>, or the type of a failure. Shrinking keeps one of them.</summary>
    public ImmutableSortedSet<string> Classes { get; init; } = [];

    /// <summary>In words, on one line; empty when it passed.</summary>
    public string Why { get; init; } = "";

    /// <summary>Null when the harness failed.</summary>
    public Verdict? Verdict { get; init; }

    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>When what is wrong showed first, since the world's beginning; null when it cannot be told.</summary>
    public TimeSpan? At { get; init; }

    public required TimeSpan Simulated { get; init; }

    public required long Steps { get; init; }

    public required ulong TraceHash { get; init; }

    public required Coverage Coverage { get; init; }

    public ulong Seed => Case.Seed;

    public bool IsViolation => Outcome is SeedOutcome.Violated or SeedOutcome.Stuck or SeedOutcome.Failed;
}
