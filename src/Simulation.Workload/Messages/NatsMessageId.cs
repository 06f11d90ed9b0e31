using System.Buffers.Text;

namespace Simulation.Workload;

/// <summary>
/// The identity of a message across the whole system, sent as <c>Nats-Msg-Id</c>: <c>&lt;run&gt;.&lt;partition&gt;.&lt;sequence&gt;</c>.
/// </summary>
/// <param name="run">The run's name in UTF-8; not empty. It may contain dots.</param>
public readonly ref struct NatsMessageId(ReadOnlySpan<byte> run, int partition, long sequence)
{
    public ReadOnlySpan<byte> Run { get; } = run;

    public int Partition { get; } = partition;

    public long Sequence { get; } = sequence;

    /// <summary>Bytes that the identity of any message of this run takes at most.</summary>
    public static int MaxLength(int runLength) => runLength + ".2147483647.9223372036854775807".Length;

    /// <returns>False when the destination is too small; see <see cref="MaxLength"/>.</returns>
    public bool TryFormat(Span<byte> destination, out int written)
    {
        written = 0;
        if (!Run.TryCopyTo(destination) || !AppendNumber(destination, Run.Length, Partition, out var end)
            || !AppendNumber(destination, end, Sequence, out end))
        {
            return false;
        }

        written = end;
        return true;
    }

    /// <summary>Reads what <see cref="TryFormat"/> wrote, and nothing else. <see cref="Run"/> is a part of the text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out NatsMessageId id)
    {
        id = default;
        if (!CutNumber(ref text, long.MaxValue, out var sequence) || !CutNumber(ref text, int.MaxValue, out var partition) || text.IsEmpty)
        {
            return false;
        }

        id = new NatsMessageId(text, (int)partition, sequence);
        return true;
    }

    private static bool AppendNumber(Span<byte> destination, int start, long number, out int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        end = start;
        if (start >= destination.Length || !Utf8Formatter.TryFormat(number, destination[(start + 1)..], out var digits))
        {
            return false;
        }

        destination[start] = (byte)'.';
        end = start + 1 + digits;
        return true;
    }

    private static bool CutNumber(ref ReadOnlySpan<byte> text, long max, out long number)
    {
        number = 0;
        var dot = text.LastIndexOf((byte)'.');
        if (dot < 0 || !DecimalText.TryRead(text[(dot + 1)..], max, out number, out var digits) || dot + 1 + digits != text.Length)
        {
            return false;
        }

        text = text[..dot];
        return true;
    }
}
