using System.Text;
using System.Text.Json.Nodes;

namespace Simulation.TestServers.Proxy;

/// <summary>The answer of a stream to a publish: <c>{"stream":"ORDERS","seq":7}</c>.</summary>
public static class PublishAcknowledgement
{
    public static string Text(string stream, ulong sequence) => new JsonObject { ["stream"] = stream, ["seq"] = sequence }.ToJsonString();

    public static ulong SequenceOf(NatsFrame acknowledgement) => Parse(acknowledgement)["seq"]!.GetValue<ulong>();

    /// <summary>The same answer with another sequence.</summary>
    public static NatsFrame WithSequence(NatsFrame acknowledgement, ulong sequence)
    {
        var answer = Parse(acknowledgement);
        answer["seq"] = sequence;
        return acknowledgement with { Payload = Encoding.UTF8.GetBytes(answer.ToJsonString()) };
    }

    private static JsonObject Parse(NatsFrame acknowledgement) => JsonNode.Parse(acknowledgement.Payload.Span)!.AsObject();
}
