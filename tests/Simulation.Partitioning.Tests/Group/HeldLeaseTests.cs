namespace Simulation.Partitioning.Tests.Group;

public sealed class HeldLeaseTests
{
    private readonly HeldLease _lease = new(new GroupOptions { LeaseTtl = TimeSpan.FromSeconds(15) });

    [Fact]
    public void Succeeded_LateAnswer_TrustCountsFromTheStartOfTheAttempt()
    {
        _lease.Attempt(At(100));
        _lease.Succeeded(revision: 7);

        Assert.Equal((7UL, At(112), At(105)), (_lease.Revision, _lease.TrustedUntil, _lease.RenewAt));
    }

    [Fact]
    public void Found_LastAttempt_IsASuccessWhoseAnswerWasLost()
    {
        Hold(At(100));
        _lease.Attempt(At(105));
        _lease.Found(revision: 8, _lease.Beat);

        Assert.Equal((8UL, At(117)), (_lease.Revision, _lease.TrustedUntil));
    }

    [Fact]
    public void Found_EarlierAttempt_GivesTheRevisionButNoTrust()
    {
        Hold(At(100));
        _lease.Attempt(At(105));
        _lease.Found(revision: 8, _lease.Beat - 1);

        Assert.Equal((8UL, At(112), TimeSpan.Zero), (_lease.Revision, _lease.TrustedUntil, _lease.RenewAt));
        Assert.False(_lease.AttemptPending);
    }

    [Fact]
    public void Options_RenewedTooRarely_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new GroupOptions { RenewInterval = TimeSpan.FromSeconds(12) }.ThrowIfInconsistent());

    private void Hold(TimeSpan start)
    {
        _lease.Attempt(start);
        _lease.Succeeded(7);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
