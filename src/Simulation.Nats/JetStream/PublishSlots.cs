using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;

namespace Simulation.Nats.JetStream;

/// <summary>
/// The publishes that await their answer. A slot is filled under the sender's lock and emptied without one, by whoever ends the publish
/// first (its answer, its timeout, the loss of the link): a compare-and-swap on the slot's number decides, so that the thread that reads
/// answers and the one that sends never wait for each other.
/// </summary>
internal sealed class PublishSlots
{
    private const int SegmentBits = 10;
    private const int SegmentSize = 1 << SegmentBits;

    /// <summary>A number is a running count and, in its low bits, the place of the slot: an answer to an earlier use of the place fits nobody.</summary>
    private const int PlaceBits = 20;
    private const long Free = 0;
    private const long BeingFilled = -1;
    private const long BeingEmptied = -2;

    /// <summary>Grows by whole segments; a segment never moves.</summary>
    private Slot[][] _segments = [new Slot[SegmentSize]];
    private long _count;
    private int _next;
    private int _outstanding;

    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>How many publishes there have been: what <see cref="TakeBefore"/> takes for "until now".</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Under the sender's lock.</summary>
    /// <returns>The number by which the answer will name the publish.</returns>
    public long Fill(Promise<PublishOutcome> promise, long deadline)
    {
        int place = FreePlace();
        ref Slot slot = ref SlotAt(place);
        long number = (++_count << PlaceBits) | (uint)place;
        slot.Number = BeingFilled;
        slot.Promise = promise;
        slot.Deadline = deadline;
        Interlocked.Increment(ref _outstanding);
        Volatile.Write(ref slot.Number, number);
        return number;
    }

    /// <returns>The promise of a publish that has not ended; null when it has, or never was.</returns>
    public Promise<PublishOutcome>? Take(long number)
    {
        int place = (int)(number & ((1 << PlaceBits) - 1));
        if (number <= 0 || place >= Volatile.Read(ref _segments).Length << SegmentBits)
        {
            return null;
        }

        ref Slot slot = ref SlotAt(place);
        if (Interlocked.CompareExchange(ref slot.Number, BeingEmptied, number) != number)
        {
            return null;
        }

        Promise<PublishOutcome> promise = slot.Promise;
        slot.Promise = default;
        Volatile.Write(ref slot.Number, Free);
        Interlocked.Decrement(ref _outstanding);
        return promise;
    }

    /// <summary>Every publish that is among the first <paramref name="count"/> and has not ended.</summary>
    public IEnumerable<Promise<PublishOutcome>> TakeBefore(long count)
    {
        foreach (long number in Numbers())
        {
            if (number >> PlaceBits <= count && Take(number) is { } promise)
            {
                yield return promise;
            }
        }
    }

    /// <summary>Every publish whose time is up.</summary>
    /// <param name="earliest">The next deadline of those that are left.</param>
    public List<Promise<PublishOutcome>> TakeOverdue(long now, out long earliest)
    {
        earliest = DeadlineTimer.Never;
        List<Promise<PublishOutcome>> overdue = [];
        foreach (long number in Numbers())
        {
            // The slot may serve another publish by the time its deadline is read; then its number does not fit any more, or it is not overdue.
            long deadline = Volatile.Read(ref SlotAt((int)(number & ((1 << PlaceBits) - 1))).Deadline);
            if (deadline > now)
            {
                earliest = Math.Min(earliest, deadline);
            }
            else if (Take(number) is { } promise)
            {
                overdue.Add(promise);
            }
        }

        return overdue;
    }

    private IEnumerable<long> Numbers()
    {
        foreach (Slot[] segment in Volatile.Read(ref _segments))
        {
            for (int i = 0; i < segment.Length; i++)
            {
                long number = Volatile.Read(ref segment[i].Number);
                if (number > 0)
                {
                    yield return number;
                }
            }
        }
    }

    private ref Slot SlotAt(int place) => ref Volatile.Read(ref _segments)[place >> SegmentBits][place & (SegmentSize - 1)];

    /// <summary>Answers come mostly in order, so the next place is nearly always free.</summary>
    private int FreePlace()
    {
        int places = _segments.Length << SegmentBits;
        for (int tried = 0; tried < places; tried++)
        {
            int place = _next;
            _next = _next + 1 == places ? 0 : _next + 1;
            if (Volatile.Read(ref SlotAt(place).Number) == Free)
            {
                return place;
            }
        }

        if (places == 1 << PlaceBits)
        {
            throw new InvalidOperationException($"More than {places} publishes of one connection await their answers.");
        }

        Volatile.Write(ref _segments, [.. _segments, new Slot[SegmentSize]]);
        _next = places + 1 == places + SegmentSize ? 0 : places + 1;
        return places;
    }

    private struct Slot
    {
        public long Number;
        public long Deadline;
        public Promise<PublishOutcome> Promise;
    }
}
