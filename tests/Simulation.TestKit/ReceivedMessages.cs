using System.Threading.Channels;
using Simulation.Kernel;

namespace Simulation.Testing;

internal sealed record Received(object Message, IActorRef? Sender);

/// <summary>What a probe was told, from its actor's turns to the test's thread.</summary>
internal sealed class ReceivedMessages
{
    private readonly Channel<Received> _messages = Channel.CreateUnbounded<Received>();

    internal int Count => _messages.Reader.Count;

    internal void Add(Received received) => _messages.Writer.TryWrite(received);

    internal Received? TryTake() => _messages.Reader.TryRead(out Received? received) ? received : null;

    internal async Task<Received?> NextAsync(TimeSpan patience)
    {
        if (TryTake() is { } waiting)
        {
            return waiting;
        }

        using CancellationTokenSource patienceOver = new(patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
        try
        {
            return await _messages.Reader.ReadAsync(patienceOver.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
