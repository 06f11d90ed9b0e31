using System.Collections.Immutable;

namespace Simulation.Nats.Embedded;

/// <summary>One configured package archive of a Debian or Ubuntu machine. Reads both of apt's formats: one line, and deb822 stanzas.</summary>
/// <param name="SignedBy">Key files, fingerprints, or a whole key, as it was written; null for apt's default keys.</param>
internal sealed record AptSource(string Uri, ImmutableArray<string> Suites, ImmutableArray<string> Components, string? SignedBy, bool Trusted)
{
    /// <summary>Reads a <c>.list</c> file: <c>deb [signed-by=… trusted=yes] uri suite component…</c>.</summary>
    public static IEnumerable<AptSource> ParseOneLine(string text)
    {
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Split('#')[0].Replace('\t', ' ').Trim();
            if (!line.StartsWith("deb ", StringComparison.Ordinal))
            {
                continue;
            }

            line = line[4..].TrimStart();
            var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            if (line.StartsWith('[') && line.IndexOf(']') is var close and > 0)
            {
                foreach (string option in Words(line[1..close]))
                {
                    int equals = option.IndexOf('=');
                    options[equals < 0 ? option : option[..equals]] = equals < 0 ? "" : option[(equals + 1)..];
                }

                line = line[(close + 1)..];
            }

            if (Words(line) is [var uri, var suite, .. var components])
            {
                yield return new AptSource(uri, [suite], [.. components], options.GetValueOrDefault("signed-by"), IsYes(options.GetValueOrDefault("trusted")));
            }
        }
    }

    /// <summary>Reads a <c>.sources</c> file.</summary>
    public static IEnumerable<AptSource> ParseDeb822(string text)
    {
        foreach (Dictionary<string, string> stanza in Stanzas(text))
        {
            bool enabled = !string.Equals(stanza.GetValueOrDefault("Enabled")?.Trim(), "no", StringComparison.OrdinalIgnoreCase);
            if (!enabled || !Words(stanza.GetValueOrDefault("Types")).Contains("deb"))
            {
                continue;
            }

            foreach (string uri in Words(stanza.GetValueOrDefault("URIs")))
            {
                yield return new AptSource(
                    uri,
                    [.. Words(stanza.GetValueOrDefault("Suites"))],
                    [.. Words(stanza.GetValueOrDefault("Components"))],
                    stanza.GetValueOrDefault("Signed-By"),
                    IsYes(stanza.GetValueOrDefault("Trusted")));
            }
        }
    }

    /// <summary>This archive, another suite, package lists only: what a private apt needs.</summary>
    public string ToDeb822(string suite)
    {
        string stanza = $"Types: deb\nURIs: {Uri}\nSuites: {suite}\nComponents: {string.Join(' ', Components)}\nTargets: Packages\n";
        stanza += SignedBy is null ? "" : $"Signed-By: {SignedBy}\n";
        return stanza + (Trusted ? "Trusted: yes\n" : "");
    }

    private static IEnumerable<Dictionary<string, string>> Stanzas(string text)
    {
        var stanza = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string field = "";
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd()).Where(line => !line.StartsWith('#')).Append(""))
        {
            if (line.Length == 0)
            {
                if (stanza.Count > 0)
                {
                    yield return stanza;
                }

                stanza = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            }
            else if (line[0] == ' ' || line[0] == '\t')
            {
                stanza[field] = stanza.GetValueOrDefault(field) + "\n" + line;
            }
            else if (line.IndexOf(':') is var colon and > 0)
            {
                field = line[..colon];
                stanza[field] = line[(colon + 1)..].Trim();
            }
        }
    }

    private static string[] Words(string? text) => (text ?? "").Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsYes(string? value) => string.Equals(value?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
}
