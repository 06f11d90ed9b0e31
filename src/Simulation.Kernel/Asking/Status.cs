namespace Simulation.Kernel;

public static class Status
{
    /// <summary>Answers an Ask with an error.</summary>
    public sealed record Failure(Exception Cause);
}
