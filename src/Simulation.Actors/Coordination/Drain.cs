using System.Collections.Immutable;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>Waits until the stream's consumers have nothing pending and nothing awaits an acknowledgement.</summary>
internal sealed class Drain(IJetStreamConnection connection, RunTopology topology, int units)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Servers count late: a first zero may be the moment before a redelivery.</summary>
    private const int ZeroesInARow = 3;

    /// <summary>One that is missing delivers nothing and counts nothing; whoever owns its messages makes it again. Per worker nobody knows which there are.</summary>
    private readonly ImmutableArray<string> _required = topology.Layout.Layout == ConsumerLayout.PerWorker
        ? []
        : [.. topology.Layout.Units.Take(units).Select(unit => topology.Layout.ConsumerName(unit.Id, default))];

    /// <returns>Zero and zero when it is done; what is left when the time is up.</returns>
    public async ActorTask<DrainResult> RunAsync(IActorContext context, TimeSpan within)
    {
        TimeSpan deadline = context.Uptime + within;
        var last = new DrainResult(-1, -1);
        int zeroes = 0;
        while (zeroes < ZeroesInARow && context.Uptime < deadline)
        {
            try
            {
                ImmutableArray<ConsumerInfo> consumers = await connection.ListConsumersAsync(topology.Stream);
                last = Sum(consumers);
                last = context.IsPlanted(PlantedBugs.TailForgottenInDrain) ? last with { AckPending = 0 } : last;
                zeroes = last.IsDone && AreThere(consumers) ? zeroes + 1 : 0;
            }
            catch (JetStreamException)
            {
                zeroes = 0;
            }

            if (zeroes < ZeroesInARow)
            {
                await context.Delay(PollInterval);
            }
        }

        return zeroes == ZeroesInARow ? last : last with { TimedOut = true };
    }

    private bool AreThere(ImmutableArray<ConsumerInfo> consumers) =>
        consumers.Length >= _required.Length && consumers.Select(consumer => consumer.Config.Name).ToHashSet(StringComparer.Ordinal).IsSupersetOf(_required);

    private static DrainResult Sum(ImmutableArray<ConsumerInfo> consumers) =>
        new(consumers.Sum(consumer => consumer.Pending), consumers.Sum(consumer => consumer.AckPending));
}

/// <param name="Pending">Not delivered yet, over all consumers; -1 when the server never said.</param>
/// <param name="AckPending">Delivered and not acknowledged.</param>
internal sealed record DrainResult(long Pending, long AckPending, bool TimedOut = false)
{
    public bool IsDone => Pending == 0 && AckPending == 0;
}
