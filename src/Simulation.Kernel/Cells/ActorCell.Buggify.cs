using System.Diagnostics.CodeAnalysis;

namespace Simulation.Kernel;

/// <content>Rare but legal things, and mistakes that are there to be found.</content>
internal sealed partial class ActorCell
{
    private Dictionary<BuggifySite, RandomStream>? _buggifyStreams;

    public bool IsPlanted(string bug) => Dispatcher.IsPlanted(bug);

    public bool Buggify(string site, bool rarelyMet = false) => Buggify(site, out _, rarelyMet);

    public bool Buggify(string site, [NotNullWhen(true)] out RandomStream? chance, bool rarelyMet = false)
    {
        RequireTurn();
        chance = null;
        if (Dispatcher.Buggifier is not { } buggifier || buggifier.Meet(site, rarelyMet) is not { } met)
        {
            return false;
        }

        _buggifyStreams ??= [];
        if (!_buggifyStreams.TryGetValue(met, out RandomStream? stream))
        {
            stream = buggifier.StreamOf(met, Path, _trace!);
            _buggifyStreams.Add(met, stream);
        }

        if (stream.NextDouble() >= met.FireProbability)
        {
            return false;
        }

        met.Fired++;
        Report(WorldEventKind.Buggified, site);
        chance = stream;
        return true;
    }
}
