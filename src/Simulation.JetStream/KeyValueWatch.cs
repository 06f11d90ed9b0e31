using Simulation.Kernel;

namespace Simulation.JetStream;

/// <summary>
/// Two reads in a row: the last message of every key, which ends and therefore gives the mark even when there is none, and then
/// everything stored behind it.
/// </summary>
internal sealed class KeyValueWatch(IJetStreamConnection connection, string bucket, string filter) : IKeyValueWatch
{
    private readonly string _stream = KeyValueNames.Stream(bucket);
    private readonly string _subjects = KeyValueNames.Subject(bucket, filter);
    private IStreamReader? _reader;
    private bool _isFollowing;
    private bool _isStopped;

    /// <summary>Everything up to here was in the stream when the first read began, or has been given by it.</summary>
    private ulong _seen;

    public async ActorTask<KeyValueChange> NextAsync()
    {
        if (!_isFollowing && await NextExistingAsync() is { } change)
        {
            return change;
        }

        if (!_isStopped && await _reader!.NextAsync() is { } message && !_isStopped)
        {
            return new KeyValueChange(KeyValueEntries.Read(bucket, message));
        }

        return new KeyValueChange(null, Stopped: true);
    }

    public void Stop()
    {
        _isStopped = true;
        _reader?.Stop();
    }

    /// <returns>A live entry, or the mark; null when stopped.</returns>
    private async ActorTask<KeyValueChange?> NextExistingAsync()
    {
        if (_reader is null)
        {
            await BeginAsync();
        }

        while (!_isStopped && await _reader!.NextAsync() is { } message)
        {
            _seen = Math.Max(_seen, message.Sequence);
            KeyValueEntry entry = KeyValueEntries.Read(bucket, message);
            if (entry.Operation == KeyValueOperation.Put)
            {
                return new KeyValueChange(entry);
            }
        }

        if (_isStopped)
        {
            // Stopped while the read was being set up, perhaps: it does not know yet.
            _reader!.Stop();
            return null;
        }

        _isFollowing = true;
        _reader = connection.ReadStream(_stream, new StreamReadOptions
        {
            SubjectFilter = _subjects,
            From = DeliverPolicy.ByStartSequence,
            StartSequence = _seen + 1,
            Follow = true,
        });
        return new KeyValueChange(null);
    }

    private async ActorTask BeginAsync()
    {
        // Asked before the read begins: what is stored in between is given by one of the two reads, never by none.
        StreamInfo info = await connection.GetStreamAsync(_stream)
            ?? throw new JetStreamApiException($"watch {bucket}", 404, 10059, "stream not found");
        _seen = info.LastSequence;
        _reader = connection.ReadStream(_stream, new StreamReadOptions { SubjectFilter = _subjects, From = DeliverPolicy.LastPerSubject });
    }
}
