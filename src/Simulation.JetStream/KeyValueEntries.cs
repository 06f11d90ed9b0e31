namespace Simulation.JetStream;

/// <summary>Reads an entry from the message that carries it.</summary>
internal static class KeyValueEntries
{
    public static KeyValueEntry Read(string bucket, StoredMessage message)
    {
        string key = message.Subject[KeyValueNames.PrefixLength(bucket)..];
        return new KeyValueEntry(key, message.Payload, message.Sequence, message.Time, Operation(message));
    }

    private static KeyValueOperation Operation(StoredMessage message)
    {
        ReadOnlySpan<byte> headers = message.Headers.Span;
        if (HeaderBlock.TryFind(headers, "KV-Operation"u8, out ReadOnlySpan<byte> operation))
        {
            if (operation.SequenceEqual("DEL"u8))
            {
                return KeyValueOperation.Delete;
            }

            if (operation.SequenceEqual("PURGE"u8))
            {
                return KeyValueOperation.Purge;
            }
        }

        // Servers from 2.11 on can leave a marker of their own where something expired or was removed.
        return !HeaderBlock.TryFind(headers, "Nats-Marker-Reason"u8, out ReadOnlySpan<byte> reason) ? KeyValueOperation.Put
            : reason.SequenceEqual("Remove"u8) ? KeyValueOperation.Delete
            : KeyValueOperation.Purge;
    }
}
