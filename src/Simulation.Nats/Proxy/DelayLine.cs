using System.Diagnostics;
using System.Threading.Channels;

namespace Simulation.Nats.Proxy;

/// <summary>Bytes that are on their way: each piece is sent when it is due, at no more than the bandwidth. Latency does not limit the rate; a full line does.</summary>
internal sealed class DelayLine
{
    private const long MostBytes = 16 << 20;

    /// <summary>A throttled link sends so many pieces a second at most.</summary>
    private const int PiecesPerSecond = 50;

    private const int SmallestPiece = 256;
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(5);

    private readonly Channel<(byte[] Bytes, long DueAt)> _pieces = Channel.CreateUnbounded<(byte[], long)>(new() { SingleReader = true, SingleWriter = true });
    private readonly Func<LinkConditions> _conditions;
    private readonly Func<ReadOnlyMemory<byte>, ValueTask> _send;
    private readonly Task _sending;
    private long _onTheWay;
    private long _freeAt;
    private long _lastDueAt;

    public DelayLine(Func<LinkConditions> conditions, Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        _conditions = conditions;
        _send = send;
        _sending = Task.Run(SendAllAsync);
    }

    public async Task AddAsync(ReadOnlyMemory<byte> bytes, LinkConditions conditions)
    {
        TimeSpan late = conditions.Latency + (conditions.Jitter * Random.Shared.NextDouble());
        _lastDueAt = Math.Max(_lastDueAt, Stopwatch.GetTimestamp() + Ticks(late));
        Interlocked.Add(ref _onTheWay, bytes.Length);
        _pieces.Writer.TryWrite((bytes.ToArray(), _lastDueAt));
        while (Interlocked.Read(ref _onTheWay) > MostBytes && !_sending.IsCompleted)
        {
            await Task.Delay(FullPause).ConfigureAwait(false);
        }

        if (_sending.IsFaulted)
        {
            await _sending.ConfigureAwait(false);
        }
    }

    /// <summary>Completes when the last byte has been sent.</summary>
    public Task DrainAsync()
    {
        _pieces.Writer.Complete();
        return _sending;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private async Task SendAllAsync()
    {
        await foreach ((byte[] bytes, long dueAt) in _pieces.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await UntilAsync(dueAt).ConfigureAwait(false);
            await SendPieceAsync(bytes).ConfigureAwait(false);
            Interlocked.Add(ref _onTheWay, -bytes.Length);
        }
    }

    private async Task SendPieceAsync(ReadOnlyMemory<byte> bytes)
    {
        while (_conditions().BytesPerSecond is { } rate && !bytes.IsEmpty)
        {
            int size = (int)Math.Min(bytes.Length, Math.Max(SmallestPiece, rate / PiecesPerSecond));
            await UntilAsync(_freeAt).ConfigureAwait(false);
            await _send(bytes[..size]).ConfigureAwait(false);
            _freeAt = Math.Max(_freeAt, Stopwatch.GetTimestamp()) + Ticks(TimeSpan.FromSeconds((double)size / rate));
            bytes = bytes[size..];
        }

        await _send(bytes).ConfigureAwait(false);
    }

    private static async Task UntilAsync(long moment)
    {
        while (moment > Stopwatch.GetTimestamp())
        {
            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), moment);
            await Task.Delay(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left).ConfigureAwait(false);
        }
    }
}
