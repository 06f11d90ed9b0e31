namespace Simulation.Model;

/// <summary>What a stream knows of one subject: its messages in order, and who wants them. Found once for each publish.</summary>
internal sealed class SubjectChain(string subject)
{
    public string Subject => subject;

    public LogEntry? First { get; private set; }

    public LogEntry? Last { get; private set; }

    public long Count { get; private set; }

    /// <summary>The stream's consumers that want it, in the order of their names; null when that has to be found out again.</summary>
    public ModelConsumer[]? Interested { get; set; }

    /// <summary>A consumer that wants it has come.</summary>
    public void Add(ModelConsumer consumer)
    {
        if (Interested is { } present)
        {
            int place = Array.FindIndex(present, other => string.CompareOrdinal(other.Config.Name, consumer.Config.Name) > 0);
            int before = place < 0 ? present.Length : place;
            Interested = [.. present.AsSpan(0, before), consumer, .. present.AsSpan(before)];
        }
    }

    /// <summary>A consumer that wanted it is gone.</summary>
    public void Remove(ModelConsumer consumer) => Interested = Interested is { } present ? Array.FindAll(present, other => other != consumer) : null;

    public void Append(LogEntry entry)
    {
        Count++;
        entry.PreviousOfSubject = Last;
        First ??= entry;
        if (Last is not null)
        {
            Last.NextOfSubject = entry;
        }

        Last = entry;
    }

    public void Remove(LogEntry entry)
    {
        Count--;
        First = entry.PreviousOfSubject is null ? entry.NextOfSubject : First;
        Last = entry.NextOfSubject is null ? entry.PreviousOfSubject : Last;
        if (entry.PreviousOfSubject is not null)
        {
            entry.PreviousOfSubject.NextOfSubject = entry.NextOfSubject;
        }

        if (entry.NextOfSubject is not null)
        {
            entry.NextOfSubject.PreviousOfSubject = entry.PreviousOfSubject;
        }
    }
}
