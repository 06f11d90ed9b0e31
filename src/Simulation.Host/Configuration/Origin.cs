using System.Globalization;

namespace Simulation.Host.Configuration;

/// <summary>Where a value came from, as people would look for it: <c>configs/dev.yaml:12:3</c>, <c>--set workers.count</c>, <c>default</c>.</summary>
public sealed record Origin(string Source, long Line = 0, long Column = 0)
{
    public static Origin Default { get; } = new("default");

    public override string ToString() => Line == 0 ? Source : string.Create(CultureInfo.InvariantCulture, $"{Source}:{Line}:{Column}");
}
