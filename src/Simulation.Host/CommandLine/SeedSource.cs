using System.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Host.Exploring;

namespace Simulation.Host.CommandLine;

/// <summary>The schedule that <c>replay</c> and <c>shrink</c> are about: the one that explore drew for a seed, or the one that a file holds.</summary>
internal sealed class SeedSource(Surroundings surroundings)
{
    private readonly ConfigurationOptions _configuration = new();
    private readonly PlantOption _plant = new();

    public void AddTo(Command command)
    {
        _configuration.AddTo(command);
        command.Options.Add(_plant.Option);
    }

    /// <exception cref="UserErrorException">There is neither a seed nor a schedule.</exception>
    public SeedCase Read(ParseResult parsed)
    {
        SimulationConfig config = _configuration.LoadVirtual(parsed, surroundings, seedsDrawFaults: _configuration.HasSeed(parsed)).Config;
        if (config.Simulation.Seed is not { } seed)
        {
            throw new UserErrorException(ExitCode.Usage, "which one? Give --seed N, as explore told it, or a --config that was written by explore or shrink");
        }

        return _configuration.HasSeed(parsed) ? Swarm.Draw(config, seed, _plant.Of(parsed)) : new SeedCase(config, _plant.Of(parsed));
    }
}
