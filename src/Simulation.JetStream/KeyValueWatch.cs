using Simulation.Kernel;

namespace Simulation.JetStream;

/// <summary>One read that goes on: the last message of every key, the mark, and everything stored behind it.</summary>
internal sealed class KeyValueWatch(IJetStreamConnection connection, string bucket, string filter) : IKeyValueWatch
{
    private readonly IStreamReader _reader = connection.ReadStream(KeyValueNames.Stream(bucket), new StreamReadOptions
    {
        SubjectFilter = KeyValueNames.Subject(bucket, filter),
        From = DeliverPolicy.LastPerSubject,
        Follow = true,
        MarksEnd = true,
    });

    private bool _isStopped;

    public async ActorTask<KeyValueChange> NextAsync()
    {
        while (!_isStopped)
        {
            StoredMessage? message = await _reader.NextAsync();
            if (_isStopped)
            {
                break;
            }

            if (message is null)
            {
                return new KeyValueChange(null);
            }

            // A key that was deleted before the watch began is not there; one that is deleted later may have been given.
            KeyValueEntry entry = KeyValueEntries.Read(bucket, message);
            if (entry.Operation == KeyValueOperation.Put || message.Sequence > _reader.End)
            {
                return new KeyValueChange(entry);
            }
        }

        return new KeyValueChange(null, Stopped: true);
    }

    public void Stop()
    {
        _isStopped = true;
        _reader.Stop();
    }
}
