using System.Collections.Concurrent;

namespace Simulation.TestServers.Proxy;

/// <summary>What a client has subscribed to: needed to address an answer that the server never gave.</summary>
internal sealed class Subscriptions
{
    private readonly ConcurrentDictionary<string, string[]> _tokensBySid = new();

    public void Observe(NatsFrame frame)
    {
        if (frame.Kind is not (FrameKind.Sub or FrameKind.Unsub))
        {
            return;
        }

        var words = frame.Line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        switch (frame.Kind)
        {
            case FrameKind.Sub when words.Length >= 3:
                _tokensBySid[words[^1]] = words[1].Split('.');
                break;

            // With a maximum the subscription goes on for a while; it is kept.
            case FrameKind.Unsub when words.Length == 2:
                _tokensBySid.TryRemove(words[1], out _);
                break;
        }
    }

    /// <returns>Null when nobody listens there.</returns>
    public string? SidFor(string subject)
    {
        var tokens = subject.Split('.');
        return _tokensBySid.FirstOrDefault(subscription => Matches(subscription.Value, tokens)).Key;
    }

    private static bool Matches(string[] pattern, string[] subject)
    {
        for (var token = 0; token < pattern.Length; token++)
        {
            if (pattern[token] == ">")
            {
                return subject.Length > token;
            }

            if (token == subject.Length || (pattern[token] != "*" && pattern[token] != subject[token]))
            {
                return false;
            }
        }

        return pattern.Length == subject.Length;
    }
}
