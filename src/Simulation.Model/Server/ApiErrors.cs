using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>The refusals of a server, with the codes that real ones give.</summary>
internal static class ApiErrors
{
    public static JetStreamApiException BadRequest(string operation) => new(operation, 400, 10003, "bad request");

    public static JetStreamApiException StreamNotFound(string operation) => new(operation, 404, 10059, "stream not found");

    public static JetStreamApiException StreamNameInUse(string operation) =>
        new(operation, 400, 10058, "stream name already in use with a different configuration");

    public static JetStreamApiException SubjectsOverlap(string operation) => new(operation, 400, 10065, "subjects overlap with an existing stream");

    public static JetStreamApiException InvalidStream(string operation, string problem) => new(operation, 500, 10052, problem);

    public static JetStreamApiException Unavailable(string operation) =>
        new(operation, 503, 10008, "JetStream system temporarily unavailable");

    public static JetStreamApiException NoPeers(string operation) =>
        new(operation, 400, 10005, "no suitable peers for placement, insufficient resources");

    public static JetStreamApiException NotClustered(string operation) =>
        new(operation, 500, 10074, "replicas > 1 not supported in non-clustered mode");

    public static JetStreamApiException DeleteDenied(string operation) => new(operation, 500, 10057, "message delete not permitted");

    public static JetStreamApiException DeleteFailed(string operation) => new(operation, 500, 10057, "no message found");

    public static JetStreamApiException ConsumerLimit(string operation) => new(operation, 400, 10026, "maximum consumers limit reached");

    public static JetStreamApiException ConsumerExists(string operation) => new(operation, 400, 10148, "consumer already exists");

    public static JetStreamApiException ConsumerDoesNotExist(string operation) => new(operation, 400, 10149, "consumer does not exist");

    public static JetStreamApiException InvalidConsumer(string operation, string problem) => new(operation, 400, 10012, problem);

    public static JetStreamApiException LastPerSubjectNeedsFilter(string operation) =>
        new(operation, 400, 10094, "consumer delivery policy is deliver last per subject, but FilterSubject is not set");

    public static JetStreamApiException FilterNotOfStream(string operation) =>
        new(operation, 400, 10093, "consumer filter subject is not a valid subset of the interest subjects");

    public static JetStreamApiException FiltersOverlap(string operation) =>
        new(operation, 400, 10138, "consumer subject filters cannot overlap");

    public static JetStreamApiException SeveralFilters(string operation, Version version) =>
        new(operation, 400, 0, $"server {version} ignores several filter subjects; they need 2.10");

    public static JetStreamApiException BackOffTooLong(string operation) =>
        new(operation, 400, 10116, "max deliver is required to be > length of backoff values");

    public static JetStreamApiException WorkQueueNeedsExplicit(string operation) =>
        new(operation, 400, 10098, "workqueue stream requires explicit ack");

    public static JetStreamApiException WorkQueueNotUnique(string operation, bool isFiltered) => isFiltered
        ? new(operation, 400, 10100, "filtered consumer not unique on workqueue stream")
        : new(operation, 400, 10099, "multiple non-filtered consumers not allowed on workqueue stream");

    public static JetStreamApiException WorkQueueNeedsAll(string operation) =>
        new(operation, 400, 10101, "consumer must be deliver all on workqueue stream");
}
