using Simulation.History;
using Simulation.Host.Reports;

namespace Simulation.Host.Tests.Reports;

public sealed class SeriesColumnsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(599)]
    [InlineData(600)]
    [InlineData(43_200)]
    public void Add_ARunOfAnyLength_KeepsFewColumnsAndEveryMaximum(int seconds)
    {
        var columns = new SeriesColumns();
        long most = 0, all = 0;
        var store = new MemoryHistoryStore("run");
        using (HistoryWriter producer = store.Create("producer", ParticipantKind.Producer))
        {
            for (int second = 0; second < seconds; second++)
            {
                producer.Heartbeat(DateTimeOffset.UnixEpoch.AddSeconds(second));
                for (int sequence = 0; sequence < (second % 997 == 400 ? 9 : second % 3); sequence++)
                {
                    producer.Intent(DateTimeOffset.UnixEpoch.AddSeconds(second), new MessageId(second, sequence), 0, DateTimeOffset.UnixEpoch, 1, 128, 7);
                    producer.Acknowledged(DateTimeOffset.UnixEpoch.AddSeconds(second), new MessageId(second, sequence), (ulong)(second * 10) + (ulong)sequence + 1, duplicate: false);
                }
            }
        }

        var series = new SeriesFold(second =>
        {
            columns.Add(new SecondView(second, null, null));
            most = Math.Max(most, second.Sent);
            all += second.Sent;
        });
        using var tail = new LiveTail(store, series);
        tail.Finish();
        series.Close();

        Assert.InRange(columns.Columns.Count, 1, SeriesColumns.Most);
        Assert.Equal(seconds, columns.Columns.Sum(column => column.Seconds));
        Assert.Equal(all, columns.Columns.Sum(column => column.Sent));
        Assert.Equal(most, columns.Columns.Max(column => column.MostSent));
        Assert.Equal(all, columns.Columns.Sum(column => column.Publish.Count));
        Assert.All(columns.Columns.SkipLast(1), column => Assert.Equal(columns.WidthInSeconds, column.Seconds));
    }
}
