using System.Text;
using System.Text.Json;
using Simulation.JetStream;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>
/// Reads the answer to a publish. An error object is a rejection, whatever else the answer says (a full stream rejects with "seq": 0);
/// what cannot be read is unknown, never acknowledged.
/// </summary>
internal static class PublishAnswer
{
    private const int ShownBytes = 200;

    /// <param name="frame">The message that came to the publish's reply subject.</param>
    /// <param name="knownStream">The stream name seen last, so that it need not be built anew for every answer.</param>
    public static PublishOutcome Read(in MessageFrame frame, ref string knownStream)
    {
        if (StatusLine.TryParse(frame.HeaderBlock, out StatusLine status))
        {
            return PublishOutcome.Rejected(status.Code, status.Code == 503 ? "no stream listens on this subject" : status.Text);
        }

        try
        {
            return ReadJson(frame.Payload, ref knownStream) ?? Malformed(frame.Payload);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return Malformed(frame.Payload);
        }
    }

    private static PublishOutcome? ReadJson(ReadOnlySpan<byte> json, ref string knownStream)
    {
        var reader = new Utf8JsonReader(json);
        bool hasStream = false;
        bool duplicate = false;
        ulong sequence = 0;
        PublishOutcome? rejection = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                hasStream = reader.TokenType == JsonTokenType.String;
                if (hasStream && !reader.ValueTextEquals(knownStream))
                {
                    knownStream = reader.GetString() ?? "";
                }
            }
            else if (reader.ValueTextEquals("seq"u8))
            {
                reader.Read();
                sequence = reader.GetUInt64();
            }
            else if (reader.ValueTextEquals("duplicate"u8))
            {
                reader.Read();
                duplicate = reader.GetBoolean();
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                rejection = ReadError(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
        {
            return null;
        }

        return rejection ?? (hasStream && knownStream.Length > 0 && sequence > 0
            ? PublishOutcome.Acknowledged(knownStream, sequence, duplicate)
            : null);
    }

    private static PublishOutcome? ReadError(ref Utf8JsonReader reader)
    {
        using JsonDocument error = JsonDocument.ParseValue(ref reader);
        return error.RootElement.ValueKind == JsonValueKind.Null
            ? null
            : PublishOutcome.Rejected(ApiError.Read(error.RootElement).ErrorCode, ApiError.Read(error.RootElement).Description);
    }

    private static PublishOutcome Malformed(ReadOnlySpan<byte> payload) =>
        PublishOutcome.Unknown(UnknownReason.MalformedAnswer, Encoding.UTF8.GetString(payload[..Math.Min(ShownBytes, payload.Length)]));
}
