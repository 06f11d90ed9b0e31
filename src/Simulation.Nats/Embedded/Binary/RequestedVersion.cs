namespace Simulation.Nats.Embedded;

/// <summary>
/// Which nats-server is wanted: <c>any</c> (prefer the newest), a series such as <c>2.10</c> (the newest of it), or one release such as
/// <c>2.10.27</c>.
/// </summary>
public sealed record RequestedVersion
{
    private readonly int[] _parts;

    private RequestedVersion(string text, int[] parts) => (Text, _parts) = (text, parts);

    public static RequestedVersion Any { get; } = new("any", []);

    public string Text { get; }

    /// <summary>A single release, not a series.</summary>
    public bool IsExact => _parts.Length == 3;

    /// <exception cref="FormatException">Not <c>any</c> and not one to three numbers joined by dots.</exception>
    public static RequestedVersion Parse(string text)
    {
        string trimmed = text.Trim().TrimStart('v');
        if (trimmed is "" or "any")
        {
            return Any;
        }

        string[] fields = trimmed.Split('.');
        var parts = new int[fields.Length];
        bool valid = fields.Length <= 3;
        for (int i = 0; i < fields.Length; i++)
        {
            valid &= int.TryParse(fields[i], out parts[i]) && parts[i] >= 0;
        }

        return valid
            ? new RequestedVersion(trimmed, parts)
            : throw new FormatException($"'{text}' is not a nats-server version. Write any, a series such as 2.10, or a release such as 2.10.27.");
    }

    public bool Matches(Version version)
    {
        ReadOnlySpan<int> actual = [version.Major, version.Minor, version.Build];
        return actual.StartsWith(_parts);
    }

    public bool Equals(RequestedVersion? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
