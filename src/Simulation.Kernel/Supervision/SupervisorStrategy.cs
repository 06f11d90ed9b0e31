namespace Simulation.Kernel;

public abstract record SupervisorStrategy
{
    private protected SupervisorStrategy()
    {
    }

    /// <summary>Restarts at once, and stops the child after more than ten failures.</summary>
    public static SupervisorStrategy Default { get; } = new OneForOneStrategy(_ => Directive.Restart);

    internal abstract Directive Decide(Exception error);

    /// <returns>The pause before the restart, or null when the child has failed too often.</returns>
    internal abstract TimeSpan? PauseBeforeRestart(FailureRecord failures, TimeSpan now, RandomStream random);
}
