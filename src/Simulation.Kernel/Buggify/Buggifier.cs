namespace Simulation.Kernel;

/// <summary>
/// Decides, for one virtual world, which rare but legal things happen. Which sites are enabled, and how often they fire, is drawn from a stream
/// of each site's name; whether one fires, from a stream of the site and the actor. So it disturbs no other draw.
/// </summary>
public sealed class Buggifier
{
    private readonly ulong _seed;
    private readonly BuggifyOptions _options;
    private readonly Dictionary<string, BuggifySite> _sites = [];

    /// <summary>Of those met last, one for each length of name: names are constants of the code, so that the same one is the same object.</summary>
    private readonly BuggifySite?[] _recent = new BuggifySite[64];

    internal Buggifier(ulong seed, BuggifyOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.MinFireProbability, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFireProbability, options.MinFireProbability);
        _seed = seed;
        _options = options;
    }

    /// <summary>Whether sites fire at all. Set it to false from within the world (a scheduled callback, say) and everything is ordinary from then on.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>The sites that code has come by so far, by name.</summary>
    public IEnumerable<BuggifySite> Sites => _sites.Values.OrderBy(site => site.Name, StringComparer.Ordinal);

    /// <summary>Counts the meeting with the site.</summary>
    /// <returns>The site, if it may fire now.</returns>
    internal BuggifySite? Meet(string name, bool rarelyMet)
    {
        ref BuggifySite? recent = ref _recent[name.Length & (_recent.Length - 1)];
        BuggifySite site = recent is not null && ReferenceEquals(recent.Name, name) ? recent : recent = Find(name, rarelyMet);
        site.Met++;
        return IsOn && site.IsEnabled ? site : null;
    }

    private BuggifySite Find(string name, bool rarelyMet)
    {
        if (!_sites.TryGetValue(name, out BuggifySite? site))
        {
            site = new BuggifySite(name, DrawFireProbability(name, rarelyMet));
            _sites.Add(name, site);
        }

        return site;
    }

    internal RandomStream StreamOf(BuggifySite site, string actor, TraceHash trace) => RandomStream.Derive(_seed, $"buggify/{site.Name}@{actor}", trace);

    private double DrawFireProbability(string site, bool rarelyMet)
    {
        if (_options.Forced.Contains(site))
        {
            return 1;
        }

        RandomStream chance = RandomStream.Derive(_seed, $"buggify/{site}");
        if (chance.NextDouble() >= _options.SiteProbability)
        {
            return 0;
        }

        double share = chance.NextDouble();
        double probability = _options.MinFireProbability * Math.Pow(_options.MaxFireProbability / _options.MinFireProbability, share);
        return rarelyMet ? Math.Min(1, probability * _options.RarelyMetFactor) : probability;
    }
}
