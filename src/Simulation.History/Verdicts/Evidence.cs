using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Simulation.History;

/// <summary>Everything that was recorded about one message that something is wrong with.</summary>
/// <param name="Class">What is wrong.</param>
/// <param name="Message">Which; <see cref="MessageId.None"/> for one that did not say who it is.</param>
/// <param name="Records">In order of time.</param>
public sealed record Evidence(VerdictClass Class, MessageId Message, ImmutableArray<EvidenceRecord> Records)
{
    /// <summary>Of a lost one: head, middle or tail of its partition.</summary>
    public string? Where { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{VerdictText.NameOf(Class)}: ");
        text.Append(Message.IsNone ? "a message that does not say who it is"
            : string.Create(CultureInfo.InvariantCulture, $"partition {Message.Partition}, sequence {Message.Sequence}"));
        text.Append(Where is null ? "" : $" ({Where})");
        foreach (EvidenceRecord record in Records)
        {
            text.Append("\n    ").Append(record);
        }

        return text.ToString();
    }
}

/// <param name="Participant">Whose log says so.</param>
/// <param name="Record">What it says.</param>
public sealed record EvidenceRecord(string Participant, HistoryRecord Record)
{
    /// <summary>In words, without when and who.</summary>
    public string Description => VerdictText.Describe(Record);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Record.At:yyyy-MM-dd HH:mm:ss.ffffff}  {Participant}: {Description}");
}
