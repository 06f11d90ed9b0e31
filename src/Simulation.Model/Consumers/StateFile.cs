namespace Simulation.Model;

/// <summary>
/// The file of a consumer's state, which lags behind. Nothing is written at the time: before the next change, what would have been written
/// by then is kept.
/// </summary>
internal sealed class StateFile(TimeSpan delay, DeliveryState initial)
{
    private readonly DeliveryState _written = initial.CopyTo(new DeliveryState());
    private DateTimeOffset? _changedAt;

    /// <summary>To be called before each change.</summary>
    public void Changing(DeliveryState state, DateTimeOffset now)
    {
        if (_changedAt is { } changedAt && now - changedAt >= delay)
        {
            state.CopyTo(_written);
            _changedAt = now;
        }

        _changedAt ??= now;
    }

    public void Flush(DeliveryState state)
    {
        state.CopyTo(_written);
        _changedAt = null;
    }

    /// <returns>What a server finds that starts after a crash at that moment.</returns>
    public DeliveryState Recover(DeliveryState state, DateTimeOffset crashedAt)
    {
        if (_changedAt is not { } changedAt || crashedAt - changedAt >= delay)
        {
            state.CopyTo(_written);
        }

        _changedAt = null;
        return _written.CopyTo(new DeliveryState());
    }
}
