namespace Simulation.Model;

/// <summary>A lone server: a cluster of one.</summary>
public sealed class ModelServer(ModelServerOptions options) : ModelCluster(options, servers: 1);
