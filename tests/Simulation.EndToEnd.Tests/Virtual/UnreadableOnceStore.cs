using Simulation.History;

namespace Simulation.EndToEnd.Tests.Virtual;

/// <summary>Logs that cannot be read when the test says so, once each time: whoever follows them fails, and is made anew.</summary>
internal sealed class UnreadableOnceStore(IHistoryStore inner) : IHistoryStore
{
    private bool _failsNext;

    /// <summary>How often it failed.</summary>
    public int Failures { get; private set; }

    public string RunId => inner.RunId;

    public void FailNext() => _failsNext = true;

    public IReadOnlyList<string> Participants()
    {
        if (_failsNext)
        {
            _failsNext = false;
            Failures++;
            throw new IOException("The logs cannot be read.");
        }

        return inner.Participants();
    }

    public HistoryWriter Create(string participant, ParticipantKind kind) => inner.Create(participant, kind);

    public HistoryReader Read(string participant) => inner.Read(participant);

    public byte[]? ReadBeside(string name) => inner.ReadBeside(name);

    public void WriteBeside(string name, ReadOnlySpan<byte> bytes) => inner.WriteBeside(name, bytes);

    public void AppendBeside(string name, long behind, ReadOnlySpan<byte> bytes) => inner.AppendBeside(name, behind, bytes);

    public void DeleteBefore(string participant, int segment) => inner.DeleteBefore(participant, segment);
}
