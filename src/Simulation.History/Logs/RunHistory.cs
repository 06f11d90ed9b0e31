using System.Buffers.Binary;
using System.Text;

namespace Simulation.History;

/// <summary>The history of a run that was recorded earlier, or by somebody else.</summary>
public static class RunHistory
{
    public const string FolderName = "history";

    /// <param name="runFolder">The folder of the run, or its <c>history</c> folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no history in it.</exception>
    public static FileHistoryStore Open(string runFolder) => FirstSegment(runFolder) is { } segment
        ? new FileHistoryStore(FolderOf(runFolder), RunIdOf(segment))
        : throw new DirectoryNotFoundException($"'{runFolder}' holds no history: expected {FolderName}/<participant>/<segment>.hist in it.");

    /// <summary>Whether there is anything to open.</summary>
    public static bool IsIn(string runFolder) => FirstSegment(runFolder) is not null;

    private static string FolderOf(string runFolder) =>
        Path.Combine(runFolder, FolderName) is var folder && Directory.Exists(folder) ? folder : runFolder;

    private static string? FirstSegment(string runFolder) => FolderOf(runFolder) is var folder && Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.hist", SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault()
        : null;

    /// <summary>What the first segment says; if it says nothing readable, reading it reports that.</summary>
    private static string RunIdOf(string path)
    {
        byte[] header = new byte[LogFormat.FixedHeader + ushort.MaxValue];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (length < LogFormat.FixedHeader)
        {
            return "";
        }

        int run = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        return Encoding.UTF8.GetString(header, LogFormat.FixedHeader, Math.Min(run, length - LogFormat.FixedHeader));
    }
}
