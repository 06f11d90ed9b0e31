using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>The seconds of a run whose records were compacted, as a <see cref="SeriesFold"/> told them: so much of a file, with this checksum.</summary>
internal struct SecondsFile
{
    public const string Name = "compacted.seconds";

    private long _length;
    private long _checksum;

    /// <summary>Puts more behind what there is; what may have been there from an attempt that was not finished goes.</summary>
    public void Append(IHistoryStore store, ReadOnlySpan<byte> seconds)
    {
        store.AppendBeside(Name, _length, seconds);
        _length += seconds.Length;
        _checksum = LogFormat.Checksum(seconds, (uint)_checksum);
    }

    /// <exception cref="InvalidDataException">They are not what was written.</exception>
    public readonly byte[] Read(IHistoryStore store)
    {
        byte[] there = store.ReadBeside(Name) ?? [];
        return there.Length >= _length && there[..(int)_length] is var seconds && LogFormat.Checksum(seconds) == _checksum
            ? seconds
            : throw new InvalidDataException($"{Name} is damaged");
    }

    public void Exchange(FoldArchive archive)
    {
        archive.Exchange(ref _length);
        archive.Exchange(ref _checksum);
    }
}
