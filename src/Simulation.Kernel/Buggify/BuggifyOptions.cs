namespace Simulation.Kernel;

/// <summary>How often rare but legal things are made to happen in a virtual world.</summary>
public sealed record BuggifyOptions
{
    /// <summary>Nothing is made to happen.</summary>
    public static BuggifyOptions Off { get; } = new() { SiteProbability = 0 };

    /// <summary>The probability that a site is enabled in a seed, 0 to 1; 0.25 by default.</summary>
    public double SiteProbability { get; init; } = 0.25;

    /// <summary>
    /// The lowest probability with which an enabled site fires when it is met; 0.001 by default. Each site draws its own, once in a thousand as
    /// likely as once in a hundred.
    /// </summary>
    public double MinFireProbability { get; init; } = 0.001;

    /// <summary>The highest probability with which an enabled site fires; 0.05 by default.</summary>
    public double MaxFireProbability { get; init; } = 0.05;

    /// <summary>So much more often a site fires that is met only a few times in a run; 10 by default.</summary>
    public double RarelyMetFactor { get; init; } = 10;

    /// <summary>Sites that are enabled in every seed and fire each time; they override the draw.</summary>
    public IReadOnlySet<string> Forced { get; init; } = new HashSet<string>();
}
