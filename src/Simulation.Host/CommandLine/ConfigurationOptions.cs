using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Simulation.Host.Configuration;
using Simulation.Host.Configuration.Schema;
using Simulation.Host.Configuration.Values;
using Simulation.Kernel;

namespace Simulation.Host.CommandLine;

/// <summary>The options by which every command that needs a configuration gets it.</summary>
internal sealed class ConfigurationOptions
{
    private readonly bool _withSeed;
    private readonly Option<string?> _config = new("--config", "-c") { Description = "The configuration, a YAML file. Default: none, all defaults.", HelpName = "FILE" };
    private readonly Option<string?> _duration = new("--duration") { Description = "How long producers send, for example 90s or 12h.", HelpName = "TIME" };
    private readonly Option<string?> _seed = new("--seed") { Description = "A whole number that everything random follows from.", HelpName = "N" };
    private readonly Option<string?> _world = new("--world") { Description = "real: a real server in real time; virtual: a modelled one in virtual time.", HelpName = "real|virtual" };
    private readonly Option<string[]> _set = new("--set") { Description = "Sets any configuration key; may be repeated.", HelpName = "KEY=VALUE" };

    /// <param name="withSeed">False for commands that take many seeds.</param>
    public ConfigurationOptions(bool withSeed = true)
    {
        _withSeed = withSeed;
        _duration.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !Duration.TryParse(text, out _))
            {
                result.AddError($"--duration: '{text}' is not a duration such as 90s, 5m or 12h.");
            }
        });
        _seed.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"--seed: '{text}' is not a whole number from 0 on.");
            }
        });
        _world.CompletionSources.Add("real", "virtual");
        _set.CompletionSources.Add(_ => ConfigurationSection.Root.AllKeys.Select(key => new CompletionItem($"{key.Path}=")));
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_duration);
        if (_withSeed)
        {
            command.Options.Add(_seed);
        }

        command.Options.Add(_set);
    }

    /// <summary>For commands to which the world makes a difference.</summary>
    public void AddWorldTo(Command command) => command.Options.Add(_world);

    public string? FileOf(ParseResult parsed) => parsed.GetValue(_config);

    /// <exception cref="ConfigurationException">With every problem.</exception>
    public LoadedConfiguration Load(ParseResult parsed, Surroundings surroundings, params ImmutableArray<FlagValue> more) =>
        LoadFile(parsed.GetValue(_config), parsed, surroundings, more);

    /// <summary>For the virtual world.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="surroundings">For the environment.</param>
    /// <param name="seedsDrawFaults">As <see cref="ConfigurationSources.SeedsDrawFaults"/>.</param>
    /// <inheritdoc cref="Load"/>
    public LoadedConfiguration LoadVirtual(ParseResult parsed, Surroundings surroundings, bool seedsDrawFaults) => ConfigurationLoader.Load(
        SourcesOf(parsed.GetValue(_config), parsed, surroundings, [new FlagValue("explore", "simulation.world", "virtual")]) with { SeedsDrawFaults = seedsDrawFaults });

    /// <param name="file">Instead of the one on the command line.</param>
    /// <param name="parsed">With everything else.</param>
    /// <param name="surroundings">For the environment.</param>
    /// <param name="more">Other flags.</param>
    /// <inheritdoc cref="Load"/>
    public LoadedConfiguration LoadFile(string? file, ParseResult parsed, Surroundings surroundings, params ImmutableArray<FlagValue> more) =>
        ConfigurationLoader.Load(SourcesOf(file, parsed, surroundings, more));

    private ConfigurationSources SourcesOf(string? file, ParseResult parsed, Surroundings surroundings, ImmutableArray<FlagValue> more) => new()
    {
        File = file,
        Environment = surroundings.Environment,
        Sets = [.. parsed.GetValue(_set) ?? []],
        Flags = [.. Flag(parsed, _duration, "simulation.duration"), .. Flag(parsed, _seed, "simulation.seed"), .. Flag(parsed, _world, "simulation.world"), .. more],
    };

    /// <summary>Whether a seed was given on the command line, not in the file.</summary>
    public bool HasSeed(ParseResult parsed) => parsed.GetValue(_seed) is not null;

    /// <summary>What was given, as arguments again; without the seed.</summary>
    public IEnumerable<string> Arguments(ParseResult parsed) => Arguments(parsed.GetValue(_config), parsed);

    /// <inheritdoc cref="Arguments(ParseResult)"/>
    /// <param name="file">The configuration; null for none.</param>
    /// <param name="parsed">With everything else.</param>
    public IEnumerable<string> Arguments(string? file, ParseResult parsed) =>
    [
        .. file is not null ? [_config.Name, file] : Array.Empty<string>(),
        .. parsed.GetValue(_duration) is { } duration ? [_duration.Name, duration] : Array.Empty<string>(),
        .. (parsed.GetValue(_set) ?? []).SelectMany(assignment => new[] { _set.Name, assignment }),
    ];

    private static IEnumerable<FlagValue> Flag(ParseResult parsed, Option<string?> option, string key) =>
        parsed.GetValue(option) is { } value ? [new FlagValue(option.Name, key, value)] : [];
}
