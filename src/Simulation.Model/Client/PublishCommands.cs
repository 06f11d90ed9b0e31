using System.Globalization;
using System.Text;
using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>Makes what reaches the server of what a participant publishes: expectations and identity become headers, as on the wire.</summary>
internal static class PublishCommands
{
    public static PublishCommand From(in PublishMessage message)
    {
        if (message.MessageId.ContainsAny((byte)'\r', (byte)'\n'))
        {
            throw new ArgumentException("A message id is one line.");
        }

        string? id = message.MessageId.IsEmpty ? null : Encoding.UTF8.GetString(message.MessageId);
        return new PublishCommand(
            Encoding.UTF8.GetString(message.Subject), message.Payload.ToArray(), Headers(message, id), id, message.Expectation);
    }

    private static byte[] Headers(in PublishMessage message, string? id)
    {
        if (id is null && message.Expectation is null)
        {
            return WithLineEnd(message.Headers);
        }

        var lines = new StringBuilder();
        Append(lines, "Nats-Msg-Id", id);
        if (message.Expectation is { } expectation)
        {
            Append(lines, "Nats-Expected-Stream", expectation.Stream);
            Append(lines, "Nats-Expected-Last-Sequence", expectation.LastSequence?.ToString(CultureInfo.InvariantCulture));
            Append(lines, "Nats-Expected-Last-Subject-Sequence", expectation.LastSubjectSequence?.ToString(CultureInfo.InvariantCulture));
            Append(lines, "Nats-Expected-Last-Msg-Id", expectation.LastMessageId);
        }

        return [.. Encoding.UTF8.GetBytes(lines.ToString()), .. WithLineEnd(message.Headers)];
    }

    private static void Append(StringBuilder lines, string name, string? value)
    {
        if (value is not null)
        {
            lines.Append(name).Append(": ").Append(value).Append("\r\n");
        }
    }

    private static byte[] WithLineEnd(ReadOnlySpan<byte> headers) =>
        headers.IsEmpty || headers.EndsWith("\r\n"u8) ? headers.ToArray() : [.. headers, .. "\r\n"u8];
}
