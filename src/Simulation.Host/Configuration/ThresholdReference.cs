using System.Text;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Configuration;

/// <summary>Writes docs/thresholds.md from the catalogue.</summary>
internal static class ThresholdReference
{
    private const string Introduction =
        """
        # Thresholds

        <!-- Written by `simulation reference thresholds > docs/thresholds.md`; a test compares. -->

        What a run has to keep to, beside losing nothing. A threshold that is missed is named on the console and in `report.html`,
        `report.json`, `junit.xml` and `summary.md`, and the run ends with exit code 99 (where nothing worse is the case: see the README).

        ```yaml
        thresholds:
          - {metric: end_to_end_latency.p99, below: 100ms, scope: steady, after: 1m}
          - {metric: recovery.worker_crash.max, below: 60s}
          - {metric: lag.max, below: 10000, abort: true}
          - {metric: received.rate, above: 900/s, scope: during-fault}
          - {metric: memory.slope, below: 1MB/h}
        ```

        | field | default | meaning |
        |---|---|---|
        | `metric` | | One of those below. There are no others: an unknown one is an error before the run starts (exit 78). |
        | `below`, `above` | | The bound, in the metric's unit; one of the two. The value itself has to stay off the bound. |
        | `scope` | `all` | Which seconds count, see below. Recoveries have none. |
        | `after` | `0s` | So long after the first message nothing counts: no second, and no fault that begins before. |
        | `abort` | `false` | End the run as soon as the threshold is missed. It still drains and is judged. |

        A metric that saw no data (no such fault happened, the scope never came about, no sample was taken) is missed with that reason. It is
        never kept by default.

        ## Scopes

        | scope | seconds |
        |---|---|
        | `all` | from the first message to the end of the drain |
        | `steady` | messages are sent, nothing is broken, and the run is well again after everything that was |
        | `during-fault` | a fault was going on at some time of the second |
        | `recovery` | a fault is over, and it is not on record yet that publishing, ownership and backlog are as before; or messages are published that were due more than a second ago, because a producer was held up |

        A second counts as a whole, and belongs to one of the last three. What a message took counts in the second in which that was known:
        its acknowledgement, its first delivery.

        ## When a run is ended

        Each second the metric is judged by what there is so far. A percentile waits for as many messages as it needs to mean anything (100 for
        p99, 1000 for p99.9), an average for ten seconds, a share for a hundred, a slope for five minutes. Once missed it stays missed,
        whatever comes after; the same logs give the same answer. `abort` with `above` on something that only rises is an error: that it is too
        low yet says nothing.

        ## Metrics

        Latencies come from histograms: a percentile is never below the truth, and at most 1.6 % above it. Metrics of the process (memory, heap,
        threads, handles, cpu) are sampled each second in the real world; in the virtual world they are an error. A slope is that of the
        straight line that fits best.

        | metric | bound | what it is |
        |---|---|---|

        """;

    public static string Write()
    {
        var text = new StringBuilder(Introduction);
        foreach (ThresholdMetric metric in MetricCatalogue.All.Where(metric => metric.FaultKind is null))
        {
            string name = metric.IsOfFaults ? metric.Name.Replace($".{MetricCatalogue.AnyFault}.", ".KIND.", StringComparison.Ordinal) : metric.Name;
            text.Append($"| `{name}` | {metric.Unit.Expected} | {metric.Doc} |\n");
        }

        text.Append($"\n`KIND` is `{MetricCatalogue.AnyFault}` or one of the [faults](faults.md), for example `recovery.worker_crash.max`. A fault that was not seen to recover took for ever.\n");
        return text.ToString();
    }
}
