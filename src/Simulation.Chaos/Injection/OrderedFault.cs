using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>A fault that the coordinator was ordered to inject, once for each target. It bit when every order was answered so.</summary>
/// <param name="coordinator">Of the run.</param>
/// <param name="orders">One for each target.</param>
/// <param name="lasts">Null when it is over as soon as it is answered.</param>
internal sealed class OrderedFault(IActorRef coordinator, ImmutableArray<ParticipantFault> orders, TimeSpan? lasts) : IActiveFault
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>A worker that is slow for a while answers when it has been slow.</summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(2);

    /// <summary>The others are answered once they are done: a worker that leaves in order hands over first, and one that is away is waited for.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(90);

    /// <summary>For whoever had nothing to do so far, and has nothing to show now.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private readonly FaultAnswer?[] _answers = new FaultAnswer?[orders.Length];

    public string? Proof => orders.Length > 0 && _answers.All(answer => answer is { Bit: true }) ? Observed.Together(_answers.Select(answer => answer!.Text)) : null;

    public string Doubt => Observed.Together(_answers.Where(answer => answer is not { Bit: true }).Select(answer => answer?.Text ?? "nothing was seen").DefaultIfEmpty("nobody was hit"));

    public bool IsToBeFelt { get; } = orders.Any(order => order is SlowWorker or LoseAcks);

    public async ActorTask BeginAsync(IActorContext context)
    {
        for (int index = 0; index < orders.Length; index++)
        {
            int one = index;
            context.Spawn(() => OrderAsync(one, context));
        }

        await UntilAnsweredAsync(context, !IsToBeFelt ? LastPatience : lasts < FirstPatience ? lasts.Value : FirstPatience);
    }

    public async ActorTask EndAsync(IActorContext context)
    {
        if (lasts is null)
        {
            return;
        }

        // Whoever was crashed comes back by itself when its time is over.
        foreach (ParticipantFault order in orders.Where(order => order is PauseWorker or SlowWorker or LoseAcks))
        {
            await UndoAsync(order, context);
        }

        await UntilAnsweredAsync(context, EndPatience);
    }

    /// <summary>A worker that is gone by now has nothing to undo, and does not answer.</summary>
    private async ActorTask UndoAsync(ParticipantFault order, IActorContext context)
    {
        try
        {
            await context.Ask<FaultAnswer>(coordinator, new Undo(order), EndPatience);
        }
        catch (AskTimeoutException)
        {
            context.System.Log.Write(LogLevel.Debug, ChaosActor.LogSource, $"nobody answered that {order} is undone");
        }
    }

    private async ActorTask OrderAsync(int index, IActorContext context)
    {
        try
        {
            _answers[index] = await context.Ask<FaultAnswer>(coordinator, orders[index], (lasts ?? TimeSpan.Zero) + ChaosActor.FeltPatience + LastPatience);
        }
        catch (AskTimeoutException)
        {
            _answers[index] = FaultAnswer.Missed("nobody answered");
        }
    }

    private async ActorTask UntilAnsweredAsync(IActorContext context, TimeSpan patience)
    {
        TimeSpan deadline = context.Uptime + patience;
        while (_answers.Contains(null) && context.Uptime < deadline)
        {
            await context.Delay(Poll);
        }
    }
}
