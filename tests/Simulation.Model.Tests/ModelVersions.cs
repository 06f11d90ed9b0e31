namespace Simulation.Model.Tests;

internal static class ModelVersions
{
    public static readonly IReadOnlyList<Version> All = [ModelServerOptions.Version29, ModelServerOptions.Version210, ModelServerOptions.Version215];
}
