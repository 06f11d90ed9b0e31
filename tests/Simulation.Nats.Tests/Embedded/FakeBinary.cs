namespace Simulation.Nats.Tests.Embedded;

/// <summary>A script that answers <c>--version</c> as nats-server does.</summary>
internal static class FakeBinary
{
    public static async Task<string> WriteAsync(string folder, string version)
    {
        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, "nats-server");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\necho 'nats-server: v{version}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }
}
