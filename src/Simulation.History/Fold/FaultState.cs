namespace Simulation.History;

internal sealed class FaultState(string what)
{
    public string What = what;
    public bool Started;
    public bool Bit;
    public string? Missed;
}
