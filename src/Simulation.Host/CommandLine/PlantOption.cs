using System.Collections.Immutable;
using System.CommandLine;

namespace Simulation.Host.CommandLine;

/// <summary>Hidden: switches on mistakes of ours that are there to be found, to show that exploring finds them. See docs/decisions/planted-bugs.md.</summary>
internal sealed class PlantOption
{
    private const string Name = "--plant";

    public static readonly ImmutableSortedSet<string> Bugs = [.. Actors.PlantedBugs.Names, .. Partitioning.PlantedBugs.Names];

    public PlantOption() => Option.Validators.Add(result =>
    {
        foreach (string unknown in result.Tokens.Select(token => token.Value).Where(name => !Bugs.Contains(name)))
        {
            result.AddError($"{Name}: there is no '{unknown}' to plant; choose from {string.Join(", ", Bugs)}.");
        }
    });

    public Option<string[]> Option { get; } = new(Name) { Hidden = true };

    public ImmutableSortedSet<string> Of(ParseResult parsed) => [.. parsed.GetValue(Option) ?? []];

    public IEnumerable<string> Arguments(ParseResult parsed) => Of(parsed).SelectMany(planted => new[] { Name, planted });
}
