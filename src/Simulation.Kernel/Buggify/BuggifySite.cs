namespace Simulation.Kernel;

/// <summary>A place in the code where a rare but legal thing may be made to happen, and how that went in one world.</summary>
public sealed class BuggifySite
{
    internal BuggifySite(string name, double fireProbability)
    {
        Name = name;
        FireProbability = fireProbability;
    }

    /// <summary>For example <c>group.renewal-late</c>.</summary>
    public string Name { get; }

    /// <summary>Whether this seed has chosen it.</summary>
    public bool IsEnabled => FireProbability > 0;

    /// <summary>How often it fires when it is met; 0 when it is not enabled.</summary>
    public double FireProbability { get; }

    /// <summary>How often code has come by.</summary>
    public long Met { get; internal set; }

    /// <summary>How often the rare thing was made to happen.</summary>
    public long Fired { get; internal set; }
}
