using Simulation.History.Snapshots;
using Simulation.History.Verdicts;

namespace Simulation.History;

/// <summary>
/// Takes away what is old of a history, while it is written: folds it into a <see cref="HistoryBase"/>, from which everybody who reads the
/// history then goes on. What the verdict may have to show is never taken: a base waits until every message in it is acknowledged and
/// processed, and in a run in which something is wrong everything stays from then on.
/// </summary>
/// <param name="store">With the logs. Nobody else compacts it.</param>
public sealed class Compaction(IHistoryStore store)
{
    private Work? _work;

    /// <summary>
    /// Goes on. To be called again and again: what one call finds old enough becomes the base in a later one, and segments that are in the
    /// base go in the one after that, so that nobody who has begun to read loses the ground.
    /// </summary>
    /// <param name="before">Records since then stay. Far enough back that nobody still writes there.</param>
    /// <exception cref="IOException">Something cannot be written; it may be tried again.</exception>
    /// <exception cref="InvalidDataException">The base is damaged.</exception>
    public void Advance(DateTimeOffset before)
    {
        Work work = _work ?? new Work(store);
        _work = null; // Unless it succeeds, all of it is read again, from the base that is there: in their order, and without what came of half an attempt.
        if (work.TryAdvance(before))
        {
            _work = work;
        }
    }

    /// <summary>What is known between two calls. No log is held open: there may be half an hour in between.</summary>
    private sealed class Work
    {
        private readonly IHistoryStore _store;
        private readonly SeriesFold _series;
        private readonly FoldArchive.Writer _seconds = new();
        private readonly SortedDictionary<string, ParticipantDigest> _digests = new(StringComparer.Ordinal);
        private SecondsFile _file;
        private HistoryBase? _base;
        private Candidate? _candidate;
        private FoldSnapshot? _folded;

        public Work(IHistoryStore store)
        {
            _store = store;
            _series = new SeriesFold(second => second.Exchange(_seconds));
            _base = HistoryBase.Read(store);
            if (_base is { } there)
            {
                _series.Exchange(new FoldArchive.Reader(there.Series));
                _file = there.Seconds;
                _digests = there.CopyDigests();
            }
        }

        /// <returns>False when somebody has written down what belongs before what was folded.</returns>
        public bool TryAdvance(DateTimeOffset before)
        {
            using LiveTail tail = _folded is null ? new LiveTail(_store) : LiveTail.From(_folded, _store);
            tail.Fold.Observer = new TwoObservers(_series, new DigestFold(_digests));
            tail.Advance(before);
            if (tail.Late > 0)
            {
                return false;
            }

            _folded = tail.Snapshot();
            _file.Append(_store, _seconds.Written);
            _seconds.Clear();
            if (!Findings.SoFar(tail.Fold).Any(finding => finding is { FailsRun: true, Count: > 0 }))
            {
                DeleteWhatIsInTheBase();
                MoveTheBase(tail.Fold);
            }

            return true;
        }

        private void MoveTheBase(Fold fold)
        {
            if (_candidate?.IsSettled(fold) == true)
            {
                _candidate.Base.Write(_store);
                _base = _candidate.Base;
                _candidate = null;
            }

            _candidate ??= new Candidate(HistoryBase.Of(_folded!, _series, _file, _digests), fold);
        }

        private void DeleteWhatIsInTheBase()
        {
            foreach (LogPosition position in _base?.Fold.Logs ?? [])
            {
                _store.DeleteBefore(position.Participant, position.Segment);
            }
        }
    }

    /// <summary>What is to become the base once nothing more can come of the messages in it.</summary>
    private sealed class Candidate
    {
        private readonly Dictionary<int, long> _highest;

        public Candidate(HistoryBase made, Fold fold)
        {
            Base = made;
            _highest = fold.Partitions().Where(entry => !entry.State.Intended.IsEmpty).ToDictionary(entry => entry.Partition, entry => entry.State.Intended.Max);
        }

        public HistoryBase Base { get; }

        public bool IsSettled(Fold fold) => fold.Partitions()
            .All(entry => !_highest.TryGetValue(entry.Partition, out long highest) || entry.State.Unsettled().CountBelow(highest + 1) == 0);
    }
}
