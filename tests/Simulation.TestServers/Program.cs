using Simulation.Nats.Embedded;

// Starts a server and holds it until the end of standard input: `dotnet Simulation.TestServers.dll 2.10 /tmp/somewhere`.
// Tests kill this process to see that its server goes, too; people use it to have a server at hand.
if (args is not [var version, var folder, .. var faults])
{
    Console.Error.WriteLine("usage: Simulation.TestServers <any | 2.10 | 2.10.27> <folder> [suspended | disk]");
    return 64;
}

var progress = new Progress<string>(Console.Error.WriteLine);
NatsServerBinary binary = await new NatsServerLocator().LocateAsync(RequestedVersion.Parse(version), progress);
await using QuotaDisk? disk = faults.Contains("disk") ? await QuotaDisk.MountAsync(Path.Combine(folder, "store"), 100 << 20) : null;
await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(new EmbeddedNatsServerOptions { Binary = binary, Folder = folder });
if (faults.Contains("suspended"))
{
    await server.SuspendAsync();
}

disk?.Fill();
Console.WriteLine($"{server.Url} {server.ProcessId}");
await Console.In.ReadToEndAsync();
return 0;
