namespace Simulation.Model;

/// <summary>The messages of a stream, in order, found by sequence and by subject. Every change is of constant cost.</summary>
internal sealed class MessageLog
{
    private readonly Dictionary<ulong, LogEntry> _bySequence = [];
    private readonly Dictionary<string, SubjectChain> _bySubject = [];

    private bool _wasPurged;

    public LogEntry? First { get; private set; }

    public LogEntry? Last { get; private set; }

    public long Count => _bySequence.Count;

    public long Bytes { get; private set; }

    /// <summary>Of the last message ever stored or skipped.</summary>
    public ulong LastSequence { get; private set; }

    public ulong FirstSequence => First?.Sequence ?? (LastSequence == 0 && !_wasPurged ? 0 : LastSequence + 1);

    public LogEntry? Find(ulong sequence) => _bySequence.GetValueOrDefault(sequence);

    /// <summary>Of every subject that was ever asked for.</summary>
    public IEnumerable<SubjectChain> Chains => _bySubject.Values;

    /// <returns>The subject's messages, perhaps none.</returns>
    public SubjectChain ChainOf(string subject)
    {
        if (!_bySubject.TryGetValue(subject, out SubjectChain? chain))
        {
            _bySubject.Add(subject, chain = new SubjectChain(subject));
        }

        return chain;
    }

    /// <param name="filter">A subject, wildcards allowed.</param>
    public LogEntry? LastOf(string filter)
    {
        if (_bySubject.TryGetValue(filter, out SubjectChain? chain))
        {
            return chain.Last;
        }

        LogEntry? last = null;
        foreach (SubjectChain candidate in Chains)
        {
            if (candidate.Last?.Sequence > (last?.Sequence ?? 0) && Subjects.Matches(filter, candidate.Subject))
            {
                last = candidate.Last;
            }
        }

        return last;
    }

    /// <returns>The last message of each subject, in the order of the stream.</returns>
    public IEnumerable<LogEntry> LastOfEach() => Chains.Select(chain => chain.Last).OfType<LogEntry>().OrderBy(entry => entry.Sequence);

    /// <returns>The messages from that sequence on. Removing the one in hand is allowed.</returns>
    public IEnumerable<LogEntry> From(ulong sequence)
    {
        LogEntry? entry = First;
        if (First is not null && sequence > First.Sequence)
        {
            entry = FirstAtOrBehind(sequence);
        }

        while (entry is not null)
        {
            LogEntry? next = entry.Next;
            yield return entry;
            entry = next;
        }
    }

    public void Append(LogEntry entry)
    {
        LastSequence = entry.Sequence;
        Bytes += entry.Size;
        _bySequence.Add(entry.Sequence, entry);
        entry.Previous = Last;
        if (Last is null)
        {
            First = entry;
        }
        else
        {
            Last.Next = entry;
        }

        Last = entry;
        entry.Chain.Append(entry);
    }

    /// <summary>It was emptied on purpose: from now on it says where it begins, even if it never held anything.</summary>
    public void MarkPurged() => _wasPurged = true;

    /// <summary>Uses up a sequence without storing anything.</summary>
    public void Skip() => LastSequence++;

    public void Remove(LogEntry entry)
    {
        _bySequence.Remove(entry.Sequence);
        Bytes -= entry.Size;
        (First, Last) = (entry.Previous is null ? entry.Next : First, entry.Next is null ? entry.Previous : Last);
        if (entry.Previous is not null)
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is not null)
        {
            entry.Next.Previous = entry.Previous;
        }

        entry.Chain.Remove(entry);
        entry.IsGone = true;
    }

    /// <summary>Forgets what was stored after that time, as if it had never been: its sequences will be given away again.</summary>
    /// <returns>How many those were.</returns>
    public long ForgetAfter(DateTimeOffset time)
    {
        long forgotten = 0;
        for (; Last is { } last && last.Time > time; forgotten++)
        {
            Remove(last);
            LastSequence = last.Sequence - 1;
        }

        if (forgotten > 0 && Last is { } kept)
        {
            LastSequence = kept.Sequence;
        }

        return forgotten;
    }

    /// <summary>The messages of one file, from some place in the log to that file's end.</summary>
    /// <param name="at">The place, as a share of all bytes.</param>
    /// <param name="fileSize">In bytes.</param>
    public IReadOnlyList<ulong> RestOfFile(double at, long fileSize)
    {
        long begin = (long)(Bytes * Math.Clamp(at, 0, 1));
        long end = ((begin / fileSize) + 1) * fileSize;
        var rest = new List<ulong>();
        long offset = 0;
        foreach (LogEntry entry in From(0))
        {
            offset += entry.Size;
            if (offset > begin && offset - entry.Size < end)
            {
                rest.Add(entry.Sequence);
            }
        }

        return rest;
    }

    /// <summary>Forgets messages that can no longer be read. If the last ones are among them, their sequences will be given away again.</summary>
    /// <returns>How many there were.</returns>
    public long ForgetUnreadable(IReadOnlyList<ulong> sequences)
    {
        long forgotten = 0;
        bool forgetsLast = Last is { } last && sequences.Count > 0 && sequences[^1] == last.Sequence;
        foreach (ulong sequence in sequences)
        {
            if (Find(sequence) is { } entry)
            {
                Remove(entry);
                forgotten++;
            }
        }

        LastSequence = forgetsLast ? Last?.Sequence ?? 0 : LastSequence;
        return forgotten;
    }

    /// <summary>Most who ask stand near the end, so it is looked for from there when it is itself gone.</summary>
    private LogEntry? FirstAtOrBehind(ulong sequence)
    {
        if (_bySequence.TryGetValue(sequence, out LogEntry? exact))
        {
            return exact;
        }

        LogEntry? found = null;
        for (LogEntry? entry = Last; entry is not null && entry.Sequence > sequence; entry = entry.Previous)
        {
            found = entry;
        }

        return found;
    }
}
