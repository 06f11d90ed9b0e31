using System.Collections.Immutable;

namespace Simulation.Host.Configuration;

/// <summary>The configuration cannot be used; every problem of it.</summary>
public sealed class ConfigurationException(ImmutableArray<Problem> problems)
    : Exception(string.Join(Environment.NewLine, problems.Select(problem => problem.ToString())))
{
    public ImmutableArray<Problem> Problems { get; } = problems;
}
