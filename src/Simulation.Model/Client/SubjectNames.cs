using System.Text;

namespace Simulation.Model;

/// <summary>One string for each subject, however often it is published to.</summary>
internal sealed class SubjectNames
{
    private const int Longest = 256;

    private readonly Dictionary<string, string> _known = [];
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public SubjectNames() => _lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Of(ReadOnlySpan<byte> subject)
    {
        Span<char> decoded = stackalloc char[Longest];
        if (!Encoding.UTF8.TryGetChars(subject, decoded, out int length))
        {
            return Encoding.UTF8.GetString(subject);
        }

        if (!_lookup.TryGetValue(decoded[..length], out string? name))
        {
            name = new string(decoded[..length]);
            _known.Add(name, name);
        }

        return name;
    }
}
