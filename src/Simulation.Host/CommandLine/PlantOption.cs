using System.Collections.Immutable;
using System.CommandLine;

namespace Simulation.Host.CommandLine;

/// <summary>Hidden: switches on defects of ours that are there to be found, to show that exploring finds them.</summary>
internal sealed class PlantOption
{
    private const string Name = "--plant";

    public Option<string[]> Option { get; } = new(Name) { Hidden = true };

    public ImmutableSortedSet<string> Of(ParseResult parsed) => [.. parsed.GetValue(Option) ?? []];

    public IEnumerable<string> Arguments(ParseResult parsed) => Of(parsed).SelectMany(planted => new[] { Name, planted });
}
