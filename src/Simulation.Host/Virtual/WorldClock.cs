using Simulation.Kernel;

namespace Simulation.Host.Virtual;

/// <summary>The clock of a virtual world, for logs: UTC everywhere, whatever the machine's time zone.</summary>
internal sealed class WorldClock(ActorSystem system) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => system.Now;
}
