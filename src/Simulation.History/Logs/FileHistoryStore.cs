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
        new(Segments(participant), RunId, participant, kind);

    public IReadOnlyList<string> Participants()
    {
        string[] names = [.. Directory.EnumerateDirectories(_folder).Select(path => Path.GetFileName(path))];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public HistoryReader Read(string participant) =>
        new(Segments(participant), participant, RunId);

    public byte[]? ReadBeside(string name)
    {
        string path = Path.Combine(_folder, name);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    public void WriteBeside(string name, ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(_folder, name);
        string unfinished = path + ".new";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    public void AppendBeside(string name, long behind, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(Path.Combine(_folder, name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(behind);
        file.Position = behind;
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    public void DeleteBefore(string participant, int segment) => Segments(participant).DeleteBefore(segment);

    private FileSegments Segments(string participant) => new(Path.Combine(_folder, Names.Checked(participant)));
}
