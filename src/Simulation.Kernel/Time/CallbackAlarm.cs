namespace Simulation.Kernel;

/// <summary>What <see cref="ActorSystem.CreateAlarm"/> hands out.</summary>
internal sealed class CallbackAlarm(ActorSystem system, Action callback) : Alarm(system)
{
    protected override void Ring() => callback();
}
