using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Waits until the run's consumers have nothing pending and nothing awaits an acknowledgement.</summary>
/// <param name="connection">To whom the consumers are.</param>
/// <param name="stream">Theirs.</param>
/// <param name="carriers">Names of the consumers through which all of the run's partitions are pulled; null while somebody is missing who would pull.</param>
internal sealed class Drain(IJetStreamConnection connection, string stream, Func<IReadOnlySet<string>?> carriers)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Servers count late: a first zero may be the moment before a redelivery.</summary>
    private const int ZeroesInARow = 3;

    /// <returns>
    /// Zero and zero when it is done; what is left when the time is up. What is left in consumers that nobody pulls is waited for, because somebody
    /// may come back who does; and when nobody did, it is stranded, and the drain is over all the same.
    /// </returns>
    public async ActorTask<DrainResult> RunAsync(IActorContext context, TimeSpan within)
    {
        TimeSpan deadline = context.Uptime + within;
        var last = new DrainResult(-1, -1);
        (int done, int pulledDry) = (0, 0);
        while (done < ZeroesInARow && context.Uptime < deadline)
        {
            try
            {
                ImmutableArray<ConsumerInfo> consumers = await connection.ListConsumersAsync(stream);
                IReadOnlySet<string>? carrying = carriers();
                last = Sum(consumers);
                last = context.IsPlanted(PlantedBugs.TailForgottenInDrain) ? last with { AckPending = 0 } : last;
                bool areThere = AreThere(carrying, consumers);
                done = areThere && last.IsDone ? done + 1 : 0;
                pulledDry = areThere && Sum(consumers.Where(consumer => carrying!.Contains(consumer.Config.Name))).IsDone ? pulledDry + 1 : 0;
            }
            catch (JetStreamException)
            {
                (done, pulledDry) = (0, 0);
            }

            if (done < ZeroesInARow)
            {
                await context.Delay(PollInterval);
            }
        }

        return last with { TimedOut = done < ZeroesInARow && pulledDry < ZeroesInARow };
    }

    /// <summary>One that is missing delivers nothing and counts nothing; whoever owns its messages makes it again.</summary>
    private static bool AreThere([NotNullWhen(true)] IReadOnlySet<string>? carrying, ImmutableArray<ConsumerInfo> consumers) =>
        carrying is not null && carrying.IsSubsetOf(consumers.Select(consumer => consumer.Config.Name));

    private static DrainResult Sum(IEnumerable<ConsumerInfo> consumers) =>
        new(consumers.Sum(consumer => consumer.Pending), consumers.Sum(consumer => consumer.AckPending));
}

/// <param name="Pending">Not delivered yet, over all consumers; -1 when the server never said.</param>
/// <param name="AckPending">Delivered and not acknowledged.</param>
internal sealed record DrainResult(long Pending, long AckPending, bool TimedOut = false)
{
    public bool IsDone => Pending == 0 && AckPending == 0;
}
