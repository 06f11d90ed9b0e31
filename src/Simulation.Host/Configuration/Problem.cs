namespace Simulation.Host.Configuration;

/// <summary>One thing wrong with the configuration, where it is, and what would be right.</summary>
public sealed record Problem(Origin Where, string Message)
{
    public override string ToString() => $"{Where}: {Message}";
}
