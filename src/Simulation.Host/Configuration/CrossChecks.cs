using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Simulation.Host.Configuration.Values;
using Simulation.Host.Thresholds;
using Simulation.Host.Virtual;
using Simulation.Kernel;
using Simulation.Nats.Embedded;

namespace Simulation.Host.Configuration;

/// <summary>What must hold between keys. Each names the keys that it reads: the first given one is where the problem is shown.</summary>
internal sealed record CrossCheck(ImmutableArray<string> Keys, Func<SimulationConfig, string?> Violation)
{
    /// <returns>Null when it holds.</returns>
    public Problem? Problem(SimulationConfig config, IReadOnlyDictionary<string, Origin> origins)
    {
        if (Violation(config) is not { } message)
        {
            return null;
        }

        string key = Keys.FirstOrDefault(origins.ContainsKey) ?? Keys[0];
        return new Problem(origins.GetValueOrDefault(key, Origin.Default), $"{key}: {message}");
    }
}

internal static partial class CrossChecks
{
    public static readonly ImmutableArray<CrossCheck> All =
    [
        new(["producers.partitions_per_producer", "producers.count", "partitions.count"], ProducersCoverPartitions),
        new(["producers.rate_variation.min_multiplier", "producers.rate_variation.max_multiplier"], config =>
            config.Producers.RateVariation is { } rate && rate.MinMultiplier > rate.MaxMultiplier
                ? $"min_multiplier {rate.MinMultiplier} is above max_multiplier {rate.MaxMultiplier}" : null),
        new(["workers.processing_delay.min", "workers.processing_delay.max"], config =>
            config.Workers.ProcessingDelay is { } delay && delay.Min > delay.Max
                ? $"min {Duration.Format(delay.Min)} is above max {Duration.Format(delay.Max)}" : null),
        new(["nats.jetstream.duplicate_window", "producers.publish_timeout"], config =>
            config.Nats.Jetstream.DuplicateWindow < 2 * config.Producers.PublishTimeout
                ? "does not cover a retry; give at least twice producers.publish_timeout" : null),
        new(["workers.consumers.max_deliver"], config => config.Workers.Consumers.MaxDeliver == 0
            ? "0 deliveries deliver nothing; give -1 for no limit, or at least 1" : null),
        new(["nats.prefix"], config => Name().IsMatch(config.Nats.Prefix)
            ? null : $"'{config.Nats.Prefix}' cannot begin a subject; use letters, digits, '_' and '-' only"),
        new(["nats.url"], UrlsAreUrls),
        new(["nats.version"], VersionIsVersion),
        new(["metrics.otlp.endpoint"], config => config.Metrics.Otlp.Endpoint is { } endpoint
            && (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
                ? $"'{endpoint}' is not a URL such as http://localhost:4318" : null),
        new(["nats.version", "simulation.world"], config =>
            config.Simulation.World == RunWorld.Virtual && VersionIsVersion(config) is null && ModelOptions.VersionFor(config.Nats.Version) is null
                ? $"no server {config.Nats.Version} is modelled; give one of {string.Join(", ", ModelOptions.Modelled)}, or use simulation run --world real" : null),
        new(["nats.cluster.size"], config => config.Nats.Cluster.Size is 2 or 4
            ? $"{config.Nats.Cluster.Size} servers survive no more than {config.Nats.Cluster.Size - 1}; give 1, 3 or 5" : null),
        new(["simulation.world", "nats.mode"], config => config is { Simulation.World: RunWorld.Virtual, Nats.Mode: NatsMode.External }
            ? "the virtual world has modelled servers of its own and cannot use somebody else's; give --set nats.mode=embedded, or use it with simulation run --world real" : null),
        new(["workers.isolation", "producers.isolation"], config => config.Simulation.World == RunWorld.Virtual
            && (config.Workers.Isolation == Isolation.Process || config.Producers.Isolation == Isolation.Process)
                ? "there are no processes in the virtual world; give --set workers.isolation=actor and --set producers.isolation=actor, or use simulation run --world real" : null),
        new(["nats.jetstream.replicas", "nats.cluster.size", "nats.mode"], config =>
            config.Nats is { Mode: NatsMode.Embedded } nats && nats.Jetstream.Replicas > nats.Cluster.Size
                ? $"{nats.Jetstream.Replicas} replicas need as many servers, and nats.cluster.size is {nats.Cluster.Size}" : null),
        new(["nats.user", "nats.password"], config => (config.Nats.User is null) != (config.Nats.Password is null)
            ? "user and password are given together or not at all" : null),
        new(["nats.user", "nats.token", "nats.nkey_seed", "nats.creds"], config =>
            new[] { config.Nats.User, config.Nats.Token, config.Nats.NkeySeed, config.Nats.Creds }.Count(given => given is not null) > 1
                ? "more than one way to log in; give one of user, token, nkey_seed, creds" : null),
        new(["nats.tls.cert", "nats.tls.key"], config => (config.Nats.Tls.Cert is null) != (config.Nats.Tls.Key is null)
            ? "certificate and key are given together or not at all" : null),
        FileExists("nats.server_path", config => config.Nats.ServerPath),
        FileExists("nats.creds", config => config.Nats.Creds),
        FileExists("nats.tls.ca", config => config.Nats.Tls.Ca),
        FileExists("nats.tls.cert", config => config.Nats.Tls.Cert),
        FileExists("nats.tls.key", config => config.Nats.Tls.Key),
        new(["chaos.max_workers", "chaos.min_workers", "workers.count"], config =>
            config.Chaos is { Enabled: true } chaos && (chaos.MinWorkers > config.Workers.Count || config.MaxWorkers < config.Workers.Count)
                ? chaos.MinWorkers > config.MaxWorkers ? $"at least {chaos.MinWorkers} and at most {config.MaxWorkers} workers cannot be"
                : $"{config.Workers.Count} workers are not between {chaos.MinWorkers} and {config.MaxWorkers}" : null),
        new(["chaos.max_partitions", "chaos.min_partitions", "partitions.count"], config =>
            config.Chaos is { Enabled: true } chaos && (chaos.MinPartitions > config.Partitions.Count || config.MaxPartitions < config.Partitions.Count)
                ? chaos.MinPartitions > config.MaxPartitions ? $"at least {chaos.MinPartitions} and at most {config.MaxPartitions} partitions cannot be"
                : $"{config.Partitions.Count} partitions are not between {chaos.MinPartitions} and {config.MaxPartitions}" : null),
        new(["chaos.warmup", "chaos.quiet_before_end", "simulation.duration", "chaos.events"], config =>
            config.Chaos is { Enabled: true, Events.IsEmpty: false } chaos && chaos.Warmup + chaos.QuietBeforeEnd >= config.Simulation.Duration
                ? $"chaos.warmup of {Duration.Format(chaos.Warmup)} and chaos.quiet_before_end of {Duration.Format(chaos.QuietBeforeEnd)} leave no time for chaos "
                    + $"in {Duration.Format(config.Simulation.Duration)}; give shorter ones, or a longer simulation.duration" : null),
        new(["chaos.scheduled", "simulation.duration"], config =>
            config.Chaos.Scheduled.FirstOrDefault(planned => planned.At >= config.Simulation.Duration) is { } late
                ? $"'{late.Fault.Name}' at {Duration.Format(late.At)} is after the end, which is at {Duration.Format(config.Simulation.Duration)}" : null),
        new(["history.keep", "checkpointing.enabled"], config => config is { History.Keep: not null, Checkpointing.Enabled: false }
            ? "nothing is removed before a checkpoint, and there are none; give checkpointing.enabled, or leave history.keep out" : null),
        new(["thresholds", "simulation.world"], config =>
            config.Simulation.World == RunWorld.Virtual && config.Thresholds.FirstOrDefault(threshold => threshold.Measured.IsOfTheProcess) is { } ofTheProcess
                ? $"{ofTheProcess.Metric} is of the process, whose time is not the virtual world's; leave it out, or use simulation run --world real" : null),
        new(["thresholds", "chaos.enabled"], config =>
            !config.Chaos.Enabled && config.Thresholds.FirstOrDefault(threshold => threshold.Measured.IsOfFaults || threshold.Scope is ThresholdScope.DuringFault or ThresholdScope.Recovery) is { } ofFaults
                ? $"{ofFaults} looks at faults, and chaos is off; it could only be missed" : null),
        new(["chaos.events", "chaos.enabled", "chaos.scheduled"], config =>
            config.Chaos is { Enabled: true, Events.IsEmpty: true, Scheduled.IsEmpty: true }
                ? "chaos is on and nothing may break; give chaos.events or chaos.scheduled" : null),
    ];

    private static string? ProducersCoverPartitions(SimulationConfig config)
    {
        long covered = (long)config.Producers.Count * config.PartitionsPerProducer;
        return covered < config.Partitions.Count
            ? $"{config.Producers.Count} producers with {config.PartitionsPerProducer} partitions each cover {covered} of {config.Partitions.Count} partitions; "
                + "leave partitions_per_producer out, or raise it or the number of producers"
            : null;
    }

    private static string? UrlsAreUrls(SimulationConfig config)
    {
        foreach (string url in config.Nats.Url.Split(','))
        {
            if (url.Contains(Masking.Mask, StringComparison.Ordinal))
            {
                return "the credentials were masked when this was written; give the whole URL with SIMULATION_NATS__URL";
            }

            string withScheme = url.Contains("://", StringComparison.Ordinal) ? url.Trim() : $"nats://{url.Trim()}";
            if (!Uri.TryCreate(withScheme, UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("nats" or "tls") || parsed.Host.Length == 0)
            {
                return $"'{Masking.Urls(url)}' is not a NATS URL such as nats://localhost:4222";
            }
        }

        return null;
    }

    private static string? VersionIsVersion(SimulationConfig config)
    {
        try
        {
            RequestedVersion.Parse(config.Nats.Version ?? RequestedVersion.Any.Text);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    private static CrossCheck FileExists(string key, Func<SimulationConfig, string?> path) =>
        new([key], config => path(config) is { } file && !File.Exists(file) ? $"no such file: {file}" : null);

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Name();
}
