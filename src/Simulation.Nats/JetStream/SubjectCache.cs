using System.Text;

namespace Simulation.Nats.JetStream;

/// <summary>One string per subject, however many messages it has. Used by the reading loop alone.</summary>
internal sealed class SubjectCache
{
    private const int InitialPlaces = 64;
    private const int MostSubjects = 1 << 16;

    private Entry[] _entries = new Entry[InitialPlaces];
    private int _count;

    public string Intern(ReadOnlySpan<byte> subject)
    {
        int hash = Hash(subject);
        int mask = _entries.Length - 1;
        int place = hash & mask;
        while (_entries[place].Bytes is { } bytes)
        {
            if (_entries[place].Hash == hash && subject.SequenceEqual(bytes))
            {
                return _entries[place].Text;
            }

            place = (place + 1) & mask;
        }

        string text = Encoding.UTF8.GetString(subject);
        if (_count < MostSubjects)
        {
            _entries[place] = new Entry(hash, subject.ToArray(), text);
            if (++_count * 2 > _entries.Length)
            {
                Grow();
            }
        }

        return text;
    }

    private void Grow()
    {
        Entry[] old = _entries;
        _entries = new Entry[old.Length * 2];
        int mask = _entries.Length - 1;
        foreach (Entry entry in old)
        {
            if (entry.Bytes is null)
            {
                continue;
            }

            int place = entry.Hash & mask;
            while (_entries[place].Bytes is not null)
            {
                place = (place + 1) & mask;
            }

            _entries[place] = entry;
        }
    }

    /// <summary>FNV-1a.</summary>
    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 16777619;
        }

        return (int)(hash ^ (hash >> 15));
    }

    private readonly record struct Entry(int Hash, byte[]? Bytes, string Text);
}
