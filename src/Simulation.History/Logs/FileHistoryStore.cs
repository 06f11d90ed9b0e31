namespace Simulation.History;

/// <summary>Logs as memory-mapped files: <c>&lt;folder&gt;/&lt;participant&gt;/&lt;segment&gt;.hist</c>.</summary>
public sealed class FileHistoryStore : IHistoryStore
{
    private readonly string _folder;

    /// <param name="folder">The <c>history</c> folder of the run; made if it is not there.</param>
    /// <param name="runId">Written into every segment.</param>
    public FileHistoryStore(string folder, string runId)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        RunId = runId;
    }

    public string RunId { get; }

    public HistoryWriter Create(string participant, ParticipantKind kind) =>
        new(new FileSegments(Path.Combine(_folder, Names.Checked(participant))), RunId, participant, kind);

    public IReadOnlyList<string> Participants()
    {
        string[] names = [.. Directory.EnumerateDirectories(_folder).Select(path => Path.GetFileName(path))];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public HistoryReader Read(string participant) =>
        new(new FileSegments(Path.Combine(_folder, Names.Checked(participant))), participant, RunId);
}
