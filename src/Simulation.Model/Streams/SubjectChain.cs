namespace Simulation.Model;

/// <summary>What a stream knows of one subject: its messages in order, and who wants them. Found once for each publish.</summary>
internal sealed class SubjectChain(string subject)
{
    public string Subject => subject;

    public LogEntry? First { get; private set; }

    public LogEntry? Last { get; private set; }

    public long Count { get; private set; }

    /// <summary>The stream's consumers that want it; null when that has to be found out again.</summary>
    public ModelConsumer[]? Interested { get; set; }

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
